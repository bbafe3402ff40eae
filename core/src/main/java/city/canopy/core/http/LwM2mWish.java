package city.canopy.core.http;

import city.canopy.core.commands.CommandWish;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.lwm2m.ResourceSpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A LwM2M operation as an administrator gives it. Any thread. */
final class LwM2mWish {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,4}");
    private static final int MAX_NUMBER = 65_535;

    private LwM2mWish() {}

    static ObjectNode schema() {
        return Schema.object(
                "operation",
                Schema.oneOf("read", "write", "execute", "create", "delete"),
                "path",
                Schema.text(),
                "value?",
                Schema.says(
                        Json.object(),
                        "what is written: a number, a text, true or false; for a list an object of such by the numbers of its"
                                + " instances, {\"0\": 5}; to create, by the numbers of the resources; 64 at most. To execute:"
                                + " the arguments, as a text"),
                "type?",
                Schema.says(
                        Schema.oneOf(types()),
                        "what is written, where OMA's registry does not say it: opaque is a text in base64, time a moment or"
                                + " seconds, objlnk a text such as 66:1; else as the value is"),
                "then?",
                Schema.object(
                        "value",
                        Json.object(),
                        "after",
                        Schema.says(
                                Schema.text(),
                                "ISO 8601, PT1S to PT24H, from the device's answer; the gateway writes it to the same path")),
                "at_most_once?",
                Schema.says(
                        Schema.flag(),
                        "whether it is not tried again without an answer; false for read and write, else true when not given"));
    }

    private static String[] types() {
        return Stream.of(ResourceSpec.Type.values())
                .filter(type -> type != ResourceSpec.Type.NONE)
                .map(type -> type.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }

    static CommandWish read(JsonBody body, Duration expiresIn) {
        Operation operation = switch (body.text("operation")) {
            case "read" -> Operation.READ;
            case "write" -> Operation.WRITE;
            case "execute" -> Operation.EXECUTE;
            case "create" -> Operation.CREATE;
            case "delete" -> Operation.DELETE;
            default -> throw body.wrong("operation", "read, write, execute, create or delete");
        };
        String path = body.text("path");
        Optional<Object> value = body.find("value").map(node -> written(body, node));
        Optional<ResourceSpec.Type> type = body.optionalText("type").map(text -> type(body, text));
        Optional<Then> then = body.optionalObject("then").map(LwM2mWish::then);
        boolean once = body.optionalFlag("at_most_once").orElse(LwM2m.isOnce(operation));
        body.done();
        check(body, operation, value);
        if (operation != Operation.WRITE && then.isPresent()) {
            throw body.wrong("then", "left out: only a write is followed by another");
        }
        if (operation != Operation.WRITE && type.isPresent()) {
            throw body.wrong("type", "left out: only what is written has one");
        }
        return new CommandWish.Raw(new LwM2m(operation, path, value.orElse(null), type, then, once), expiresIn);
    }

    private static void check(JsonBody body, Operation operation, Optional<Object> value) {
        boolean isObject = value.isPresent() && value.get() instanceof Map;
        switch (operation) {
            case WRITE -> {
                if (value.isEmpty()) {
                    throw body.wrong("value", "what is written");
                }
            }
            case CREATE -> {
                if (!isObject) {
                    throw body.wrong("value", "an object of values by resource, such as {\"5700\": 21.5}");
                }
            }
            case EXECUTE -> {
                if (isObject) {
                    throw body.wrong("value", "a text such as 0='a',1");
                }
            }
            case READ, DELETE -> {
                if (value.isPresent()) {
                    throw body.wrong("value", "left out: nothing is written");
                }
            }
        }
    }

    private static ResourceSpec.Type type(JsonBody body, String text) {
        return Stream.of(types())
                .filter(text::equals)
                .findFirst()
                .map(known -> ResourceSpec.Type.valueOf(known.toUpperCase(Locale.ROOT)))
                .orElseThrow(() -> body.wrong("type", String.join(", ", types())));
    }

    /** One value, or an object of them by numbers. */
    private static Object written(JsonBody body, JsonNode node) {
        if (!node.isObject()) {
            return CommandRoutes.value(body, "value", node);
        }
        Map<Integer, Object> values = new LinkedHashMap<>();
        node.properties().forEach(each -> {
            String name = each.getKey();
            if (!NUMBER.matcher(name).matches() || Integer.parseInt(name) > MAX_NUMBER) {
                throw body.wrong("value", "an object of values by numbers from 0 to 65535");
            }
            values.put(Integer.valueOf(name), CommandRoutes.value(body, "value." + name, each.getValue()));
        });
        if (values.size() > LwM2m.MOST) {
            throw body.wrong("value", "an object of at most 64 values; write several times");
        }
        return values;
    }

    private static Then then(JsonBody body) {
        Object value = body.find("value")
                .map(node -> written(body, node))
                .orElseThrow(() -> body.wrong("value", "what is written"));
        Duration after = CommandRoutes.duration(body, "after", "PT20M");
        body.done();
        if (after.compareTo(Then.SHORTEST) < 0 || after.compareTo(Then.LONGEST) > 0) {
            throw body.wrong("after", "PT1S to PT24H");
        }
        return new Then(value, after);
    }
}
