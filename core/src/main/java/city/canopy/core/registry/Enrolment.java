package city.canopy.core.registry;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import java.util.Objects;
import java.util.Optional;

/**
 * A wish to enrol a device.
 *
 * @param name for people, if it has one
 * @param gateway the gateway behind which it lives, if it does; for a pre-shared key the only gateway is meant where none
 *     is named
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

        /**
         * For DTLS behind a gateway.
         *
         * @param identity the device's id when it is not given
         * @param key 16 to 64 bytes in hexadecimal; 16 random ones when it is not given
         */
        record Psk(Optional<String> identity, Optional<String> key) implements NewCredential {
            @Override
            public String toString() {
                return "Psk";
            }
        }
    }

    /** The same wish for a device behind this gateway. */
    Enrolment behind(DeviceId named) {
        return new Enrolment(id, profile, name, binding, Optional.of(named), credential);
    }

    /**
     * What the enrolment gave; the secret is told once.
     *
     * @param username of a password; of a pre-shared key, its identity
     */
    public record Issued(String kind, String credentialId, Optional<String> username, Optional<String> secret) {
        @Override
        public String toString() {
            return "Issued[" + kind + " " + credentialId + "]";
        }
    }
}
