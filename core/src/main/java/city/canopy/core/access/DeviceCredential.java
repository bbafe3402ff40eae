package city.canopy.core.access;

import java.util.Objects;

/** One way in which a device, or an integration, proves who it is; as it is stored, without the secret itself. */
public sealed interface DeviceCredential {
    /** The credential's own id. */
    String id();

    /** Who it proves. */
    Principal principal();

    /** The user name alone is the secret (MQTT), or the Bearer token (HTTP). */
    record Token(String id, Principal principal, Digest secret) implements DeviceCredential {
        public Token {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(principal, "principal");
            Objects.requireNonNull(secret, "secret");
        }
    }

    /** User name and password. */
    record Password(String id, Principal principal, String username, Digest secret) implements DeviceCredential {
        public Password {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(principal, "principal");
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(secret, "secret");
        }
    }

    /** A client certificate, known by the SHA-256 of its DER form. */
    record Certificate(String id, Principal principal, Digest fingerprint) implements DeviceCredential {
        public Certificate {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(principal, "principal");
            Objects.requireNonNull(fingerprint, "fingerprint");
        }
    }
}
