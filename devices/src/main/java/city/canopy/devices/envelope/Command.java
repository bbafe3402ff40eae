package city.canopy.devices.envelope;

import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a device is asked to do. Made by the service, carried to the device as JSON ({@link CommandJson}).
 *
 * @param id its name, of a topic's shape
 * @param device who is to do it
 * @param name the profile's name for it, such as {@code open_valve}
 * @param parameters what it was asked with, by name; numbers, texts and truths
 * @param lwm2m what it means for a device that speaks LwM2M; empty for others
 * @param expiresAt from then on it is not done any more
 * @param rpc the number by which ThingsBoard's form calls it; empty where the service did not say it
 */
public record Command(
        String id,
        DeviceId device,
        String name,
        Map<String, Object> parameters,
        Optional<LwM2m> lwm2m,
        Instant expiresAt,
        Optional<String> rpc) {
    private static final Pattern RPC = Pattern.compile("\\d{1,18}");

    private static final int MAX_NUMBER = 65_535;

    /** What is done to a resource of a LwM2M device. */
    public enum Operation {
        READ,
        WRITE,
        EXECUTE,
        /** Makes an instance of an object. */
        CREATE,
        /** Removes one. */
        DELETE
    }

    /**
     * A command in LwM2M's terms.
     *
     * @param path the resource (READ also: an object or object instance), such as {@code /3306/0/5850}; CREATE: an object, or
     *     the instance that is to be made; DELETE: an instance
     * @param value what is written: a number, text or truth, or a map of at most {@value #MOST} of them by the number of the
     *     resource's instance; for CREATE the map is by resource. The text that EXECUTE takes; null for none
     * @param type what the value is written as; empty where OMA's registry says it, or the value itself. Bytes (OPAQUE) are a
     *     text in base64, an OBJLNK one such as {@code 66:1}
     * @param then what is written to the same resource after a while, by the gateway alone; of a write only
     * @param atMostOnce whether it is given up, and not tried again, where its answer does not come
     */
    public record LwM2m(
            Operation operation,
            String path,
            Object value,
            Optional<ResourceSpec.Type> type,
            Optional<Then> then,
            boolean atMostOnce) {
        /** The most values of a list, or resources of a new instance. */
        public static final int MOST = 64;

        public LwM2m {
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(then, "then");
            value = checked(value);
            boolean writes = operation == Operation.WRITE;
            if (writes && value == null) {
                throw new IllegalArgumentException("a write to " + path + " needs a value");
            }
            if (!writes && (type.isPresent() || then.isPresent())) {
                throw new IllegalArgumentException("only a write has a type, or is followed by another");
            }
            if (type.filter(ResourceSpec.Type.NONE::equals).isPresent()) {
                throw new IllegalArgumentException("what is written has a type");
            }
            if ((operation == Operation.CREATE) != (value instanceof Map) && !writes) {
                throw new IllegalArgumentException(
                        "a new instance takes an object of values by resource, and nothing else than it and a write does");
            }
        }

        /** Without a type of its own. */
        public LwM2m(Operation operation, String path, Object value, Optional<Then> then, boolean atMostOnce) {
            this(operation, path, value, Optional.empty(), then, atMostOnce);
        }

        /** As it is usual: nothing follows, and what may be no state but a step is done at most once. */
        public LwM2m(Operation operation, String path, Object value) {
            this(operation, path, value, Optional.empty(), isOnce(operation));
        }

        /** Whether an operation is done at most once where nobody says it. */
        public static boolean isOnce(Operation operation) {
            return operation != Operation.READ && operation != Operation.WRITE;
        }
    }

    /** A map of values is copied, in the order of its numbers. */
    private static Object checked(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        TreeMap<Integer, Object> sorted = new TreeMap<>();
        map.forEach((number, each) -> {
            boolean isPlain = each instanceof Number || each instanceof Boolean || each instanceof String;
            if (!(number instanceof Integer key) || key < 0 || key > MAX_NUMBER || !isPlain) {
                throw new IllegalArgumentException(
                        "values by number are numbers, texts and truths by 0 to " + MAX_NUMBER);
            }
            sorted.put(key, each);
        });
        if (sorted.size() > LwM2m.MOST) {
            throw new IllegalArgumentException("a list has at most " + LwM2m.MOST + " values");
        }
        return Collections.unmodifiableMap(sorted);
    }

    /**
     * The write that follows a write: a valve that was opened is closed.
     *
     * @param value what is written, in the type of the first one
     * @param after how long after the device has answered the first one; {@link #SHORTEST} to {@link #LONGEST}
     */
    public record Then(Object value, Duration after) {
        public static final Duration SHORTEST = Duration.ofSeconds(1);
        public static final Duration LONGEST = Duration.ofHours(24);

        public Then {
            value = checked(Objects.requireNonNull(value, "value"));
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
        if (rpc.filter(number -> !RPC.matcher(number).matches()).isPresent()) {
            throw new IllegalArgumentException("a command's number in ThingsBoard's form has 1 to 18 digits");
        }
    }

    /** Without a number in ThingsBoard's form. */
    public Command(
            String id,
            DeviceId device,
            String name,
            Map<String, Object> parameters,
            Optional<LwM2m> lwm2m,
            Instant expiresAt) {
        this(id, device, name, parameters, lwm2m, expiresAt, Optional.empty());
    }

    /** What ThingsBoard's form calls it: its number, or its id where it has none. */
    public String rpcRequest() {
        return rpc.orElse(id);
    }
}
