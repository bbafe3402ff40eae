package city.canopy.devices.envelope;

import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Commands and replies as they travel.
 *
 * <pre>{"id": "c-7", "device": "valve-1", "command": "open_valve", "parameters": {"minutes": 20},
 *  "lwm2m": {"operation": "write", "path": "/3306/0/5850", "value": true, "then": {"value": false, "after": "PT20M"}},
 *  "expires_at": "2026-11-03T05:00:00Z", "rpc_request": "17"}
 *{"state": "done", "detail": "", "value": 21.5, "at": "2026-11-03T04:01:00Z"}</pre>
 */
public final class CommandJson {
    /** The longest command or reply in bytes. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(8)
                        .maxDocumentLength(MAX_BYTES)
                        .build());
    }

    private CommandJson() {}

    /** It is no command or reply; says why. */
    public static final class CommandException extends Exception {
        private static final long serialVersionUID = 1L;

        public CommandException(String message) {
            super(message);
        }
    }

    public static byte[] write(Command command) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", command.id())
                .put("device", command.device().value())
                .put("command", command.name());
        json.set("parameters", JSON.valueToTree(command.parameters()));
        command.lwm2m().ifPresent(lwm2m -> json.set("lwm2m", json(lwm2m)));
        json.put("expires_at", command.expiresAt().toString());
        command.rpc().ifPresent(number -> json.put("rpc_request", number));
        return bytes(json);
    }

    /** What a command is in LwM2M; {@code at_most_once} where it is not as usual. */
    public static ObjectNode json(LwM2m lwm2m) {
        ObjectNode json = JSON.createObjectNode()
                .put("operation", lwm2m.operation().name().toLowerCase(Locale.ROOT))
                .put("path", lwm2m.path());
        if (lwm2m.value() != null) {
            json.putPOJO("value", lwm2m.value());
        }
        lwm2m.type().ifPresent(type -> json.put("type", type.name().toLowerCase(Locale.ROOT)));
        lwm2m.then()
                .ifPresent(then -> json.putObject("then")
                        .putPOJO("value", then.value())
                        .put("after", then.after().toString()));
        if (lwm2m.atMostOnce() != LwM2m.isOnce(lwm2m.operation())) {
            json.put("at_most_once", lwm2m.atMostOnce());
        }
        return json;
    }

    /** @throws IllegalArgumentException or DateTimeException when it is none */
    public static LwM2m lwm2m(JsonNode json) {
        Operation operation = Operation.valueOf(text(json, "operation").toUpperCase(Locale.ROOT));
        Optional<Then> then = Optional.empty();
        if (json.has("then")) {
            JsonNode node = json.get("then");
            then = Optional.of(new Then(written(node.get("value")), Duration.parse(text(node, "after"))));
        }
        Optional<ResourceSpec.Type> type = json.has("type")
                ? Optional.of(ResourceSpec.Type.valueOf(text(json, "type").toUpperCase(Locale.ROOT)))
                : Optional.empty();
        return new LwM2m(
                operation,
                text(json, "path"),
                written(json.get("value")),
                type,
                then,
                json.path("at_most_once").asBoolean(LwM2m.isOnce(operation)));
    }

    public static byte[] write(CommandReply reply) {
        ObjectNode json = JSON.createObjectNode()
                .put("state", reply.state().name().toLowerCase(Locale.ROOT))
                .put("detail", reply.detail());
        if (reply.value() != null) {
            json.putPOJO("value", reply.value());
        }
        json.put("at", reply.at().toString());
        return bytes(json);
    }

    /** @throws CommandException when it is none */
    public static Command command(byte[] bytes) throws CommandException {
        JsonNode json = object(bytes);
        try {
            Optional<LwM2m> lwm2m = Optional.empty();
            if (json.has("lwm2m")) {
                lwm2m = Optional.of(lwm2m(json.get("lwm2m")));
            }
            Map<String, Object> parameters = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : json.path("parameters").properties()) {
                parameters.put(each.getKey(), value(each.getValue()));
            }
            return new Command(
                    text(json, "id"),
                    new DeviceId(text(json, "device")),
                    text(json, "command"),
                    parameters,
                    lwm2m,
                    Instant.parse(text(json, "expires_at")),
                    json.has("rpc_request") ? Optional.of(text(json, "rpc_request")) : Optional.empty());
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            throw new CommandException("not a command: " + e.getMessage());
        }
    }

    /**
     * @param command the id of the command, out of the topic
     * @param otherwise the time of a reply that has none
     * @throws CommandException when it is none
     */
    public static CommandReply reply(String command, byte[] bytes, Instant otherwise) throws CommandException {
        JsonNode json = object(bytes);
        try {
            return new CommandReply(
                    command,
                    CommandReply.State.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
                    json.path("detail").asText(""),
                    value(json.get("value")),
                    json.hasNonNull("at") ? Instant.parse(text(json, "at")) : otherwise);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CommandException(
                    "not a reply: its state is waiting, done, failed, expired, or then_waiting, then_done, then_failed, then_replaced ("
                            + e.getMessage() + ")");
        }
    }

    private static JsonNode object(byte[] bytes) throws CommandException {
        if (bytes.length > MAX_BYTES) {
            throw new CommandException("a command or reply has at most " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json == null || !json.isObject()) {
                throw new CommandException("a command or reply is a JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new CommandException("not readable as JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new CommandException("not readable as JSON: " + e.getMessage());
        }
    }

    private static String text(JsonNode json, String name) {
        JsonNode node = json.get(name);
        if (node == null || !node.isTextual()) {
            throw new IllegalArgumentException(name + " is a text");
        }
        return node.asText();
    }

    /** What {@link #value} takes, or an object of such by numbers. */
    private static Object written(JsonNode node) {
        if (node == null || !node.isObject()) {
            return value(node);
        }
        Map<Integer, Object> values = new LinkedHashMap<>();
        node.properties().forEach(each -> values.put(Integer.valueOf(each.getKey()), value(each.getValue())));
        return values;
    }

    /** A number, text or truth; null for none. */
    static Object value(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        } else if (node.isBoolean()) {
            return node.asBoolean();
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.asLong();
        } else if (node.isNumber()) {
            return node.asDouble();
        } else if (node.isTextual()) {
            return node.asText();
        }
        throw new IllegalArgumentException("a value is a number, a text, true or false");
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
