package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import java.util.List;
import java.util.Objects;

/**
 * A device as its gateway knows it.
 *
 * @param profile the name of its profile
 * @param credentials how it proves who it is. None: nobody can prove to be it, and it may come unencrypted (CoAP without
 *     DTLS) under its name; with a PSK or certificate it may not
 */
public record EdgeDevice(DeviceId id, String profile, List<Credential> credentials) {
    public EdgeDevice {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(profile, "profile");
        credentials = List.copyOf(credentials);
    }

    /** One way in which it proves who it is. Texts of bytes are lower-case hexadecimal digits; none of it is logged. */
    public sealed interface Credential {
        /** DTLS with a pre-shared key. */
        record Psk(String identity, String keyHex) implements Credential {
            @Override
            public String toString() {
                return "Psk[" + identity + "]";
            }
        }

        /** DTLS or TLS with a certificate, known by the SHA-256 of its DER form. */
        record X509(String fingerprintHex) implements Credential {}

        /** MQTT: the user name is the secret, known by its digest under the configuration's key. */
        record Token(String digestHex) implements Credential {}

        /** MQTT: user name and password, both in the digest under the configuration's key. */
        record Password(String username, String digestHex) implements Credential {}
    }
}
