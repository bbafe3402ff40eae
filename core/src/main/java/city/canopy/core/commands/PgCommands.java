package city.canopy.core.commands;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Commands in PostgreSQL; each change leaves an event. Every call is part of the caller's transaction. */
final class PgCommands {
    static final String OPEN = "state in ('queued', 'sent', 'waiting')";

    private static final String CHOSEN = "select k.id, k.seq, k.device, k.name, k.parameters::text as parameters,"
            + " k.lwm2m::text as lwm2m, k.created_by, k.created_at, k.expires_at, k.state, k.detail,"
            + " k.value::text as value, k.sent_at, k.replied_at, k.then_state, k.then_detail, k.then_at from command k ";

    /** Any number of so many digits is one that the database knows. */
    private static final int MOST_DIGITS = 18;

    private static final ObjectMapper JSON = new ObjectMapper();

    private PgCommands() {}

    /** Locks the device's row, so that two at once do not both take the last place. */
    static int countOpen(Connection c, DeviceId device) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select id from device where id = ? for update")) {
            s.setString(1, device.value());
            s.executeQuery();
        }
        try (PreparedStatement s = c.prepareStatement("select count(*) from command where device = ? and " + OPEN)) {
            s.setString(1, device.value());
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getInt(1);
            }
        }
    }

    static void insert(Connection c, Command command, String by, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "insert into command (id, device, name, parameters, lwm2m,"
                        + " created_by, created_at, expires_at, state) values (?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, 'queued')")) {
            s.setString(1, command.id());
            s.setString(2, command.device().value());
            s.setString(3, command.name());
            s.setString(4, json(command.parameters()));
            s.setString(
                    5,
                    command.lwm2m().map(CommandJson::json).map(PgCommands::json).orElse(null));
            s.setString(6, by);
            s.setObject(7, utc(now));
            s.setObject(8, utc(command.expiresAt()));
            s.executeUpdate();
        }
        note(c, List.of(command.id()));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value could not be written as JSON", e);
        }
    }

    /** Leaves an event of each. */
    static void note(Connection c, Collection<String> ids) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into outbox (kind, key, payload)"
                + " select 'command.changed', k.device, jsonb_build_object('id', k.id, 'device', k.device,"
                + " 'command', k.name, 'state', k.state, 'detail', k.detail, 'value', k.value, 'followed', k.then_state)"
                + " from command k where k.id = any (?) order by k.seq")) {
            s.setArray(1, c.createArrayOf("text", ids.toArray()));
            s.executeUpdate();
        }
    }

    static Optional<IssuedCommand> find(Connection c, DeviceId device, String id) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(CHOSEN + "where k.device = ? and k.id = ?")) {
            s.setString(1, device.value());
            s.setString(2, id);
            return read(s).stream().findFirst();
        }
    }

    /** The newest first. */
    static List<IssuedCommand> page(Connection c, DeviceId device, long before, int limit) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement(CHOSEN + "where k.device = ? and k.seq < ? order by k.seq desc limit ?")) {
            s.setString(1, device.value());
            s.setLong(2, before);
            s.setInt(3, limit);
            return read(s);
        }
    }

    /** The oldest open ones for a device, which is also how a gateway may ask for those of one device. */
    static List<IssuedCommand> openOf(Connection c, DeviceId device, Instant now, int limit) throws SQLException {
        return open(c, "k.device = ?", device, now, limit);
    }

    /** The oldest open ones for all devices behind a gateway. */
    static List<IssuedCommand> openBehind(Connection c, DeviceId gateway, Instant now, int limit) throws SQLException {
        return open(c, "k.device in (select id from device where gateway = ?)", gateway, now, limit);
    }

    private static List<IssuedCommand> open(Connection c, String whose, DeviceId id, Instant now, int limit)
            throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                CHOSEN + "where " + whose + " and k." + OPEN + " and k.expires_at > ? order by k.seq limit ?")) {
            s.setString(1, id.value());
            s.setObject(2, utc(now));
            s.setInt(3, limit);
            return read(s);
        }
    }

    /** The oldest that nobody has taken yet. */
    static List<IssuedCommand> queued(Connection c, Instant now, int limit) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement(CHOSEN + "where k.state = 'queued' and k.expires_at > ? order by k.seq limit ?")) {
            s.setObject(1, utc(now));
            s.setInt(2, limit);
            return read(s);
        }
    }

    static void sent(Connection c, Collection<String> ids, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update command set state = 'sent', sent_at = ?"
                + " where id = any (?) and state = 'queued' returning id")) {
            s.setObject(1, utc(now));
            s.setArray(2, c.createArrayOf("text", ids.toArray()));
            note(c, ids(s));
        }
    }

    /** @return whether it was there to be taken back */
    static boolean cancel(Connection c, DeviceId device, String id) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update command set state = 'cancelled'"
                + " where device = ? and id = ? and state = 'queued' returning id")) {
            s.setString(1, device.value());
            s.setString(2, id);
            List<String> cancelled = ids(s);
            note(c, cancelled);
            return !cancelled.isEmpty();
        }
    }

    /** @return how many are over */
    static int expire(Connection c, Instant now, int limit) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update command set state = 'expired' where id in"
                + " (select id from command where " + OPEN + " and expires_at <= ? order by expires_at limit ?"
                + " for update skip locked) returning id")) {
            s.setObject(1, utc(now));
            s.setInt(2, limit);
            List<String> expired = ids(s);
            note(c, expired);
            return expired.size();
        }
    }

    static int dropBefore(Connection c, Instant before, int limit) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("delete from command where id in (select id from command"
                + " where not (" + OPEN + ") and created_at < ? order by created_at limit ?)")) {
            s.setObject(1, utc(before));
            s.setInt(2, limit);
            return s.executeUpdate();
        }
    }

    /** The id of the command whose number this is; empty where it is no number, or not of a command of this device. */
    static Optional<String> idOf(Connection c, DeviceId device, String number) throws SQLException {
        if (number.length() > MOST_DIGITS || !number.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.empty();
        }
        try (PreparedStatement s = c.prepareStatement("select id from command where device = ? and seq = ?")) {
            s.setString(1, device.value());
            s.setLong(2, Long.parseLong(number));
            return ids(s).stream().findFirst();
        }
    }

    /** Locks it; empty when the device was never given it. */
    static Optional<CommandState> lock(Connection c, DeviceId device, String id) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("select state from command where device = ? and id = ? for update")) {
            s.setString(1, device.value());
            s.setString(2, id);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(CommandState.of(r.getString(1))) : Optional.empty();
            }
        }
    }

    static void replied(Connection c, CommandReply reply, Instant receivedAt) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update command set state = ?, detail = ?, value = ?::jsonb,"
                + " replied_at = ?, sent_at = coalesce(sent_at, ?) where id = ?")) {
            s.setString(1, reply.state().name().toLowerCase(Locale.ROOT));
            s.setString(2, reply.detail());
            s.setString(3, reply.value() == null ? null : json(reply.value()));
            s.setObject(4, utc(receivedAt));
            s.setObject(5, utc(receivedAt));
            s.setString(6, reply.command());
            s.executeUpdate();
        }
        note(c, List.of(reply.command()));
    }

    /** What is known of what follows a command, which is locked. */
    static Optional<Followed> followed(Connection c, String id) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("select then_state, then_detail, then_at from command where id = ?")) {
            s.setString(1, id);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? followed(r) : Optional.empty();
            }
        }
    }

    static void followed(Connection c, String id, Followed now) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("update command set then_state = ?, then_detail = ?, then_at = ? where id = ?")) {
            s.setString(1, now.state().wire());
            s.setString(2, now.detail());
            s.setObject(3, utc(now.at()));
            s.setString(4, id);
            s.executeUpdate();
        }
        note(c, List.of(id));
    }

    private static Optional<Followed> followed(ResultSet r) throws SQLException {
        String state = r.getString("then_state");
        return state == null
                ? Optional.empty()
                : Optional.of(new Followed(
                        Followed.State.of(state),
                        r.getString("then_detail"),
                        instant(r, "then_at").orElseThrow()));
    }

    private static List<String> ids(PreparedStatement s) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                ids.add(r.getString(1));
            }
        }
        return ids;
    }

    private static List<IssuedCommand> read(PreparedStatement s) throws SQLException {
        List<IssuedCommand> found = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                found.add(issued(r));
            }
        }
        return found;
    }

    private static IssuedCommand issued(ResultSet r) throws SQLException {
        try {
            Map<String, Object> parameters =
                    JSON.readValue(r.getString("parameters"), new TypeReference<Map<String, Object>>() {});
            Command command = new Command(
                    r.getString("id"),
                    new DeviceId(r.getString("device")),
                    r.getString("name"),
                    parameters,
                    lwm2m(r.getString("lwm2m")),
                    instant(r, "expires_at").orElseThrow(),
                    Optional.of(Long.toString(r.getLong("seq"))));
            return new IssuedCommand(
                    command,
                    r.getLong("seq"),
                    r.getString("created_by"),
                    instant(r, "created_at").orElseThrow(),
                    CommandState.of(r.getString("state")),
                    r.getString("detail"),
                    Optional.ofNullable(r.getString("value")),
                    new IssuedCommand.Times(instant(r, "sent_at"), instant(r, "replied_at")),
                    followed(r));
        } catch (JsonProcessingException e) {
            throw new SQLException("the command " + r.getString("id") + " cannot be read", e);
        }
    }

    private static Optional<LwM2m> lwm2m(String text) throws JsonProcessingException {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(CommandJson.lwm2m(JSON.readTree(text)));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Optional<Instant> instant(ResultSet r, String column) throws SQLException {
        return Optional.ofNullable(r.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
