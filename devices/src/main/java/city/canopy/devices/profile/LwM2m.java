package city.canopy.devices.profile;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Observation;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a device of a profile is spoken to where it speaks LwM2M. Data from a pack.
 *
 * @param observe what its gateway observes, at most {@value #MAX_OBSERVATIONS}
 * @param commands what it can be asked to do, by name, in the order in which people are shown them
 */
public record LwM2m(List<Observation> observe, Map<String, CommandSpec> commands) {
    /** The most observations of a profile. */
    public static final int MAX_OBSERVATIONS = 16;
    /** The most commands of a profile. */
    public static final int MAX_COMMANDS = 32;

    /**
     * Something that people can ask of a device.
     *
     * @param title its name for people, by language
     * @param parameters what it is asked with, by name; numbers
     * @param operation what is done
     * @param path to which resource
     * @param value what is written, or the text that an execution takes; empty for none
     * @param then what is written to the same resource after a while; empty for none
     * @param atMostOnce whether it is given up, and not tried again, where its answer does not come
     */
    public record CommandSpec(
            Map<String, String> title,
            Map<String, Parameter> parameters,
            Command.Operation operation,
            String path,
            Optional<Value> value,
            Optional<ThenSpec> then,
            boolean atMostOnce) {
        public CommandSpec {
            title = Map.copyOf(title);
            parameters = Map.copyOf(parameters);
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(then, "then");
        }
    }

    /**
     * The write that follows.
     *
     * @param value what is written
     * @param after how many units later: a number, or a parameter's
     * @param unit a second or a minute
     */
    public record ThenSpec(Object value, Value after, Duration unit) {
        /**
         * With these parameters, which are complete.
         *
         * @throws IllegalArgumentException when the time is out of its limits
         */
        public Command.Then with(Map<String, Object> parameters) {
            Object units = after instanceof Value.Given given
                    ? parameters.get(given.parameter())
                    : ((Value.Literal) after).value();
            double millis = ((Number) units).doubleValue() * unit.toMillis();
            return new Command.Then(value, Duration.ofMillis(Math.round(millis)));
        }
    }

    /**
     * A number that comes with a command.
     *
     * @param min the least that is taken
     * @param max the most that is taken
     * @param standard what holds where nobody says it
     * @param title its name for people, by language
     */
    public record Parameter(double min, double max, double standard, Map<String, String> title) {
        public Parameter {
            if (!(min <= standard && standard <= max)) {
                throw new IllegalArgumentException("a parameter's default lies between its min and max, not " + standard
                        + " in " + min + " to " + max);
            }
            title = Map.copyOf(title);
        }
    }

    /** What is written. */
    public sealed interface Value {
        /** Always the same: a number, text or truth. */
        record Literal(Object value) implements Value {}

        /** What a parameter of that name is given. */
        record Given(String parameter) implements Value {}
    }

    public LwM2m {
        observe = List.copyOf(observe);
        commands = Collections.unmodifiableMap(new LinkedHashMap<>(commands));
    }
}
