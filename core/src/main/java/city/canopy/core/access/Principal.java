package city.canopy.core.access;

import city.canopy.devices.model.DeviceId;
import java.util.List;
import java.util.Objects;

/** Who is calling, proven by a credential. */
public sealed interface Principal {
    /** Who did it, for audit rows, logs and idempotency: {@code user:ID}, {@code token:ID}, {@code device:ID}, ... */
    String actor();

    /** One device; may speak only as itself. */
    record OfDevice(DeviceId device) implements Principal {
        public OfDevice {
            Objects.requireNonNull(device, "device");
        }

        @Override
        public String actor() {
            return "device:" + device.value();
        }
    }

    /** A gateway; may speak only for the devices behind it. */
    record OfGateway(String id) implements Principal {
        public OfGateway {
            Objects.requireNonNull(id, "id");
        }

        @Override
        public String actor() {
            return "gateway:" + id;
        }
    }

    /**
     * A foreign system such as ChirpStack.
     *
     * @param name its name
     * @param topics the MQTT topic filters that it may publish to
     */
    record OfIntegration(String name, List<String> topics) implements Principal {
        public OfIntegration {
            Objects.requireNonNull(name, "name");
            topics = List.copyOf(topics);
        }

        @Override
        public String actor() {
            return "integration:" + name;
        }
    }

    /**
     * A person, or a program with an API token.
     *
     * @param id the user's id; {@code token:ID} for an API token
     * @param name the log-in name; for an API token, the token's name
     * @param role what they may do
     */
    record OfUser(String id, String name, Role role) implements Principal {
        public OfUser {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(role, "role");
        }

        @Override
        public String actor() {
            return isToken() ? id : "user:" + id;
        }

        /** Whether this is a program with an API token rather than a person. */
        public boolean isToken() {
            return id.startsWith("token:");
        }
    }
}
