package city.canopy.core.commands;

import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.profile.LwM2m.ThenSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A command that a profile offers. It becomes one operation of LwM2M.
 *
 * @param title for people, in Vietnamese and English
 * @param path the resource
 * @param value what is written, or the argument of EXECUTE: a number, a text, a truth, or {@code $parameter}; null for
 *     none
 * @param then what is written after a while; empty for none
 * @param atMostOnce whether it is not tried again where its answer does not come
 */
public record CommandSpec(
        String name,
        Title title,
        List<Parameter> parameters,
        Operation operation,
        String path,
        Object value,
        Optional<ThenSpec> then,
        boolean atMostOnce) {
    /** A text in both languages. */
    public record Title(String vi, String en) {}

    /**
     * What a command is asked with.
     *
     * @param min the least number; where it or {@code max} is given, the value is a number
     * @param otherwise the value when it is not given; empty: it must be given
     */
    public record Parameter(
            String name, Title title, Optional<Double> min, Optional<Double> max, Optional<Object> otherwise) {
        /** @throws CommandException when the value is none for this parameter */
        void check(Object given) {
            if (min.isEmpty() && max.isEmpty()) {
                return;
            }
            double least = min.orElse(Double.NEGATIVE_INFINITY);
            double most = max.orElse(Double.POSITIVE_INFINITY);
            if (given instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
                return;
            }
            if (min.isEmpty()) {
                throw new CommandException(
                        "bad_parameter", "\"" + name + "\" is a number of " + plain(most) + " at most.");
            } else if (max.isEmpty()) {
                throw new CommandException(
                        "bad_parameter", "\"" + name + "\" is a number of " + plain(least) + " or more.");
            }
            throw new CommandException(
                    "bad_parameter", "\"" + name + "\" is a number from " + plain(least) + " to " + plain(most) + ".");
        }

        private static String plain(double number) {
            return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        }
    }

    public CommandSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(then, "then");
        parameters = List.copyOf(parameters);
    }

    /**
     * The parameters with what was not given.
     *
     * @throws CommandException when one is unknown, missing or not what it can be
     */
    Map<String, Object> complete(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>();
        for (Parameter parameter : parameters) {
            Object value = Optional.ofNullable(given.get(parameter.name()))
                    .or(parameter::otherwise)
                    .orElseThrow(() -> new CommandException(
                            "missing_parameter", "The command " + name + " needs \"" + parameter.name() + "\"."));
            parameter.check(value);
            all.put(parameter.name(), value);
        }
        for (String asked : given.keySet()) {
            if (!all.containsKey(asked)) {
                throw new CommandException(
                        "unknown_parameter", "The command " + name + " has no parameter \"" + asked + "\".");
            }
        }
        return all;
    }

    /** What it is in LwM2M with these parameters, which are complete. */
    LwM2m operation(Map<String, Object> parameters) {
        boolean named = value instanceof String text && text.startsWith("$");
        Object meant = named ? parameters.get(((String) value).substring(1)) : value;
        return new LwM2m(operation, path, meant, then.map(each -> each.with(parameters)), atMostOnce);
    }
}
