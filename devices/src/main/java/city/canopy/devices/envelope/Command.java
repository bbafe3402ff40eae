package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a device is asked to do. Made by the service, carried to the device as JSON ({@link CommandJson}).
 *
 * @param id its name, of a topic's shape
 * @param device who is to do it
 * @param name the profile's name for it, such as {@code open_valve}
 * @param parameters what it was asked with, by name; numbers, texts and truths
 * @param lwm2m what it means for a device that speaks LwM2M; empty for others
 * @param expiresAt from then on it is not done any more
 */
public record Command(
        String id,
        DeviceId device,
        String name,
        Map<String, Object> parameters,
        Optional<LwM2m> lwm2m,
        Instant expiresAt) {

    /** What is done to a resource of a LwM2M device. */
    public enum Operation {
        READ,
        WRITE,
        EXECUTE
    }

    /**
     * A command in LwM2M's terms.
     *
     * @param path the resource (READ also: an object or object instance), such as {@code /3306/0/5850}
     * @param value what is written (a number, text or truth), or the text that EXECUTE takes; null for none
     * @param then what is written to the same resource after a while, by the gateway alone; of a write only
     * @param atMostOnce whether it is given up, and not tried again, where its answer does not come
     */
    public record LwM2m(Operation operation, String path, Object value, Optional<Then> then, boolean atMostOnce) {
        public LwM2m {
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(then, "then");
            if (operation == Operation.WRITE && value == null) {
                throw new IllegalArgumentException("a write to " + path + " needs a value");
            }
            if (operation != Operation.WRITE && then.isPresent()) {
                throw new IllegalArgumentException("only a write is followed by another");
            }
        }

        /** As it is usual: nothing follows, and an execution, which may be no state but a step, is done at most once. */
        public LwM2m(Operation operation, String path, Object value) {
            this(operation, path, value, Optional.empty(), isOnce(operation));
        }

        /** Whether an operation is done at most once where nobody says it. */
        public static boolean isOnce(Operation operation) {
            return operation == Operation.EXECUTE;
        }
    }

    /**
     * The write that follows a write: a valve that was opened is closed.
     *
     * @param value what is written
     * @param after how long after the device has answered the first one; {@link #SHORTEST} to {@link #LONGEST}
     */
    public record Then(Object value, Duration after) {
        public static final Duration SHORTEST = Duration.ofSeconds(1);
        public static final Duration LONGEST = Duration.ofHours(24);

        public Then {
            Objects.requireNonNull(value, "value");
            if (after.compareTo(SHORTEST) < 0 || after.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "what follows does so after " + SHORTEST + " to " + LONGEST + ", not after " + after);
            }
        }
    }

    public Command {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(lwm2m, "lwm2m");
        Objects.requireNonNull(expiresAt, "expiresAt");
        id = new DeviceId(id).value();
        parameters = Map.copyOf(parameters);
    }
}
