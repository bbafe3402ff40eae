package city.canopy.core.ingest;

import city.canopy.core.db.Database;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The quarantine's table. Writing happens in the batch's own transaction. */
public final class PgQuarantine {
    private static final String INSERT = """
            insert into quarantine (device, door, topic, content_type, code, detail, received_at, last_received_at,
                                    digest, payload)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (device, code, digest) where replayed_at is null
            do update set times = quarantine.times + 1, last_received_at = excluded.last_received_at
            """;
    private static final String COLUMNS = "id, device, door, topic, content_type, code, detail, received_at,"
            + " last_received_at, times, payload, replayed_at, outcome";

    private static final int DROPPED_AT_ONCE = 10_000;

    private final Database database;

    public PgQuarantine(Database database) {
        this.database = database;
    }

    /** Adds these in the caller's transaction, in the order of their keys so that two partitions never cross. */
    void write(Connection connection, List<Refused> refused) throws SQLException {
        List<Refused> ordered = new ArrayList<>(refused);
        ordered.sort((a, b) -> {
            int byDevice =
                    a.message().uplink().device().compareTo(b.message().uplink().device());
            return byDevice != 0
                    ? byDevice
                    : a.refusal().code().compareTo(b.refusal().code());
        });
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Refused one : ordered) {
                Inbound message = one.message();
                OffsetDateTime received = message.uplink().receivedAt().atOffset(ZoneOffset.UTC);
                insert.setString(1, message.uplink().device().value());
                insert.setString(2, message.door().name());
                insert.setString(3, clean(message.topic()));
                insert.setString(4, clean(message.uplink().contentType()));
                insert.setString(5, one.refusal().code().wire());
                insert.setString(6, one.refusal().detail());
                insert.setObject(7, received);
                insert.setObject(8, received);
                insert.setBytes(9, sha256(message.uplink().payload()));
                insert.setBytes(10, message.uplink().payload());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Marks a row as taken, or notes why it was refused again; in the caller's transaction. */
    void replayed(Connection connection, long id, boolean taken, String outcome, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update quarantine set replayed_at = case when ? then ?::timestamptz end, outcome = ? where id = ?")) {
            update.setBoolean(1, taken);
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            update.setString(3, clean(outcome));
            update.setLong(4, id);
            update.executeUpdate();
        }
    }

    /** Drops what has not come again since that moment, {@value #DROPPED_AT_ONCE} rows at most. */
    int dropBefore(Instant moment) {
        return database.inTransaction(c -> {
            try (PreparedStatement delete = c.prepareStatement("delete from quarantine where id in (select id"
                    + " from quarantine where received_at < ? and last_received_at < ? order by received_at limit "
                    + DROPPED_AT_ONCE + ")")) {
                OffsetDateTime before = moment.atOffset(ZoneOffset.UTC);
                delete.setObject(1, before);
                delete.setObject(2, before);
                return delete.executeUpdate();
            }
        });
    }

    List<QuarantineRow> list(Optional<String> device, Optional<String> code, long before, int limit) {
        String sql = "select " + COLUMNS + " from quarantine where id < ?"
                + (device.isPresent() ? " and device = ?" : "") + (code.isPresent() ? " and code = ?" : "")
                + " order by id desc limit ?";
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                int at = 1;
                select.setLong(at++, before);
                if (device.isPresent()) {
                    select.setString(at++, device.get());
                }
                if (code.isPresent()) {
                    select.setString(at++, code.get());
                }
                select.setInt(at, limit);
                try (ResultSet rows = select.executeQuery()) {
                    List<QuarantineRow> list = new ArrayList<>();
                    while (rows.next()) {
                        list.add(row(rows));
                    }
                    return list;
                }
            }
        });
    }

    Optional<QuarantineRow> find(long id) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select " + COLUMNS + " from quarantine where id = ?")) {
                select.setLong(1, id);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(row(rows)) : Optional.empty();
                }
            }
        });
    }

    private static QuarantineRow row(ResultSet rows) throws SQLException {
        return new QuarantineRow(
                rows.getLong("id"),
                rows.getString("device"),
                rows.getString("door"),
                rows.getString("topic"),
                rows.getString("content_type"),
                rows.getString("code"),
                rows.getString("detail"),
                instant(rows, "received_at"),
                instant(rows, "last_received_at"),
                rows.getLong("times"),
                new QuarantineRow.Payload(rows.getBytes("payload")),
                Optional.ofNullable(instant(rows, "replayed_at")),
                Optional.ofNullable(rows.getString("outcome")));
    }

    private static Instant instant(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** PostgreSQL's text holds every character but this one. */
    private static String clean(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
