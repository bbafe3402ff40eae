package city.canopy.core.registry;

import city.canopy.core.access.DeviceCredentials;
import city.canopy.core.access.Secrets;
import city.canopy.core.access.ServerKey;
import city.canopy.core.registry.Enrolment.Issued;
import city.canopy.core.registry.Enrolment.NewCredential;
import city.canopy.core.registry.PgDevices.NewRow;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes credentials and writes them down as digests or, where a gateway must know them, sealed. */
final class CredentialIssue {
    private static final int SHORTEST_SECRET = 8;
    private static final int LONGEST_IDENTITY = 128;
    private static final Pattern PSK = Pattern.compile("([0-9a-fA-F]{2}){16,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ServerKey key;

    CredentialIssue(ServerKey key) {
        this.key = key;
    }

    /** @throws RegistryException when such a credential cannot be given */
    static void check(NewCredential credential) {
        Optional<String> secret = credential instanceof NewCredential.Token token
                ? token.secret()
                : credential instanceof NewCredential.Password password ? password.password() : Optional.empty();
        secret.filter(text -> text.length() < SHORTEST_SECRET || text.length() > DeviceCredentials.MAX_SECRET_BYTES / 4)
                .ifPresent(text -> {
                    throw new RegistryException(
                            "bad_secret",
                            "A secret has " + SHORTEST_SECRET + " to 128 characters; leave it out to get one.");
                });
        if (credential instanceof NewCredential.Certificate certificate
                && !certificate.fingerprint().matches("[0-9a-fA-F]{64}")) {
            throw new RegistryException(
                    "bad_certificate", "A fingerprint is the SHA-256 of the certificate, 64 hexadecimal digits.");
        }
        if (credential instanceof NewCredential.Psk psk) {
            checkPsk(psk);
        }
    }

    private static void checkPsk(NewCredential.Psk psk) {
        if (!psk.key().map(key -> PSK.matcher(key).matches()).orElse(true)) {
            throw new RegistryException(
                    "bad_secret",
                    "A pre-shared key has 16 to 64 bytes, 32 to 128 hexadecimal digits; leave it out to get one.");
        }
        if (!psk.identity()
                .map(identity ->
                        !identity.isBlank() && identity.getBytes(StandardCharsets.UTF_8).length <= LONGEST_IDENTITY)
                .orElse(true)) {
            throw new RegistryException(
                    "bad_identity",
                    "The identity of a pre-shared key has 1 to " + LONGEST_IDENTITY
                            + " bytes; leave it out to use the device's id.");
        }
    }

    /** @param behind whether a gateway must know it, so that what it needs is kept, sealed */
    Issued issue(Connection c, DeviceId device, boolean behind, NewCredential wish) throws SQLException {
        String id = Secrets.id();
        if (wish instanceof NewCredential.Token token) {
            String secret = token.secret().orElseGet(Secrets::token);
            PgDevices.insertCredential(
                    c, device, new NewRow(id, "token", null, key.digest(secret), null, sealed(behind, secret)));
            return new Issued("token", id, Optional.empty(), Optional.of(secret));
        } else if (wish instanceof NewCredential.Password password) {
            String secret = password.password().orElseGet(Secrets::token);
            byte[] digest = key.digest(
                    password.username().getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
            PgDevices.insertCredential(
                    c, device, new NewRow(id, "password", password.username(), digest, null, sealed(behind, secret)));
            return new Issued("password", id, Optional.of(password.username()), Optional.of(secret));
        } else if (wish instanceof NewCredential.Psk psk) {
            String identity = psk.identity().orElse(device.value());
            String secret =
                    psk.key().map(text -> text.toLowerCase(Locale.ROOT)).orElseGet(CredentialIssue::presharedKey);
            PgDevices.insertCredential(c, device, new NewRow(id, "psk", identity, null, null, sealed(true, secret)));
            return new Issued("psk", id, Optional.of(identity), Optional.of(secret));
        }
        NewCredential.Certificate certificate = (NewCredential.Certificate) wish;
        PgDevices.insertCredential(
                c,
                device,
                new NewRow(id, "x509", null, null, HexFormat.of().parseHex(certificate.fingerprint()), null));
        return new Issued("x509", id, Optional.empty(), Optional.empty());
    }

    private byte[] sealed(boolean behind, String secret) {
        return behind ? key.seal(secret.getBytes(StandardCharsets.UTF_8)) : null;
    }

    private static String presharedKey() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
