package city.canopy.gateway.lwm2m;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.ObservationIdentifier;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.ContentFormat;

/** Observations as they are kept over a restart, so that a notification still finds what it belongs to. */
final class ObservationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ObservationJson() {}

    static byte[] write(Observation observation) {
        EndpointUri uri = observation.getId().getEndpointUri();
        ObjectNode json = JSON.createObjectNode()
                .put("token", HexFormat.of().formatHex(observation.getId().getBytes()))
                .put("scheme", uri.getScheme())
                .put("host", uri.getHost())
                .put("port", uri.getPort())
                .put("registration", observation.getRegistrationId());
        ArrayNode paths = json.putArray("paths");
        if (observation instanceof CompositeObservation composite) {
            composite.getPaths().forEach(path -> paths.add(path.toString()));
            format(json, "asked", composite.getRequestContentFormat());
            format(json, "format", composite.getResponseContentFormat());
            json.put("composite", true);
        } else if (observation instanceof SingleObservation single) {
            paths.add(single.getPath().toString());
            format(json, "format", single.getContentFormat());
        }
        map(json.putObject("context"), observation.getContext());
        map(json.putObject("protocol"), observation.getProtocolData());
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void format(ObjectNode json, String name, ContentFormat format) {
        if (format != null) {
            json.put(name, format.getCode());
        }
    }

    private static void map(ObjectNode json, Map<String, String> map) {
        if (map != null) {
            map.forEach(json::put);
        }
    }

    /** @throws IOException when the bytes are none */
    static Observation read(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        ObservationIdentifier id = new ObservationIdentifier(
                new EndpointUri(
                        json.path("scheme").asText(),
                        json.path("host").asText(),
                        json.path("port").asInt()),
                HexFormat.of().parseHex(json.path("token").asText()));
        String registration = json.path("registration").asText();
        List<LwM2mPath> paths = new ArrayList<>();
        json.path("paths").forEach(path -> paths.add(new LwM2mPath(path.asText())));
        if (paths.isEmpty()) {
            throw new IOException("an observation has a path");
        }
        return json.path("composite").asBoolean()
                ? new CompositeObservation(
                        id,
                        registration,
                        paths,
                        format(json.get("asked")),
                        format(json.get("format")),
                        map(json.path("context")),
                        map(json.path("protocol")))
                : new SingleObservation(
                        id,
                        registration,
                        paths.get(0),
                        format(json.get("format")),
                        map(json.path("context")),
                        map(json.path("protocol")));
    }

    private static ContentFormat format(JsonNode code) {
        return code == null ? null : ContentFormat.fromCode(code.asInt());
    }

    private static Map<String, String> map(JsonNode json) {
        Map<String, String> map = new HashMap<>();
        json.properties().forEach(each -> map.put(each.getKey(), each.getValue().asText()));
        return map;
    }
}
