package city.canopy.core.gateways;

import city.canopy.core.access.ServerKey;
import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What gateways are told, in PostgreSQL: out of which rows it is made, and the newest of it, sealed. */
final class PgConfigurations {
    private final ServerKey key;

    PgConfigurations(ServerKey key) {
        this.key = key;
    }

    /**
     * How a gateway's configuration stands.
     *
     * @param digest of what the newest says; null before the first
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Standing(String digestKeyHex, long version, byte[] digest) {}

    static List<DeviceId> gateways(Connection c) throws SQLException {
        List<DeviceId> ids = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("select id from gateway order by id");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                ids.add(new DeviceId(r.getString(1)));
            }
        }
        return ids;
    }

    /** Locks the gateway's row; empty when it is gone. */
    Optional<Standing> standing(Connection c, DeviceId gateway) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "select digest_key, config_version, config_digest from gateway where id = ? for update")) {
            s.setString(1, gateway.value());
            try (ResultSet r = s.executeQuery()) {
                return r.next()
                        ? Optional.of(new Standing(
                                HexFormat.of().formatHex(key.open(r.getBytes("digest_key"))),
                                r.getLong("config_version"),
                                r.getBytes("config_digest")))
                        : Optional.empty();
            }
        }
    }

    /** The devices behind a gateway with what it may know of their credentials, in order of their ids. */
    List<EdgeDevice> devices(Connection c, DeviceId gateway, CredentialDigest digest) throws SQLException {
        Map<String, String> profiles = new LinkedHashMap<>();
        Map<String, List<Credential>> credentials = new LinkedHashMap<>();
        try (PreparedStatement s = c.prepareStatement("select d.id, d.profile, k.kind, k.username, k.fingerprint,"
                + " k.sealed from device d left join device_credential k on k.device = d.id and k.revoked_at is null"
                + " where d.gateway = ? and not d.disabled order by d.id collate \"C\", k.id")) {
            s.setString(1, gateway.value());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    String id = r.getString("id");
                    profiles.put(id, r.getString("profile"));
                    List<Credential> known = credentials.computeIfAbsent(id, device -> new ArrayList<>());
                    if (r.getString("kind") != null) {
                        credential(r, digest).ifPresent(known::add);
                    }
                }
            }
        }
        List<EdgeDevice> devices = new ArrayList<>(profiles.size());
        profiles.forEach((id, profile) -> devices.add(new EdgeDevice(new DeviceId(id), profile, credentials.get(id))));
        return devices;
    }

    /** Empty for one that was issued while the device was not behind a gateway: what it takes was not kept. */
    private Optional<Credential> credential(ResultSet r, CredentialDigest digest) throws SQLException {
        String kind = r.getString("kind");
        if (kind.equals("x509")) {
            return Optional.of(new Credential.X509(HexFormat.of().formatHex(r.getBytes("fingerprint"))));
        }
        byte[] sealed = r.getBytes("sealed");
        if (sealed == null) {
            return Optional.empty();
        }
        String secret = new String(key.open(sealed), StandardCharsets.UTF_8);
        String username = r.getString("username");
        return Optional.of(
                switch (kind) {
                    case "psk" -> new Credential.Psk(username, secret);
                    case "token" -> new Credential.Token(digest.of(secret));
                    case "password" -> new Credential.Password(username, digest.of(username, secret));
                    default -> throw new SQLException("a credential of an unknown kind: " + kind);
                });
    }

    void write(Connection c, DeviceId gateway, Standing standing, byte[] signed, Instant now) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update gateway set config_version = ?, config_digest = ?,"
                + " config = ?, config_at = ? where id = ?")) {
            s.setLong(1, standing.version());
            s.setBytes(2, standing.digest());
            s.setBytes(3, key.seal(signed));
            s.setObject(4, PgGateways.utc(now));
            s.setString(5, gateway.value());
            s.executeUpdate();
        }
    }

    /** The signed configuration as it is sent. */
    Optional<byte[]> find(Connection c, DeviceId gateway) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("select config from gateway where id = ? and config is not null")) {
            s.setString(1, gateway.value());
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(key.open(r.getBytes(1))) : Optional.empty();
            }
        }
    }
}
