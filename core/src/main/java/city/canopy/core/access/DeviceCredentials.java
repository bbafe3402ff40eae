package city.canopy.core.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Proves devices and integrations, in memory. An immutable snapshot is swapped when a credential comes or goes.
 * {@link #find} takes a few microseconds, never blocks, and may be called by any thread, event loops above all.
 */
public final class DeviceCredentials {
    /** The longest user name, password or token that is looked at, in bytes of UTF-8. */
    public static final int MAX_SECRET_BYTES = 512;

    private static final Digest NOBODY = new Digest(new byte[32]);

    private final ServerKey key;
    private final Clock clock;
    private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), Map.of());

    public DeviceCredentials(ServerKey key, Clock clock) {
        this.key = Objects.requireNonNull(key, "key");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** From now on these are valid, and no other. */
    public void replace(Collection<DeviceCredential> all) {
        Map<Digest, Principal> tokens = new HashMap<>(all.size() * 2);
        Map<String, DeviceCredential.Password> passwords = new HashMap<>();
        Map<Digest, Principal> certificates = new HashMap<>();
        for (DeviceCredential credential : all) {
            if (credential instanceof DeviceCredential.Token token) {
                tokens.put(token.secret(), token.principal());
            } else if (credential instanceof DeviceCredential.Password password) {
                passwords.put(password.username(), password);
            } else if (credential instanceof DeviceCredential.Certificate certificate) {
                certificates.put(certificate.fingerprint(), certificate.principal());
            }
        }
        snapshot = new Snapshot(tokens, passwords, certificates);
    }

    /**
     * Who logs in to MQTT with these. A user name with a password is looked up as a pair; a user name alone is a
     * token; neither, then the client certificate counts. What was given and is wrong is never made good by another.
     *
     * @param username the user name, or null
     * @param password the password's bytes, or null
     * @param clientCertificate the certificate whose key the client has proven to hold in the TLS handshake, or null
     */
    public Optional<Principal> find(String username, byte[] password, X509Certificate clientCertificate) {
        if (username != null && !username.isEmpty()) {
            return password == null || password.length == 0 ? byToken(username) : byPassword(username, password);
        }
        if (password != null && password.length > 0 || clientCertificate == null) {
            return Optional.empty();
        }
        return byCertificate(clientCertificate);
    }

    /** Whom a token belongs to. */
    public Optional<Principal> byToken(String token) {
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_SECRET_BYTES) {
            return Optional.empty();
        }
        return Optional.ofNullable(snapshot.tokens.get(new Digest(key.digest(bytes))));
    }

    private Optional<Principal> byPassword(String username, byte[] password) {
        byte[] name = username.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_SECRET_BYTES || password.length > MAX_SECRET_BYTES) {
            return Optional.empty();
        }
        DeviceCredential.Password known = snapshot.passwords.get(username);
        // The digest is made for unknown names too, so that both answers take the same time.
        Digest given = new Digest(key.digest(name, password));
        boolean right = given.equals(known == null ? NOBODY : known.secret());
        return right && known != null ? Optional.of(known.principal()) : Optional.empty();
    }

    private Optional<Principal> byCertificate(X509Certificate certificate) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return Optional.ofNullable(snapshot.certificates.get(new Digest(hash)));
        } catch (GeneralSecurityException e) {
            // Expired, not yet valid, or not encodable: not a proof.
            return Optional.empty();
        }
    }

    private record Snapshot(
            Map<Digest, Principal> tokens,
            Map<String, DeviceCredential.Password> passwords,
            Map<Digest, Principal> certificates) {}
}
