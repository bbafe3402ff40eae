package city.canopy.core.simulate;

import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the simulation asks of a running service: where devices may stand, and to enrol them. Blocking. */
final class ServiceClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI service;
    private final String token;

    /** @param token of a person with a dispatcher's rights or more */
    ServiceClient(URI service, String token) {
        this.service = service;
        this.token = token;
    }

    /** One device to be enrolled. */
    record Wish(DeviceId id, String profile, String layer, String featureId) {}

    /** The ids of a layer's features, in the service's order. */
    List<String> features(String layer) throws IOException, InterruptedException {
        JsonNode found = send(
                request("/api/v1/layers/" + layer + "/features?properties=").GET());
        List<String> ids = new ArrayList<>();
        found.path("features").forEach(feature -> ids.add(feature.path("id").asText()));
        return ids;
    }

    /** Enrols all or none; gives their tokens. */
    Map<DeviceId, String> enrol(List<Wish> wishes) throws IOException, InterruptedException {
        StringBuilder csv = new StringBuilder("id,profile,layer,feature_id,credential\n");
        for (Wish wish : wishes) {
            csv.append(wish.id().value()).append(',').append(wish.profile()).append(',');
            csv.append(wish.layer()).append(',').append(wish.featureId()).append(",token\n");
        }
        JsonNode answer = send(request("/api/v1/devices/import")
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString(csv.toString())));
        Map<DeviceId, String> tokens = new LinkedHashMap<>();
        answer.path("devices")
                .forEach(device -> tokens.put(
                        new DeviceId(device.path("id").asText()),
                        device.path("credentials").path("token").asText()));
        return tokens;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(service.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            JsonNode problem = JSON.readTree(answer.body());
            JsonNode first = problem.path("problems").path(0).path("cause");
            throw new IOException(service + " answered " + answer.statusCode() + ": "
                    + problem.path("detail").asText()
                    + (first.isMissingNode() ? "" : " The first: " + first.asText()));
        }
        return JSON.readTree(answer.body());
    }
}
