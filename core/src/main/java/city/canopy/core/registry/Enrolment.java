package city.canopy.core.registry;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import java.util.Objects;
import java.util.Optional;

/**
 * A wish to enrol a device.
 *
 * @param name for people, if it has one
 * @param gateway the gateway behind which it lives, if it does
 */
public record Enrolment(
        DeviceId id,
        String profile,
        Optional<String> name,
        Binding binding,
        Optional<DeviceId> gateway,
        Optional<NewCredential> credential) {

    public Enrolment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(credential, "credential");
    }

    /** A wish for a credential; a secret that is not given is made. */
    public sealed interface NewCredential {
        record Token(Optional<String> secret) implements NewCredential {
            @Override
            public String toString() {
                return "Token";
            }
        }

        record Password(String username, Optional<String> password) implements NewCredential {
            @Override
            public String toString() {
                return "Password[" + username + "]";
            }
        }

        /** @param fingerprint the SHA-256 of the certificate's DER form, in hexadecimal */
        record Certificate(String fingerprint) implements NewCredential {}
    }

    /** What the enrolment gave; the secret is told once. */
    public record Issued(String kind, String credentialId, Optional<String> username, Optional<String> secret) {
        @Override
        public String toString() {
            return "Issued[" + kind + " " + credentialId + "]";
        }
    }
}
