package city.canopy.core.gateways;

import city.canopy.core.gateways.Gateway.Configured;
import city.canopy.core.gateways.Gateway.Enrolled;
import city.canopy.core.gateways.Gateway.Seen;
import city.canopy.core.gateways.Gateway.Store;
import city.canopy.devices.model.DeviceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gateways, their tokens and certificates in PostgreSQL. Every call is part of the caller's transaction. */
final class PgGateways {
    private static final String CHOSEN = "select g.id, d.name, d.enrolled_at, d.disabled, d.online,"
            + " (select max(k.not_after) from gateway_certificate k where k.gateway = g.id and k.revoked_at is null)"
            + " as certificate_ends,"
            + " (select max(t.expires_at) from gateway_token t where t.gateway = g.id and t.used_at is null"
            + " and t.expires_at > ?) as token_ends,"
            + " greatest(d.online_at, (select max(s.updated_at) from gateway_store s where s.gateway = g.id)) as heard,"
            + " g.config_version, g.config_at, d.attributes -> 'config_version' as acknowledged,"
            + " d.attributes -> 'waiting' as waiting,"
            + " (select count(*) from device b where b.gateway = g.id) as devices"
            + " from gateway g join device d on d.id = g.id ";

    private PgGateways() {}

    static void insert(Connection c, DeviceId id, byte[] digestKey) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into gateway (id, digest_key) values (?, ?)")) {
            s.setString(1, id.value());
            s.setBytes(2, digestKey);
            s.executeUpdate();
        }
    }

    static long count(Connection c) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select count(*) from gateway");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }

    /** Those after an id, in order of their ids. */
    static List<Gateway> page(Connection c, String after, int limit, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(CHOSEN + "where g.id > ? order by g.id limit ?")) {
            s.setObject(1, utc(now));
            s.setString(2, after);
            s.setInt(3, limit);
            return read(c, s);
        }
    }

    static Optional<Gateway> find(Connection c, DeviceId id, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(CHOSEN + "where g.id = ?")) {
            s.setObject(1, utc(now));
            s.setString(2, id.value());
            return read(c, s).stream().findFirst();
        }
    }

    private static List<Gateway> read(Connection c, PreparedStatement s) throws SQLException {
        List<Gateway> found = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                found.add(gateway(r));
            }
        }
        Map<String, List<Store>> stores =
                stores(c, found.stream().map(each -> each.id().value()).toArray(String[]::new));
        return found.stream()
                .map(each -> withStores(each, stores.getOrDefault(each.id().value(), List.of())))
                .toList();
    }

    private static Gateway gateway(ResultSet r) throws SQLException {
        return new Gateway(
                new DeviceId(r.getString("id")),
                Optional.ofNullable(r.getString("name")).orElse(r.getString("id")),
                instant(r, "enrolled_at").orElseThrow(),
                r.getBoolean("disabled"),
                new Enrolled(instant(r, "certificate_ends"), instant(r, "token_ends")),
                new Seen(
                        Optional.ofNullable((Boolean) r.getObject("online")),
                        instant(r, "heard"),
                        said(r, "waiting"),
                        List.of()),
                new Configured(r.getLong("config_version"), instant(r, "config_at"), said(r, "acknowledged")),
                r.getInt("devices"));
    }

    /** A number out of what it says of itself; empty for anything else. */
    private static Optional<Long> said(ResultSet r, String column) throws SQLException {
        return Optional.ofNullable(r.getString(column))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    private static Gateway withStores(Gateway it, List<Store> stores) {
        return new Gateway(
                it.id(),
                it.title(),
                it.createdAt(),
                it.disabled(),
                it.enrolled(),
                new Seen(it.seen().online(), it.seen().heardAt(), it.seen().waiting(), stores),
                it.configured(),
                it.devices());
    }

    private static Map<String, List<Store>> stores(Connection c, String[] gateways) throws SQLException {
        Map<String, List<Store>> stores = new HashMap<>();
        try (PreparedStatement s = c.prepareStatement("select gateway, store, seq, updated_at from gateway_store"
                + " where gateway = any (?) order by gateway, updated_at desc")) {
            s.setArray(1, c.createArrayOf("text", gateways));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    stores.computeIfAbsent(r.getString("gateway"), id -> new ArrayList<>())
                            .add(new Store(
                                    r.getString("store"),
                                    r.getLong("seq"),
                                    instant(r, "updated_at").orElseThrow()));
                }
            }
        }
        return stores;
    }

    /** The tokens that were not used are void. */
    static void replaceToken(Connection c, DeviceId gateway, byte[] hash, Instant expires) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("delete from gateway_token where gateway = ? and used_at is null")) {
            s.setString(1, gateway.value());
            s.executeUpdate();
        }
        try (PreparedStatement s =
                c.prepareStatement("insert into gateway_token (hash, gateway, expires_at) values (?, ?, ?)")) {
            s.setBytes(1, hash);
            s.setString(2, gateway.value());
            s.setObject(3, utc(expires));
            s.executeUpdate();
        }
    }

    /** Uses a token up; empty when there is none that could be, or when its gateway is disabled. */
    static Optional<DeviceId> useToken(Connection c, byte[] hash, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update gateway_token t set used_at = ? from device d"
                + " where t.hash = ? and t.used_at is null and t.expires_at > ? and d.id = t.gateway"
                + " and not d.disabled returning t.gateway")) {
            s.setObject(1, utc(now));
            s.setBytes(2, hash);
            s.setObject(3, utc(now));
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(new DeviceId(r.getString(1))) : Optional.empty();
            }
        }
    }

    /** Whose certificate that is, while it is valid and the gateway not disabled. */
    static Optional<DeviceId> byCertificate(Connection c, byte[] fingerprint, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select k.gateway from gateway_certificate k join device d"
                + " on d.id = k.gateway where k.fingerprint = ? and k.revoked_at is null and k.not_after > ?"
                + " and not d.disabled")) {
            s.setBytes(1, fingerprint);
            s.setObject(2, utc(now));
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(new DeviceId(r.getString(1))) : Optional.empty();
            }
        }
    }

    static void insertCertificate(Connection c, DeviceId gateway, byte[] fingerprint, Instant now, Instant notAfter)
            throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into gateway_certificate"
                + " (fingerprint, gateway, issued_at, not_after) values (?, ?, ?, ?)")) {
            s.setBytes(1, fingerprint);
            s.setString(2, gateway.value());
            s.setObject(3, utc(now));
            s.setObject(4, utc(notAfter));
            s.executeUpdate();
        }
    }

    /** @param but the one that stays valid, or null */
    static void revoke(Connection c, DeviceId gateway, byte[] but, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update gateway_certificate set revoked_at = ?"
                + " where gateway = ? and revoked_at is null and (?::bytea is null or fingerprint <> ?)")) {
            s.setObject(1, utc(now));
            s.setString(2, gateway.value());
            s.setBytes(3, but);
            s.setBytes(4, but);
            s.executeUpdate();
        }
    }

    /** Which gateways' newest certificates end before a moment. */
    static List<String> ending(Connection c, Instant before) throws SQLException {
        List<String> ending = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("select k.gateway from gateway_certificate k join device d"
                + " on d.id = k.gateway where k.revoked_at is null and not d.disabled group by k.gateway"
                + " having max(k.not_after) < ? order by k.gateway limit 20")) {
            s.setObject(1, utc(before));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    ending.add(r.getString(1));
                }
            }
        }
        return ending;
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Optional<Instant> instant(ResultSet r, String column) throws SQLException {
        return Optional.ofNullable(r.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
