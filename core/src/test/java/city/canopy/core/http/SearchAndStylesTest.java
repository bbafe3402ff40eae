package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.layers.LayerDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SearchAndStylesTest {
    @TempDir
    private Path folder;

    private static HttpResponse<byte[]> get(RunningService service, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.at(path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> asUser(RunningService service, String path) throws Exception {
        return get(service, path, "Authorization", "Bearer " + RunningService.TOKEN);
    }

    @Test
    void searchFindsOverTheLayersAndSaysWhatIsWrongWithAQuery() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.addTrees(30);
            assertThat(get(service, "/api/v1/search?q=bang").statusCode()).isEqualTo(401);
            JsonNode found =
                    Json.read(asUser(service, "/api/v1/search?q=bang&limit=3").body());
            assertThat(found.get("count").asInt()).isEqualTo(30);
            assertThat(found.get("items")).hasSize(3);
            JsonNode first = found.get("items").get(0);
            assertThat(first.get("layer").asText()).isEqualTo("trees");
            assertThat(first.get("position").get(0).asDouble()).isBetween(105.8, 105.9);
            assertThat(first.get("matched").get(0).get("property").asText()).isEqualTo("species");
            JsonNode named =
                    Json.read(asUser(service, "/api/v1/search?q=cho%20binh").body());
            assertThat(named.get("items").get(0).get("id").asText()).isEqualTo("W1");
            assertThat(asUser(service, "/api/v1/search?q=").statusCode()).isEqualTo(400);
            assertThat(asUser(service, "/api/v1/search?q=a&limit=51").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void eachLayerHasStylesThatAreWholeAndTileJsonLeadsToThem() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.layers()
                    .ensureLayer(new LayerDefinition(
                            "cameras",
                            null,
                            LayerDefinition.Kind.POINT,
                            Map.of("vi", "Máy ảnh", "en", "Cameras"),
                            false,
                            List.of()));
            String origin = service.at("").toString();
            JsonNode links = Json.read(
                            get(service, "/ogc/collections/trees?f=json").body())
                    .get("links");
            assertThat(links.findValuesAsText("href")).contains(origin + "/ogc/collections/trees/styles");
            JsonNode list =
                    Json.read(get(service, "/ogc/collections/trees/styles").body());
            assertThat(list.get("default").asText()).isEqualTo("light");
            String address =
                    list.get("styles").get(1).get("links").get(0).get("href").asText();
            assertThat(address).isEqualTo(origin + "/ogc/collections/trees/styles/dark");
            HttpResponse<byte[]> answer = get(service, address.substring(origin.length()));
            assertThat(answer.headers().firstValue("content-type")).contains("application/vnd.mapbox.style+json");
            JsonNode style = Json.read(answer.body());
            assertThat(style.at("/sources/trees/tiles/0").asText())
                    .isEqualTo(origin + "/ogc/collections/trees/tiles/WebMercatorQuad/{z}/{y}/{x}");
            assertThat(style.at("/layers/0/paint/circle-color").asText()).isEqualTo("#4d9a68");
            assertThat(style.at("/metadata/canopy:legend/0/color").asText()).isEqualTo("#4d9a68");
            JsonNode tileJson = Json.read(get(service, "/ogc/collections/trees/tiles/WebMercatorQuad/tilejson.json")
                    .body());
            assertThat(tileJson.at("/links/0/href").asText()).isEqualTo(origin + "/ogc/collections/trees/styles");

            assertThat(get(service, "/ogc/collections/cameras/styles/light").statusCode())
                    .isEqualTo(404);
            JsonNode general = Json.read(
                    asUser(service, "/ogc/collections/cameras/styles/light").body());
            assertThat(general.get("layers")).hasSize(1);
            assertThat(general.at("/layers/0/id").asText()).isEqualTo("cameras-point");
            assertThat(general.at("/metadata/canopy:legend/0/title/en").asText())
                    .isEqualTo("Cameras");
            assertThat(get(service, "/ogc/collections/trees/styles/neon").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void theStreetMapIsGivenOutInRangesOfBytes() throws Exception {
        Path archive = folder.resolve("streets.pmtiles");
        byte[] bytes = new byte[BasemapRoutes.MAX_RANGE + 10];
        bytes[5] = 42;
        Files.write(archive, bytes);
        try (RunningService service = new RunningService(folder, Map.of("CANOPY_MAP_BASEMAP", "streets.pmtiles"))) {
            assertThat(new String(asUser(service, "/api/v1/map").body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"box\":null,\"basemap\":\"/basemap.pmtiles\"}");
            assertThat(new String(asUser(service, "/api/v1/map?theme=dark").body(), StandardCharsets.UTF_8))
                    .contains("\"styles\":{", "\"waste_points\":{\"version\":8");
            assertThat(asUser(service, "/api/v1/map?theme=neon").statusCode()).isEqualTo(400);
            HttpResponse<byte[]> part = get(service, "/basemap.pmtiles", "Range", "bytes=4-6");
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).containsExactly(0, 42, 0);
            assertThat(part.headers().firstValue("content-range")).contains("bytes 4-6/" + bytes.length);
            assertThat(get(service, "/basemap.pmtiles").statusCode()).isEqualTo(400);
            assertThat(get(service, "/basemap.pmtiles", "Range", "bytes=0-").statusCode())
                    .as("more than is given out at once")
                    .isEqualTo(416);
            Files.delete(archive);
            assertThat(get(service, "/basemap.pmtiles", "Range", "bytes=4-6").statusCode())
                    .isEqualTo(404);
        }
    }
}
