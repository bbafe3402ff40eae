package city.canopy.devices.envelope;

import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply.State;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;

/**
 * Commands and replies in ThingsBoard's form, which knows no states: the request names a method, and whatever the device
 * answers is its response.
 *
 * <pre>{"method": "open_valve", "params": {"minutes": 20}}</pre>
 */
public final class RpcJson {
    private static final int MAX_DEPTH = 8;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(CommandJson.MAX_BYTES)
                        .build());
    }

    private RpcJson() {}

    public static byte[] request(Command command) {
        ObjectNode json = JSON.createObjectNode().put("method", command.name());
        json.set("params", JSON.valueToTree(command.parameters()));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a response. An object with an {@code error}, or with {@code "success": false}, says that the command failed;
     * all else says that it is done. A number, a text or a truth is its value, an object or a list stands in its detail.
     *
     * @param request which command it answers, out of the topic
     * @param at when it came
     * @throws CommandException when it is no JSON, or too long
     */
    public static CommandReply response(String request, byte[] bytes, Instant at) throws CommandException {
        if (bytes.length > CommandJson.MAX_BYTES) {
            throw new CommandException("a response has at most " + CommandJson.MAX_BYTES + " bytes");
        }
        JsonNode json = read(bytes);
        if (json.hasNonNull("error")) {
            return new CommandReply(request, State.FAILED, text(json.get("error")), null, at);
        }
        JsonNode success = json.path("success");
        if (success.isBoolean() && !success.asBoolean()) {
            return new CommandReply(request, State.FAILED, text(json), null, at);
        }
        if (json.isContainerNode()) {
            return new CommandReply(request, State.DONE, text(json), null, at);
        }
        return new CommandReply(request, State.DONE, "", CommandJson.value(json), at);
    }

    private static JsonNode read(byte[] bytes) throws CommandException {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json == null || json.isMissingNode()) {
                throw new CommandException("a response is JSON, and this one is empty");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new CommandException("a response is JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new CommandException("a response is JSON: " + e.getMessage());
        }
    }

    private static String text(JsonNode json) {
        return json.isTextual() ? json.asText() : json.toString();
    }
}
