package city.canopy.core.http;

import city.canopy.core.app.CoreConfig;
import city.canopy.core.app.Service;
import city.canopy.core.db.Database;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.devices.config.ConfigReader;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** The whole service on free ports, an HTTP client with an administrator's token, and one waste point W1. */
public final class RunningService implements AutoCloseable {
    public static final String TOKEN = "the-token-of-the-tests-0123456789";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Service service;

    public RunningService(Path folder) {
        this(folder, Map.of());
    }

    /** @param further environment beside the usual one */
    public RunningService(Path folder, Map<String, String> further) {
        this(folder, further, Clock.systemUTC());
    }

    /** @param clock the service's */
    public RunningService(Path folder, Map<String, String> further, Clock clock) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "CANOPY_DATA_DIR", folder.toString(),
                "CANOPY_HTTP_HOST", "127.0.0.1",
                "CANOPY_HTTP_PORT", "0",
                "CANOPY_MQTT_HOST", "127.0.0.1",
                "CANOPY_MQTT_PORT", "0",
                "CANOPY_SECURITY_BOOTSTRAP_TOKEN", TOKEN,
                "CANOPY_WEBHOOKS_ALLOW", "localhost"));
        environment.putAll(further);
        CoreConfig config = new ConfigReader("CANOPY", environment).read(CoreConfig.class, null);
        service = Service.start(config, Service.Mode.SERVE, clock);
        service.layers()
                .put(
                        new GeoFeature(
                                "waste_points",
                                "W1",
                                new GeometryFactory().createPoint(new Coordinate(105.85, 21.47)),
                                Map.of("name", "Chợ Bình Sơn"),
                                1),
                        "test");
    }

    /** Puts trees into the layer, in a row. */
    void addTrees(int n) {
        List<GeoFeature> trees = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            trees.add(new GeoFeature(
                    "trees",
                    "T" + i,
                    new GeometryFactory().createPoint(new Coordinate(105.84 + i * 1e-4, 21.47)),
                    Map.of("species", "Bàng", "species_group", "ordinary"),
                    1));
        }
        service.layers().load("trees", trees, "test");
    }

    /** Makes a public layer {@code works} of two points, each of which begins and ends. */
    void addWorks() {
        layers().ensureLayer(new LayerDefinition(
                "works", null, LayerDefinition.Kind.POINT, Map.of("en", "Road works"), true, List.of()));
        layers().load(
                        "works",
                        List.of(work("1", "2024-01-01", "2024-02-01"), work("2", "2024-01-15", "2024-03-01")),
                        "test");
    }

    private static GeoFeature work(String id, String from, String to) {
        return new GeoFeature(
                "works",
                id,
                new GeometryFactory().createPoint(new Coordinate(105.84, 21.47)),
                Map.of("valid_from", from, "valid_to", to),
                1);
    }

    PgLayers layers() {
        return service.layers();
    }

    int mqttPort() {
        return service.mqttPort();
    }

    public int mqttTlsPort() {
        return service.mqttTlsPort();
    }

    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + service.httpPort() + path);
    }

    public HttpClient client() {
        return client;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(at(path)).header("Authorization", "Bearer " + TOKEN);
    }

    /** What came back, with its body as JSON where it is some. */
    public record Got(int status, String text, HttpResponse<String> response) {
        public JsonNode json() {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        }

        public String code() {
            return json().path("code").asText();
        }
    }

    public Got send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Got(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public Got get(String path) {
        return send(request(path));
    }

    /** As somebody with this token; null for nobody. */
    Got as(String token, String method, String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request.method(
                method,
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A new API token with this role. */
    String token(String role) {
        return send("POST", "/api/v1/tokens", "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(role, role))
                .json()
                .path("token")
                .asText();
    }

    public Got send(String method, String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Enrols a bin sensor at W1; gives back its token. */
    String enrol(String device) {
        Got got = send(
                "POST",
                "/api/v1/devices",
                "{\"id\":\"" + device + "\",\"profile\":\"generic-bin\",\"credentials\":{\"kind\":\"token\"},"
                        + "\"attach\":{\"layer\":\"waste_points\",\"feature_id\":\"W1\"}}");
        if (got.status() != 201) {
            throw new AssertionError(got.text());
        }
        return got.json().path("credentials").path("token").asText();
    }

    /** A device says something; the answer comes when it is stored and judged. */
    public Got tell(String deviceToken, String payload) {
        return send(HttpRequest.newBuilder(at("/api/v1/telemetry"))
                .header("Authorization", "Bearer " + deviceToken)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(payload)));
    }

    /** Does something to the database behind the service's back. */
    public void sql(String statement) {
        service.database().inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                return s.execute(statement);
            }
        });
    }

    /** Looks into the database behind the service's back. */
    public <T> T look(Database.Work<T> work) {
        return service.database().read(work);
    }

    @Override
    public void close() {
        service.close();
    }
}
