package city.canopy.core.registry;

import city.canopy.core.access.DeviceCredential;
import city.canopy.core.access.Digest;
import city.canopy.core.access.Principal;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
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

/** Devices, their bindings and their credentials in PostgreSQL. Every call is part of the caller's transaction. */
final class PgDevices {
    private static final String BOUND_NOW = " and exists (select from device_binding b where b.device = d.id"
            + " and b.valid_from = (select max(x.valid_from) from device_binding x where x.device = d.id) and ";

    private static final String NEEDS_CREDENTIAL = "(gateway is not null and exists (select from device_credential k"
            + " where k.device = d.id and k.revoked_at is null and k.kind in ('token', 'password')"
            + " and k.sealed is null)) as needs_credential";

    private PgDevices() {}

    /** Every device that is not disabled, with its bindings, the newest first. */
    static List<Device> enabled(Connection c) throws SQLException {
        return rows(c, "where not d.disabled", List.of()).stream()
                .map(DeviceRow::device)
                .toList();
    }

    /** Devices after an id, in order of their ids. */
    static List<DeviceRow> page(Connection c, DeviceFilter filter, String after, int limit) throws SQLException {
        StringBuilder where = new StringBuilder("where d.id > ?");
        List<String> values = new ArrayList<>(List.of(after));
        filter.profile().ifPresent(profile -> {
            where.append(" and d.profile = ?");
            values.add(profile);
        });
        filter.layer().ifPresent(layer -> {
            where.append(BOUND_NOW).append("b.layer = ?)");
            values.add(layer);
        });
        filter.feature().ifPresent(feature -> {
            where.append(BOUND_NOW).append("b.feature_id = ?)");
            values.add(feature);
        });
        filter.text().ifPresent(text -> {
            where.append(" and (strpos(lower(d.id), lower(?)) > 0 or strpos(lower(d.name), lower(?)) > 0)");
            values.add(text);
            values.add(text);
        });
        return rows(c, where.append(" order by d.id limit ").append(limit).toString(), values);
    }

    static Optional<DeviceRow> find(Connection c, DeviceId id) throws SQLException {
        return rows(c, "where d.id = ?", List.of(id.value())).stream().findFirst();
    }

