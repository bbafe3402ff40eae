package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** OGC 17-069r4: the abstract tests of Core, GeoJSON, HTML and OpenAPI 3.0, over the running service and without log-in. */
@Timeout(120)
class OgcCoreTest {
    private static final int TREES = 25;

    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.addTrees(TREES);
        service.layers()
                .ensureLayer(new LayerDefinition(
                        "cameras", null, LayerDefinition.Kind.POINT, Map.of("en", "Cameras"), false, List.of()));
        service.layers().put(point("cameras", "C1", Map.of("name", "one")), "test");
        service.layers()
                .ensureLayer(new LayerDefinition(
                        "closures", null, LayerDefinition.Kind.POINT, Map.of("en", "Closures"), true, List.of()));
        service.layers()
                .load(
                        "closures",
                        List.of(
                                point("closures", "past", Map.of("valid_from", "2024-01-01", "valid_to", "2024-02-01")),
                                point("closures", "now", Map.of("valid_from", "2024-02-01")),
                                point("closures", "always", Map.of())),
                        "test");
        service.addWorks();
    }

    private static GeoFeature point(String layer, String id, Map<String, Object> properties) {
        return new GeoFeature(
                layer, id, new GeometryFactory().createPoint(new Coordinate(105.84, 21.47)), properties, 1);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static Got get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.at(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.send(request);
    }

    private static String type(Got got) {
        return got.response().headers().firstValue("content-type").orElse("");
    }

    private static JsonNode link(JsonNode document, String rel, String type) {
        for (JsonNode link : document.path("links")) {
            if (link.path("rel").asText().equals(rel)
                    && link.path("type").asText().equals(type)) {
                return link;
            }
        }
        throw new AssertionError("no link " + rel + " " + type + " in " + document.path("links"));
    }

    private static String below(String href) {
        String root = service.at("").toString();
        assertThat(href).startsWith(root);
        return href.substring(root.length());
    }

    private static List<String> ids(Got got) {
        List<String> ids = new ArrayList<>();
        got.json()
                .path("features")
                .forEach(feature -> ids.add(feature.path("id").asText()));
        return ids;
    }

    @Test
    void theLandingPageLeadsToEverythingElse() {
        for (String root : List.of("/ogc", "/ogc/")) {
            Got got = get(root, "Accept", "application/json");
            assertThat(got.status()).isEqualTo(200);
            link(got.json(), "self", "application/json");
            link(got.json(), "alternate", "text/html");
            for (String[] other : new String[][] {
                {"service-desc", "application/vnd.oai.openapi+json;version=3.0"},
                {"service-doc", "text/html"},
                {"conformance", "application/json"},
                {"data", "application/json"}
            }) {
                String href = link(got.json(), other[0], other[1]).path("href").asText();
                Got there = get(below(href), "Accept", other[1]);
                assertThat(there.status()).as(href).isEqualTo(200);
                assertThat(type(there)).startsWith(other[1]);
            }
        }
    }

    @Test
    void everyDocumentIsAlsoAPage() {
        for (String path : List.of(
                "/ogc",
                "/ogc/conformance",
                "/ogc/api",
                "/ogc/collections",
                "/ogc/collections/trees",
                "/ogc/collections/trees/queryables",
                "/ogc/collections/trees/schema",
                "/ogc/collections/trees/items",
                "/ogc/collections/trees/items/T1")) {
            Got page = get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language", "vi");
            assertThat(type(page)).as(path).startsWith("text/html");
            assertThat(page.text()).contains("<html lang=\"vi\">").doesNotContain("<script");
            assertThat(type(get(path + "?f=json"))).as(path).contains("json");
            assertThat(get(path + "?f=xml").status()).as(path).isEqualTo(400);
            assertThat(get(path + "?nonsense=1").status()).as(path).isEqualTo(400);
        }
    }

    @Test
    void aTextThatLooksLikeMarkupStaysAText() {
        service.layers().put(point("closures", "<b>", Map.of("note", "<script>alert(1)</script>")), "test");
        try {
            assertThat(get("/ogc/collections/closures/items?f=html").text())
                    .contains("&lt;script&gt;")
                    .doesNotContain("<script", "<b>");
        } finally {
            service.layers().remove("closures", "<b>", "test");
        }
    }

    @Test
    void layersSayWhereTheyAreAndOnlyThoseWhoMaySeeThemLearnOfThem() {
        JsonNode all = get("/ogc/collections").json();
        assertThat(all.path("collections").findValuesAsText("id"))
                .contains("trees", "wards")
                .doesNotContain("cameras");
        assertThat(service.get("/ogc/collections").json().path("collections").findValuesAsText("id"))
                .contains("cameras");
        assertThat(get("/ogc/collections/cameras").status()).isEqualTo(404);
        assertThat(get("/ogc/collections/cameras/items").status()).isEqualTo(404);
        assertThat(get("/ogc/collections/cameras/items/C1").status()).isEqualTo(404);
        assertThat(service.get("/ogc/collections/cameras/items/C1").status()).isEqualTo(200);
        JsonNode trees = get("/ogc/collections/trees").json();
        link(trees, "self", "application/json");
        link(trees, "alternate", "text/html");
        link(trees, "items", "application/geo+json");
        link(trees, "items", "text/html");
        assertThat(trees.at("/extent/spatial/bbox/0/0").asDouble()).isEqualTo(105.84);
        assertThat(trees.path("itemType").asText()).isEqualTo("feature");
        assertThat(get("/ogc/collections/closures")
                        .json()
                        .at("/extent/temporal")
                        .isMissingNode())
                .as("one of them always holds: there is no first and no last moment")
                .isTrue();
        assertThat(get("/ogc/collections/works").json().at("/extent/temporal/interval"))
                .isEqualTo(Json.read(
                        "[[\"2023-12-31T17:00:00Z\",\"2024-02-29T17:00:00Z\"]]".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aPageCountsWhatIsThereAndLeadsOnStablyThroughEdits() {
        Instant before = Instant.now().minusMillis(1);
        Got first = get("/ogc/collections/trees/items");
        assertThat(type(first)).isEqualTo("application/geo+json");
        assertThat(first.json().path("numberMatched").asInt()).isEqualTo(TREES);
        assertThat(first.json().path("numberReturned").asInt()).isEqualTo(10);
        assertThat(Instant.parse(first.json().path("timeStamp").asText())).isBetween(before, Instant.now());
        link(first.json(), "alternate", "text/html");
        List<String> seen = new ArrayList<>(ids(first));
        service.layers().remove("trees", seen.get(3), "test");
        Got page = first;
        try {
            while (page.json().path("links").findValuesAsText("rel").contains("next")) {
                page = get(below(link(page.json(), "next", "application/geo+json")
                        .path("href")
                        .asText()));
                assertThat(page.status()).isEqualTo(200);
                seen.addAll(ids(page));
            }
            assertThat(seen).hasSize(TREES).doesNotHaveDuplicates().isSorted();
            page = get(below(link(page.json(), "prev", "application/geo+json")
                    .path("href")
                    .asText()));
            assertThat(ids(page)).isEqualTo(seen.subList(10, 20));
        } finally {
            service.addTrees(TREES);
        }
    }

    @Test
    void theLimitIsKept() {
        String items = "/ogc/collections/trees/items?limit=";
        assertThat(ids(get(items + 1))).hasSize(1);
        assertThat(ids(get(items + 10_000))).hasSize(TREES);
        assertThat(ids(get(items + "10001"))).as("no error").hasSize(TREES);
        assertThat(ids(get(items + "5&offset=22"))).hasSize(3);
        for (String bad : List.of("0", "-1", "ten", "1.5", "99999999999999999999")) {
            assertThat(get(items + bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void theBoxIsKept() {
        String items = "/ogc/collections/trees/items?limit=100&bbox=";
        assertThat(ids(get(items + "105.83995,21.469,105.84025,21.471"))).containsExactly("T0", "T1", "T2");
        assertThat(ids(get(items + "105.83995,21.469,-10,105.84025,21.471,10"))).containsExactly("T0", "T1", "T2");
        assertThat(ids(get(items + "105.84,21.47,105.84,21.47"))).containsExactly("T0");
        assertThat(ids(get(items + "-180,-90,180,90"))).hasSize(TREES);
        assertThat(ids(get(items + "177,65,-177,70"))).as("over 180").isEmpty();
        assertThat(ids(get(items + "177,-65,106,70"))).as("over 180").hasSize(TREES);
        for (String bad : List.of("1,2,3", "1,2,3,4,5", "a,b,c,d", "1,5,2,4", "1,2,3,NaN", "")) {
            assertThat(get(items + bad).status()).as(bad).isEqualTo(bad.isEmpty() ? 200 : 400);
        }
    }

    @Test
    void theExtentHoldsEveryFeatureAlsoWithSevenDecimals() {
        service.layers()
                .put(
                        new GeoFeature(
                                "closures",
                                "fine",
                                new GeometryFactory().createPoint(new Coordinate(105.83333333333, 21.66666666666)),
                                Map.of(),
                                1),
                        "test");
        try {
            JsonNode box = get("/ogc/collections/closures").json().at("/extent/spatial/bbox/0");
            assertThat(box.get(0).asDouble()).isEqualTo(105.8333333);
            assertThat(box.get(3).asDouble()).isEqualTo(21.6666667);
            String seven = String.format(
                    Locale.ROOT,
                    "%.7f,%.7f,%.7f,%.7f",
                    box.get(0).asDouble(),
                    box.get(1).asDouble(),
                    box.get(2).asDouble(),
                    box.get(3).asDouble());
            assertThat(ids(get("/ogc/collections/closures/items?bbox=" + seven)))
                    .hasSize(4);
        } finally {
            service.layers().remove("closures", "fine", "test");
        }
    }

    @Test
    void theTimeIsKept() {
        String items = "/ogc/collections/closures/items?datetime=";
        assertThat(ids(get(items + "2024-01-15"))).containsExactly("always", "past");
        assertThat(ids(get(items + "2024-01-15T12:00:00Z"))).containsExactly("always", "past");
        assertThat(ids(get(items + "2024-01-15/.."))).containsExactly("always", "now", "past");
        assertThat(ids(get(items + "2024-02-01/"))).containsExactly("always", "now");
        assertThat(ids(get(items + "../2023-12-31"))).containsExactly("always");
        assertThat(ids(get(items + "2024-01-20/P30D"))).containsExactly("always", "now", "past");
        for (String bad :
                List.of("yesterday", "2024-02-30", "2024-02-01/2024-01-01", "2024-01-01/2024-02-01/2024-03-01")) {
            assertThat(get(items + bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void propertiesAreParameters() {
        String items = "/ogc/collections/trees/items?species=";
        assertThat(get(items + "B%C3%A0ng").json().path("numberMatched").asInt())
                .isEqualTo(TREES);
        assertThat(ids(get(items + "Xoan"))).isEmpty();
        assertThat(get("/ogc/collections/trees/items?specis=X").text())
                .contains("specis")
                .contains("species");
        assertThat(get("/ogc/collections/trees/items?limit=1&limit=2").status()).isEqualTo(400);
    }

    @Test
    void aFeatureIsItselfWithItsTag() {
        Got tree = get("/ogc/collections/trees/items/T1");
        assertThat(type(tree)).isEqualTo("application/geo+json");
        assertThat(tree.json().path("type").asText()).isEqualTo("Feature");
        assertThat(tree.json().path("id").asText()).isEqualTo("T1");
        link(tree.json(), "self", "application/geo+json");
        link(tree.json(), "alternate", "text/html");
        link(tree.json(), "collection", "application/json");
        String tag = tree.response().headers().firstValue("etag").orElseThrow();
        assertThat(get("/ogc/collections/trees/items/T1", "If-None-Match", tag).status())
                .isEqualTo(304);
        assertThat(get("/ogc/collections/trees/items/none").status()).isEqualTo(404);
        assertThat(get("/ogc/collections/none/items").status()).isEqualTo(404);
    }

    @Test
    void theOpenApiDocumentIsValidAndNamesTheAddress() {
        JsonNode document = get("/ogc/api").json();
        assertThat(document.at("/servers/0/url").asText())
                .isEqualTo(service.at("/ogc").toString());
        assertThat(document.toString()).doesNotContain("\"$ref\"");
        assertThat(document.path("paths").has("/collections/cameras")).isFalse();
        assertThat(document.path("paths").has("/collections/trees/items/{featureId}"))
                .isTrue();
        for (JsonNode parameter : document.at("/paths/~1collections~1trees~1items/get/parameters")) {
            assertThat(parameter.path("style").asText()).isEqualTo("form");
            assertThat(parameter.path("explode").asBoolean(true)).isFalse();
            JsonNode schema = parameter.path("schema");
            switch (parameter.path("name").asText()) {
                case "limit" -> {
                    assertThat(schema.path("minimum").asInt()).isEqualTo(1);
                    assertThat(schema.path("maximum").asInt()).isEqualTo(10_000);
                    assertThat(schema.path("default").asInt()).isEqualTo(10);
                }
                case "bbox" ->
                    assertThat(schema.at("/oneOf/1/maxItems").asInt()).isEqualTo(6);
                case "datetime" -> assertThat(schema.path("type").asText()).isEqualTo("string");
                default -> assertThat(schema.path("type").isTextual()).isTrue();
            }
        }
    }

    @Test
    void theQueryablesAreASchema() {
        Got got = get("/ogc/collections/trees/queryables");
        assertThat(type(got)).isEqualTo("application/schema+json");
        assertThat(got.json().path("$id").asText())
                .isEqualTo(service.at("/ogc/collections/trees/queryables").toString());
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(new String(got.text().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .validate("{\"species\":\"B\u00e0ng\"}", InputFormat.JSON))
                .isEmpty();
        assertThat(got.json().at("/properties/species/type").asText()).isEqualTo("string");
    }

    @Test
    void theSchemaSaysWhatFeaturesHave() {
        String path = "/ogc/collections/trees/schema";
        String href = link(
                        get("/ogc/collections/trees").json(),
                        "http://www.opengis.net/def/rel/ogc/1.0/schema",
                        "application/schema+json")
                .path("href")
                .asText();
        assertThat(below(href)).isEqualTo(path);
        Got got = get(path, "Accept", "application/schema+json");
        assertThat(type(got)).isEqualTo("application/schema+json");
        JsonNode schema = got.json();
        assertThat(schema.path("$id").asText()).isEqualTo(service.at(path).toString());
        assertThat(schema.path("additionalProperties").asBoolean(false))
                .as("properties of an import that nobody declared are kept")
                .isTrue();
        assertThat(schema.at("/properties/geometry/x-ogc-role").asText()).isEqualTo("primary-geometry");
        assertThat(schema.at("/properties/geometry/format").asText()).isEqualTo("geometry-point");
        assertThat(schema.at("/properties/geometry").has("type")).isFalse();
        assertThat(schema.at("/properties/id/x-ogc-role").asText()).isEqualTo("id");
        assertThat(schema.at("/properties/height_m/type").asText())
                .as("declared as a number, whatever the values are so far")
                .isEqualTo("number");
        List<Integer> places = new ArrayList<>();
        schema.path("properties")
                .forEach(one -> places.add(one.path("x-ogc-propertySeq").asInt()));
        assertThat(places).isSorted().doesNotHaveDuplicates().startsWith(1);
        List<String> names = new ArrayList<>();
        get("/ogc/collections/trees/queryables")
                .json()
                .path("properties")
                .fieldNames()
                .forEachRemaining(names::add);
        assertThat(schema.path("properties").fieldNames()).toIterable().containsExactlyElementsOf(names);
        JsonNode wards = get("/ogc/collections/wards/schema").json().path("properties");
        assertThat(wards.at("/valid_from/x-ogc-role").asText()).isEqualTo("primary-interval-start");
        assertThat(wards.at("/valid_to/x-ogc-role").asText()).isEqualTo("primary-interval-end");
        assertThat(get("/ogc/api").json().path("paths").has(path.substring("/ogc".length())))
                .isTrue();
        assertThat(get("/ogc/conformance").json().path("conformsTo").toString())
                .contains("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas");
    }
}
