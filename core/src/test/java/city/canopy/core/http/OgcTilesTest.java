package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OGC 20-057: from the landing page to a tile by links alone. */
@Timeout(120)
class OgcTilesTest {
    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.addTrees(25);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static String link(JsonNode json, String rel) {
        for (JsonNode link : json.path("links")) {
            if (link.path("rel").asText().equals(rel)) {
                return link.path("href").asText().replaceFirst("^https?://[^/]+", "");
            }
        }
        throw new AssertionError("no link " + rel + " in " + json);
    }

    @Test
    void theTilesOfALayerAreFoundByLinks() {
        JsonNode layer = service.get("/ogc/collections/trees").json();
        JsonNode sets = service.get(link(layer, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"))
                .json();
        JsonNode set = service.get(link(sets.path("tilesets").get(0), "self")).json();

        assertThat(set.path("dataType").asText()).isEqualTo("vector");
        assertThat(set.path("layers").get(0).path("id").asText()).isEqualTo("trees");
        assertThat(set.path("boundingBox").path("lowerLeft")).hasSize(2);
        assertThat(set.path("tileMatrixSetLimits")).hasSize(23);
        assertThat(set.path("tileMatrixSetLimits").get(3).path("maxTileRow").asInt())
                .isEqualTo(7);
        String tile = link(set, "item")
                .replace("{tileMatrix}", "0")
                .replace("{tileRow}", "0")
                .replace("{tileCol}", "0");
        assertThat(service.get(tile).status()).isEqualTo(200);
        JsonNode scheme = service.get(link(set, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"))
                .json();
        assertThat(scheme.path("tileMatrices").get(1).path("matrixWidth").asInt())
                .isEqualTo(2);
        assertThat(scheme.path("tileMatrices").get(0).path("scaleDenominator").asDouble())
                .isCloseTo(559_082_264.029, org.assertj.core.data.Offset.offset(0.01));
    }

    @Test
    void theTilesOfAllLayersAreFoundByLinks() {
        JsonNode landing = service.get("/ogc").json();
        JsonNode sets = service.get(link(landing, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"))
                .json();
        JsonNode set = service.get(link(sets.path("tilesets").get(0), "self")).json();

        String tile = link(set, "item")
                .replace("{tileMatrix}", "0")
                .replace("{tileRow}", "0")
                .replace("{tileCol}", "0");
        assertThat(service.get(tile).status()).isEqualTo(200);
        assertThat(service.get(tile + "?collections=trees").status()).isEqualTo(200);
        assertThat(service.get(link(landing, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"))
                        .json()
                        .path("tileMatrixSets"))
                .hasSize(1);
        assertThat(service.get("/ogc/conformance").json().path("conformsTo").toString())
                .contains("ogcapi-tiles-1/1.0/conf/mvt");
        assertThat(service.get("/ogc/tiles?f=html").text()).contains("<html");
        assertThat(service.get("/ogc/tiles?nonsense=1").status()).isEqualTo(400);
    }
}
