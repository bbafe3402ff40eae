package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.tile.TileAddress;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

@Timeout(120)
class TilesTest {
    private static final int PLACE = 16;

    @TempDir
    private Path folder;

    private static HttpResponse<byte[]> get(RunningService service, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.at(path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String tile(String layer, double lon, double lat) {
        TileAddress address = TileAddress.at(lon, lat, PLACE);
        return "/ogc/collections/" + layer + "/tiles/WebMercatorQuad/" + PLACE + "/" + address.row() + "/"
                + address.column();
    }

    private static GeoFeature point(String layer, String id, double lon, double lat) {
        return new GeoFeature(
                layer, id, new GeometryFactory().createPoint(new Coordinate(lon, lat)), Map.of("name", id), 1);
    }

    @Test
    void aPublicLayerIsServedToEverybodyAndAChangeIsSeenOnlyWhereItIs() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.addTrees(30);
            String here = tile("trees", 105.8401, 21.47);
            HttpResponse<byte[]> first = get(service, here);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("content-type")).contains("application/vnd.mapbox-vector-tile");
            assertThat(new String(first.body(), StandardCharsets.UTF_8)).contains("trees", "species", "Bàng");
            HttpResponse<byte[]> packed = get(service, here, "Accept-Encoding", "gzip");
            assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
            assertThat(packed.body().length).isLessThan(first.body().length);

            String tag = first.headers().firstValue("etag").orElseThrow();
            assertThat(get(service, here, "If-None-Match", tag).statusCode()).isEqualTo(304);
            service.layers().put(point("trees", "far", 105.9, 21.5), "test");
            assertThat(get(service, here, "If-None-Match", tag).statusCode())
                    .as("a tree elsewhere")
                    .isEqualTo(304);
            service.layers().put(point("trees", "near", 105.8402, 21.4701), "test");
            HttpResponse<byte[]> changed = get(service, here, "If-None-Match", tag);
            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(new String(changed.body(), StandardCharsets.UTF_8)).contains("near");
            assertThat(get(service, tile("trees", 10, 50)).body())
                    .as("nothing there")
                    .isEmpty();
        }
    }

    @Test
    void aLayerThatIsNotPublicIsForThoseWhoAreLoggedIn() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.layers()
                    .ensureLayer(new LayerDefinition(
                            "cameras",
                            null,
                            LayerDefinition.Kind.POINT,
                            Map.of("vi", "Camera", "en", "Cameras"),
                            false,
                            List.of()));
            service.layers().put(point("cameras", "C1", 105.84, 21.47), "test");
            String path = tile("cameras", 105.84, 21.47);
            assertThat(get(service, path).statusCode()).isEqualTo(404);
            assertThat(get(service, path, "Authorization", "Bearer " + RunningService.TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void severalLayersComeAsOneTileWithWhatIsAskedForAndWhatOneMaySee() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.addTrees(3);
            service.layers()
                    .ensureLayer(new LayerDefinition(
                            "cameras",
                            null,
                            LayerDefinition.Kind.POINT,
                            Map.of("vi", "Camera", "en", "Cameras"),
                            false,
                            List.of()));
            service.layers().put(point("cameras", "C1", 105.84, 21.47), "test");
            String path = tile("trees", 105.84, 21.47).replace("/collections/trees", "");
            String all = new String(get(service, path).body(), StandardCharsets.UTF_8);
            assertThat(all).contains("trees", "species_group").doesNotContain("cameras");
            String own = new String(
                    get(service, path, "Authorization", "Bearer " + RunningService.TOKEN)
                            .body(),
                    StandardCharsets.UTF_8);
            assertThat(own).contains("trees", "cameras");
            String few = new String(
                    get(service, path + "?collections=trees&properties=species").body(), StandardCharsets.UTF_8);
            assertThat(few).contains("trees", "species").doesNotContain("species_group");
            assertThat(get(service, path + "?collections=cameras").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theTileJsonSaysWhereTheTilesAreAndWhatIsInThem() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            service.addTrees(2);
            JsonNode json = service.get("/ogc/collections/trees/tiles/WebMercatorQuad/tilejson.json")
                    .json();
            assertThat(json.path("tiles").get(0).asText())
                    .startsWith(service.at("/ogc/collections/trees/tiles/WebMercatorQuad/{z}/{y}/{x}?v="
                                    .replace("{", "%7B")
                                    .replace("}", "%7D"))
                            .toString()
                            .replace("%7B", "{")
                            .replace("%7D", "}"));
            assertThat(json.path("vector_layers")
                            .get(0)
                            .path("fields")
                            .path("species")
                            .asText())
                    .isEqualTo("String");
            assertThat(json.path("bounds").get(1).asDouble()).isEqualTo(21.47);
        }
    }

    @Test
    void whatIsNoTileIsRefusedInWords() throws Exception {
        try (RunningService service = new RunningService(folder)) {
            String below = "/ogc/collections/trees/tiles/WebMercatorQuad";
            assertThat(get(service, below + "/3/8/0").statusCode()).isEqualTo(400);
            assertThat(new String(get(service, below + "/3/8/0").body(), StandardCharsets.UTF_8))
                    .contains("0 to 7");
            assertThat(get(service, below + "/a/0/0").statusCode()).isEqualTo(400);
            assertThat(get(service, "/ogc/collections/none/tiles/WebMercatorQuad/0/0/0")
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
