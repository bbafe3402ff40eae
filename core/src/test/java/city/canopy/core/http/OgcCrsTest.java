package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OGC 18-058r1: the abstract tests of Coordinate Reference Systems by Reference. */
@Timeout(120)
class OgcCrsTest {
    private static final String EPSG = "http://www.opengis.net/def/crs/EPSG/0/";
    private static final String LITTLE_KNOWN = "https://www.opengis.net/def/crs/EPSG/0/";
    private static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private static final String ITEMS = "/ogc/collections/trees/items";

    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.addTrees(20);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static JsonNode position(String query) {
        Got got = service.get(ITEMS + "/T1" + query);
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        return got.json().at("/geometry/coordinates");
    }

    private static String crsOf(Got got) {
        return got.response().headers().firstValue("content-crs").orElse("");
    }

    @Test
    void everyListedSystemIsServedAndNamedInTheAnswer() {
        JsonNode collection = service.get("/ogc/collections/trees").json();
        List<String> systems = new ArrayList<>();
        collection.path("crs").forEach(crs -> systems.add(crs.asText()));
        assertThat(systems)
                .startsWith(CRS84)
                .contains(collection.path("storageCrs").asText());
        assertThat(systems)
                .contains(EPSG + 4326, EPSG + 3857, EPSG + 32648, EPSG + 3405)
                .contains(LITTLE_KNOWN + 4756, LITTLE_KNOWN + 9205, LITTLE_KNOWN + 9213, LITTLE_KNOWN + 9218);
        for (String system : systems) {
            Got page = service.get(ITEMS + "?limit=2&crs=" + system);
            assertThat(page.status()).as(system).isEqualTo(200);
            assertThat(crsOf(page)).isEqualTo("<" + system + ">");
            assertThat(crsOf(service.get(ITEMS + "/T1?crs=" + system))).isEqualTo("<" + system + ">");
            assertThat(page.json().path("links").toString())
                    .contains(system.replace(":", "%3A").replace("/", "%2F"));
        }
        assertThat(crsOf(service.get(ITEMS))).isEqualTo("<" + CRS84 + ">");
    }

    /** Conformance suites look each address with http up in a dictionary of 2018 that turns 4756's axes and has no zones. */
    @Test
    void whatOlderDictionariesLackIsListedWithHttpsAndFoundWithEither() {
        List<String> withHttp = new ArrayList<>();
        service.get("/ogc/collections/trees").json().path("crs").forEach(crs -> withHttp.add(crs.asText()));
        withHttp.removeIf(crs -> !crs.startsWith(EPSG));
        assertThat(withHttp)
                .containsExactly(EPSG + 4326, EPSG + 3857, EPSG + 32648, EPSG + 32649, EPSG + 3405, EPSG + 3406);
        for (int code : new int[] {3857, 4756, 9213}) {
            assertThat(position("?crs=" + EPSG + code)).isEqualTo(position("?crs=" + LITTLE_KNOWN + code));
        }
        assertThat(crsOf(service.get(ITEMS + "?crs=" + EPSG + 9213))).isEqualTo("<" + EPSG + 9213 + ">");
        assertThat(service.get(ITEMS + "?crs=www.opengis.net/def/crs/EPSG/0/9213")
                        .code())
                .isEqualTo("unknown_crs");
    }

    @Test
    void theAxesAreInTheOrderOfTheRegister() {
        assertThat(position("").get(0).asDouble()).isEqualTo(105.8401);
        assertThat(position("?crs=" + EPSG + 4326).get(0).asDouble()).isEqualTo(21.47);
        assertThat(position("?crs=" + EPSG + 4326).get(1).asDouble()).isEqualTo(105.8401);
        // By formula: longitude times the radius, in radians.
        double easting = Math.toRadians(105.8401) * 6_378_137;
        assertThat(position("?crs=" + EPSG + 3857).get(0).asDouble()).isCloseTo(easting, within(0.001));
        assertThat(position("?crs=" + EPSG + 32648).get(0).asDouble()).isBetween(586_000.0, 588_000.0);
        assertThat(position("?crs=" + EPSG + 9213).get(0).asDouble()).isBetween(431_000.0, 433_000.0);
        assertThat(position("?crs=" + EPSG + 9213).get(1).asDouble()).isBetween(2_374_000.0, 2_376_000.0);
    }

    @Test
    void aBoxMeansTheSameInEverySystem() {
        List<String> expected = ids(service.get(ITEMS + "?limit=100&bbox=105.83995,21.469,105.84035,21.471"));
        assertThat(expected).hasSize(4);
        assertThat(ids(service.get(
                        ITEMS + "?limit=100&bbox=21.469,105.83995,21.471,105.84035&bbox-crs=" + EPSG + 4326)))
                .isEqualTo(expected);
        for (int code : new int[] {3857, 32648, 9213}) {
            JsonNode from = position("?crs=" + EPSG + code);
            String box = String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,%.3f,%.3f",
                    from.get(0).asDouble() - 15,
                    from.get(1).asDouble() - 50,
                    from.get(0).asDouble() + 15,
                    from.get(1).asDouble() + 50);
            assertThat(ids(service.get(ITEMS + "?limit=100&bbox=" + box + "&bbox-crs=" + EPSG + code)))
                    .as("%s", code)
                    .containsExactly("T0", "T1", "T2");
        }
    }

    private static List<String> ids(Got got) {
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        got.json()
                .path("features")
                .forEach(feature -> ids.add(feature.path("id").asText()));
        return ids;
    }

    @Test
    void anUnknownSystemIsRefused() {
        for (String query : List.of("?crs=", "?bbox=1,2,3,4&bbox-crs=", "?bbox-crs=")) {
            for (String crs : List.of("http://www.opengis.net/def/crs/EPSG/0/0", "EPSG:4326", "x")) {
                assertThat(service.get(ITEMS + query + crs).code()).isEqualTo("unknown_crs");
            }
        }
        assertThat(service.get(ITEMS + "/T1?crs=x").status()).isEqualTo(400);
    }
}
