package city.canopy.gateway.mqtt;

import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;

/** Who connects to the local MQTT door; as at the service's: by credential alone, never by the client id. Any thread. */
final class LocalLogin {
    private static final int MAX_SECRET = 512;

    private final Directory directory;

    LocalLogin(Directory directory) {
        this.directory = directory;
    }

    /**
     * The device that these prove. A user name with a password is looked up as a pair, a user name alone is a token,
     * neither: the certificate counts.
     */
    Optional<EdgeDevice> find(String username, String password, X509Certificate certificate) {
        if (username == null || username.isEmpty()) {
            return certificate == null || password != null && !password.isEmpty()
                    ? Optional.empty()
                    : byCertificate(certificate);
        }
        Optional<CredentialDigest> digest = directory.digest();
        if (digest.isEmpty() || username.length() > MAX_SECRET) {
            return Optional.empty();
        }
        if (password == null || password.isEmpty()) {
            return directory.byToken(digest.get().of(username));
        }
        return password.length() > MAX_SECRET
                ? Optional.empty()
                : directory
                        .byUsername(username)
                        .filter(device -> fits(device, username, digest.get().of(username, password)));
    }

    private static boolean fits(EdgeDevice device, String username, String digestHex) {
        return device.credentials().stream()
                .anyMatch(credential -> credential instanceof Credential.Password password
                        && password.username().equals(username)
                        && MessageDigest.isEqual(
                                HexFormat.of().parseHex(password.digestHex()),
                                HexFormat.of().parseHex(digestHex)));
    }

    private Optional<EdgeDevice> byCertificate(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return directory.byFingerprint(HexFormat.of().formatHex(hash));
        } catch (GeneralSecurityException e) {
            // Expired, not yet valid, or not encodable: not a proof.
            return Optional.empty();
        }
    }

    /** Whether this device may still be here. */
    boolean isKnown(DeviceId device) {
        return directory.find(device).isPresent();
    }
}