    private static List<DeviceRow> rows(Connection c, String where, List<String> values) throws SQLException {
        Map<String, List<Device.Since>> bindings = new HashMap<>();
        String chosen = "select d.id from device d " + where;
        try (PreparedStatement s = c.prepareStatement("select device, valid_from, kind, layer, feature_id, lon, lat"
                + " from device_binding where device in (" + chosen + ") order by device, valid_from desc")) {
            bind(s, values);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    bindings.computeIfAbsent(r.getString("device"), d -> new ArrayList<>())
                            .add(new Device.Since(instant(r, "valid_from"), binding(r)));
                }
            }
        }
        List<DeviceRow> rows = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("select d.id, profile, name, gateway, enrolled_at, disabled,"
                + " online, online_at, attributes::text as attributes, " + NEEDS_CREDENTIAL + " from device d "
                + where)) {
            bind(s, values);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(row(r, bindings));
                }
            }
        }
        return rows;
    }

    private static void bind(PreparedStatement s, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            s.setString(i + 1, values.get(i));
        }
    }

    private static DeviceRow row(ResultSet r, Map<String, List<Device.Since>> bindings) throws SQLException {
        String id = r.getString("id");
        Instant enrolled = instant(r, "enrolled_at");
        String gateway = r.getString("gateway");
        Device device = new Device(
                new DeviceId(id),
                r.getString("profile"),
                bindings.getOrDefault(id, List.of(new Device.Since(enrolled, new Binding.Unplaced()))),
                gateway == null ? null : new DeviceId(gateway),
                enrolled);
        return new DeviceRow(
                device,
                Optional.ofNullable(r.getString("name")),
                r.getBoolean("disabled"),
                Optional.ofNullable((Boolean) r.getObject("online")),
                Optional.ofNullable(r.getObject("online_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                r.getString("attributes"),
                r.getBoolean("needs_credential"));
    }

    private static Binding binding(ResultSet r) throws SQLException {
        return switch (r.getString("kind")) {
            case "feature" -> new Binding.ToFeature(r.getString("layer"), r.getString("feature_id"));
            case "position" -> new Binding.At(new Position(r.getDouble("lon"), r.getDouble("lat")));
            case "moving" -> new Binding.Moving();
            default -> new Binding.Unplaced();
        };
    }

    static void insert(Connection c, Enrolment wish, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "insert into device (id, profile, name, gateway, enrolled_at) values (?, ?, ?, ?, ?)")) {
            s.setString(1, wish.id().value());
            s.setString(2, wish.profile());
            s.setString(3, wish.name().orElse(null));
            s.setString(4, wish.gateway().map(DeviceId::value).orElse(null));
            s.setObject(5, utc(now));
            s.executeUpdate();
        }
        insertBinding(c, wish.id(), wish.binding(), now);
    }

    static void insertBinding(Connection c, DeviceId device, Binding binding, Instant from) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("insert into device_binding (device, valid_from, kind, layer, feature_id, lon, lat)"
                        + " values (?, ?, ?, ?, ?, ?, ?) on conflict (device, valid_from) do update set"
                        + " kind = excluded.kind, layer = excluded.layer, feature_id = excluded.feature_id,"
                        + " lon = excluded.lon, lat = excluded.lat")) {
            s.setString(1, device.value());
            s.setObject(2, utc(from));
            s.setString(3, "none");
            s.setString(4, null);
            s.setString(5, null);
            s.setObject(6, null, java.sql.Types.DOUBLE);
            s.setObject(7, null, java.sql.Types.DOUBLE);
            if (binding instanceof Binding.ToFeature feature) {
                s.setString(3, "feature");
                s.setString(4, feature.layer());
                s.setString(5, feature.featureId());
            } else if (binding instanceof Binding.At at) {
                s.setString(3, "position");
                s.setDouble(6, at.position().lon());
                s.setDouble(7, at.position().lat());
            } else if (binding instanceof Binding.Moving) {
                s.setString(3, "moving");
            }
            s.executeUpdate();
        }
    }

    static void update(Connection c, DeviceId id, Optional<String> name, boolean disabled) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update device set name = ?, disabled = ? where id = ?")) {
            s.setString(1, name.orElse(null));
            s.setBoolean(2, disabled);
            s.setString(3, id.value());
            s.executeUpdate();
        }
    }

    static boolean hasReadings(Connection c, DeviceId id) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select exists (select from datastream where device = ?)")) {
            s.setString(1, id.value());
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getBoolean(1);
            }
        }
    }

    static void delete(Connection c, DeviceId id) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("delete from device where id = ?")) {
            s.setString(1, id.value());
            s.executeUpdate();
        }
    }

    /**
     * A credential as it is stored; what a kind does not have is null.
     *
     * @param sealed what the device's gateway must know of it, encrypted
     */
    @SuppressWarnings("ArrayRecordComponent")
    record NewRow(String id, String kind, String username, byte[] secret, byte[] fingerprint, byte[] sealed) {}

    static void insertCredential(Connection c, DeviceId device, NewRow row) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into device_credential"
                + " (id, device, kind, username, secret_hash, fingerprint, sealed) values (?, ?, ?, ?, ?, ?, ?)")) {
            s.setString(1, row.id());
            s.setString(2, device.value());
            s.setString(3, row.kind());
            s.setString(4, row.username());
            s.setBytes(5, row.secret());
            s.setBytes(6, row.fingerprint());
            s.setBytes(7, row.sealed());
            s.executeUpdate();
        }
    }

    static void move(Connection c, DeviceId device, Optional<DeviceId> gateway) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update device set gateway = ? where id = ?")) {
            s.setString(1, gateway.map(DeviceId::value).orElse(null));
            s.setString(2, device.value());
            s.executeUpdate();
        }
    }

    /** The ids of all gateways, each with how many devices are behind it. */
    static Map<DeviceId, Integer> gateways(Connection c) throws SQLException {
        Map<DeviceId, Integer> gateways = new HashMap<>();
        try (PreparedStatement s = c.prepareStatement("select g.id, (select count(*) from device d"
                        + " where d.gateway = g.id) as devices from gateway g");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                gateways.put(new DeviceId(r.getString("id")), r.getInt("devices"));
            }
        }
        return gateways;
    }

    static void revokeCredentials(Connection c, DeviceId device, String but, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update device_credential set revoked_at = ?"
                + " where device = ? and id <> ? and revoked_at is null")) {
            s.setObject(1, utc(now));
            s.setString(2, device.value());
            s.setString(3, but);
            s.executeUpdate();
        }
    }

    /** All credentials that are valid at this service's doors, of devices and gateways that are not disabled. */
    static List<DeviceCredential> credentials(Connection c) throws SQLException {
        List<DeviceCredential> all = new ArrayList<>();
        // Pre-shared keys are for the gateways' doors only.
        try (PreparedStatement s = c.prepareStatement("select k.id, k.device, k.kind, k.username, k.secret_hash,"
                        + " k.fingerprint from device_credential k join device d on d.id = k.device"
                        + " where k.revoked_at is null and not d.disabled and k.kind <> 'psk'");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                all.add(credential(r));
            }
        }
        try (PreparedStatement s = c.prepareStatement("select k.gateway, k.fingerprint from gateway_certificate k"
                        + " join device d on d.id = k.gateway where k.revoked_at is null and not d.disabled");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                String gateway = r.getString("gateway");
                all.add(new DeviceCredential.Certificate(
                        gateway, new Principal.OfGateway(gateway), new Digest(r.getBytes("fingerprint"))));
            }
        }
        return all;
    }

    private static DeviceCredential credential(ResultSet r) throws SQLException {
        String id = r.getString("id");
        Principal device = new Principal.OfDevice(new DeviceId(r.getString("device")));
        return switch (r.getString("kind")) {
            case "token" -> new DeviceCredential.Token(id, device, new Digest(r.getBytes("secret_hash")));
            case "password" ->
                new DeviceCredential.Password(
                        id, device, r.getString("username"), new Digest(r.getBytes("secret_hash")));
            case "x509" -> new DeviceCredential.Certificate(id, device, new Digest(r.getBytes("fingerprint")));
            default -> throw new SQLException("a credential of an unknown kind: " + r.getString("kind"));
        };
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet r, String column) throws SQLException {
        return r.getObject(column, OffsetDateTime.class).toInstant();
    }
}
