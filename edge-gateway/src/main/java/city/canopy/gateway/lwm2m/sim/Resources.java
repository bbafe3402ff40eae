package city.canopy.gateway.lwm2m.sim;

import city.canopy.devices.lwm2m.ResourcePath;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;

/**
 * What a simulated device has and how it answers for it: in SenML JSON, a single value also as text. A resource is there
 * once it has been sent or written. Requests on the fleet's thread, values by any.
 */
final class Resources {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVERYTHING = "</>;rt=\"oma.lwm2m\";ct=110";

    private final List<String> instances;
    private final Map<String, Token> observed = new HashMap<>();
    private final Map<String, Object> values = new ConcurrentSkipListMap<>();

    Resources(List<String> instances) {
        this.instances = instances;
    }

    /** The token of the observation that a resource is part of; empty where nobody observes it. */
    Optional<Token> observedBy(String resource) {
        return observed.entrySet().stream()
                .filter(each -> resource.equals(each.getKey()) || resource.startsWith(each.getKey() + "/"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Who registers anew is observed anew. */
    void forgetObservations() {
        observed.clear();
    }

    /** What a registration tells of it. */
    String links() {
        StringBuilder links = new StringBuilder(EVERYTHING);
        instances.forEach(instance -> links.append(",<").append(instance).append('>'));
        return links.toString();
    }

    /** @param value a number, truth or text */
    void set(String path, Object value) {
        values.put(path, value);
    }

    Optional<Object> find(String path) {
        return Optional.ofNullable(values.get(path));
    }

    /** The answer, without the marks of the message. */
    Response answer(Request request) {
        ResourcePath path = ResourcePath.find(request.getOptions().getUriPathString());
        if (path == null || path.resourceInstance() != ResourcePath.NONE || !isThere(path)) {
            return new Response(ResponseCode.NOT_FOUND);
        }
        return switch (request.getCode()) {
            case GET -> get(path, request);
            case PUT -> put(path, request);
            case POST -> path.isResource() ? new Response(ResponseCode.CHANGED) : writeMany(path, request);
            case DELETE, FETCH, PATCH, IPATCH -> new Response(ResponseCode.METHOD_NOT_ALLOWED);
            case CUSTOM_30 -> new Response(ResponseCode.METHOD_NOT_ALLOWED);
        };
    }

    private boolean isThere(ResourcePath path) {
        if (path.instance() == ResourcePath.NONE) {
            String prefix = path + "/";
            return instances.stream().anyMatch(instance -> instance.startsWith(prefix));
        }
        return instances.contains("/" + path.object() + "/" + path.instance());
    }

    private Response get(ResourcePath path, Request request) {
        int accept = request.getOptions().hasAccept()
                ? request.getOptions().getAccept()
                : MediaTypeRegistry.APPLICATION_SENML_JSON;
        List<String> paths = within(path);
        if (accept == MediaTypeRegistry.APPLICATION_LINK_FORMAT) {
            paths.add(0, path.toString());
            return content(
                    accept, "<" + String.join(">,<", paths.stream().distinct().toList()) + ">");
        }
        if (path.isResource() && paths.isEmpty()) {
            return new Response(ResponseCode.NOT_FOUND);
        }
        if (accept == MediaTypeRegistry.TEXT_PLAIN && path.isResource()) {
            return content(accept, text(values.get(path.toString())));
        }
        if (accept != MediaTypeRegistry.APPLICATION_SENML_JSON) {
            return new Response(ResponseCode.NOT_ACCEPTABLE);
        }
        Response response = content(accept, pack(paths));
        if (request.isObserve()) {
            observed.put(path.toString(), request.getToken());
            response.getOptions().setObserve(0);
        } else if (request.isObserveCancel()) {
            observed.remove(path.toString());
        }
        return response;
    }

    private List<String> within(ResourcePath path) {
        List<String> paths = new ArrayList<>();
        String prefix = path + "/";
        for (String each : values.keySet()) {
            if (each.equals(path.toString()) || each.startsWith(prefix)) {
                paths.add(each);
            }
        }
        return paths;
    }

    private static Response content(int format, String payload) {
        Response response = new Response(ResponseCode.CONTENT);
        response.getOptions().setContentFormat(format);
        response.setPayload(payload.getBytes(StandardCharsets.UTF_8));
        return response;
    }

    private static String text(Object value) {
        return value instanceof Boolean truth ? truth ? "1" : "0" : String.valueOf(value);
    }

    private String pack(List<String> paths) {
        ArrayNode pack = JSON.createArrayNode();
        for (String path : paths) {
            ObjectNode entry = pack.addObject().put("n", path);
            Object value = values.get(path);
            if (value instanceof Number) {
                entry.set("v", JSON.valueToTree(value));
            } else if (value instanceof Boolean truth) {
                entry.put("vb", truth);
            } else {
                entry.put("vs", String.valueOf(value));
            }
        }
        return pack.toString();
    }

    private Response put(ResourcePath path, Request request) {
        if (!request.getOptions().hasContentFormat() && request.getPayloadSize() == 0) {
            // Attributes: when it is to notify, which it does not do by itself.
            return new Response(ResponseCode.CHANGED);
        }
        if (path.isResource() && request.getOptions().isContentFormat(MediaTypeRegistry.TEXT_PLAIN)) {
            set(path.toString(), request.getPayloadString());
            return new Response(ResponseCode.CHANGED);
        }
        return writeMany(path, request);
    }

    private Response writeMany(ResourcePath path, Request request) {
        if (!request.getOptions().isContentFormat(MediaTypeRegistry.APPLICATION_SENML_JSON)) {
            return new Response(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
        }
        try {
            JsonNode pack = JSON.readTree(request.getPayload());
            String base = "";
            for (JsonNode entry : pack) {
                base = entry.path("bn").asText(base);
                ResourcePath written = ResourcePath.find(base + entry.path("n").asText());
                Object value = value(entry);
                if (written == null || !written.isResource() || value == null || !isThere(written)) {
                    return new Response(ResponseCode.BAD_REQUEST);
                }
                set(written.toString(), value);
            }
            return new Response(pack.isArray() ? ResponseCode.CHANGED : ResponseCode.BAD_REQUEST);
        } catch (IOException e) {
            return new Response(ResponseCode.BAD_REQUEST);
        }
    }

    /** Null where there is none. */
    private static Object value(JsonNode entry) {
        if (entry.path("v").isNumber()) {
            return entry.get("v").numberValue();
        } else if (entry.path("vb").isBoolean()) {
            return entry.get("vb").booleanValue();
        }
        return entry.path("vs").isTextual() ? entry.get("vs").textValue() : null;
    }
}
