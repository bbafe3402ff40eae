package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import city.canopy.geo.crs.ServedCrs;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * A client that knows where the landing page is and the standards, and nothing else: layers, addresses and parameters it has
 * from links and from the OpenAPI document. What it asks of every layer is what the abstract tests of OGC API – Features
 * (parts 1 and 2) and Tiles ask.
 */
@Timeout(120)
class OgcConformanceTest {
    private static final String JSON = "application/json";
    private static final String GEO_JSON = "application/geo+json";
    private static final String HTML = "text/html";
    private static final String OPEN_API = "application/vnd.oai.openapi+json;version=3.0";
    private static final String TILE_SETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    private static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private static final String NOT_SERVED = "http://www.opengis.net/def/crs/EPSG/0/1";
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    /** Each is answered 200, by every layer. */
    private static final List<Map<String, String>> ASKED = List.of(
            Map.of(),
            Map.of("limit", "1"),
            Map.of("limit", "100"),
            Map.of("limit", "1000000"),
            Map.of("bbox", "-1.5,50,1.5,53"),
            Map.of("bbox", "-80,-5,-70,5"),
            Map.of("bbox", "177,65,-177,70"),
            Map.of("bbox", "-180,85,180,90"),
            Map.of("bbox", "-180,-90,180,-85"),
            Map.of("bbox", "105,21,-10,106,22,1000"),
            Map.of("datetime", "2024-01-15T00:00:00Z"),
            Map.of("datetime", "2024-01-15T00:00:00Z/2024-02-15T12:31:12Z"),
            Map.of("datetime", "2024-01-15/P2D"),
            Map.of("datetime", "../2024-01-15T00:00:00Z"),
            Map.of("datetime", "2024-01-15T00:00:00Z/.."));

    /** Each is answered 400, by every layer. */
    private static final List<Map<String, String>> REFUSED = List.of(
            Map.of("limit", "unlimited"),
            Map.of("limit", "0"),
            Map.of("unknownQueryParameter", "1"),
            Map.of("bbox", "1,2,3"),
            Map.of("bbox", "a,b,c,d"),
            Map.of("datetime", "yesterday"),
            Map.of("crs", NOT_SERVED),
            Map.of("bbox-crs", NOT_SERVED, "bbox", "5,49,6,50"));

    @TempDir
    private static Path folder;

    private static RunningService service;
    private static JsonNode landing;
    private static JsonNode api;
    private static List<JsonNode> layers;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.addTrees(25);
        service.addWorks();
        landing = get(service.at("/ogc/").toString(), JSON).json();
        api = get(link(landing, "service-desc", OPEN_API), OPEN_API).json();
        layers = new ArrayList<>();
        get(link(landing, "data", JSON), JSON).json().path("collections").forEach(layers::add);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static Got get(String address, String accept) {
        return service.send(HttpRequest.newBuilder(URI.create(address)).header("Accept", accept));
    }

    private static Got items(JsonNode layer, Map<String, String> parameters) {
        return get(with(link(layer, "items", GEO_JSON), parameters), GEO_JSON);
    }

    private static String with(String address, Map<String, String> parameters) {
        StringBuilder all = new StringBuilder(address);
        parameters.forEach((name, value) -> all.append(all.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return all.toString();
    }

    private static List<String> links(JsonNode document, String rel, String type) {
        List<String> found = new ArrayList<>();
        for (JsonNode link : document.path("links")) {
            if (link.path("rel").asText().equals(rel)
                    && link.path("type").asText().equals(type)) {
                found.add(link.path("href").asText());
            }
        }
        return found;
    }

    private static String link(JsonNode document, String rel, String type) {
        assertThat(links(document, rel, type))
                .as("%s %s in %s", rel, type, document.path("links"))
                .isNotEmpty();
        return links(document, rel, type).get(0);
    }

    private static String type(Got got) {
        return got.response().headers().firstValue("content-type").orElse("").replaceFirst("; charset=.*", "");
    }

    private static String crs(Got got) {
        return got.response().headers().firstValue("content-crs").orElse("");
    }

    private static void isLinked(JsonNode document, String type) {
        link(document, "self", type);
        assertThat(get(link(document, "alternate", HTML), HTML).status()).isEqualTo(200);
        for (JsonNode link : document.path("links")) {
            for (String member : List.of("href", "rel", "type")) {
                assertThat(link.path(member).asText()).as(link.toString()).isNotEmpty();
            }
        }
    }

    private static String firstId(JsonNode layer) {
        return items(layer, Map.of()).json().at("/features/0/id").asText("none");
    }

    private static JsonNode layerOf(String path) {
        String name = path.split("/")[2];
        return layers.stream()
                .filter(layer -> layer.path("id").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyAddressOfTheDocumentIsThereInEachOfItsForms() {
        String root = api.at("/servers/0/url").asText();
        Set<String> operations = new HashSet<>();
        api.path("paths").properties().forEach(path -> {
            String address = path.getKey().replaceAll("\\{tile[A-Z][a-z]+}", "0");
            if (address.contains("{featureId}")) {
                JsonNode layer = layerOf(address);
                if (matched(items(layer, Map.of())) == 0) {
                    return;
                }
                address = address.replace("{featureId}", firstId(layer));
            }
            JsonNode operation = path.getValue().path("get");
            for (Map.Entry<String, JsonNode> form :
                    operation.at("/responses/200/content").properties()) {
                Got got = get(root + address, form.getKey());
                assertThat(got.status()).as(address).isEqualTo(200);
                assertThat(type(got)).as(address).isEqualTo(form.getKey());
            }
            assertThat(get(root + address + "?unknownQueryParameter=1", "*/*").status())
                    .as(address)
                    .isEqualTo(400);
            for (JsonNode one : path.getValue()) {
                assertThat(one.isArray()
                                || operations.add(one.path("operationId").asText()))
                        .as("an operation has an id of its own in %s", path.getKey())
                        .isTrue();
            }
        });
        assertThat(operations).anyMatch(id -> id.endsWith(".dataset.vector.getTile"));
        assertThat(operations).anyMatch(id -> id.endsWith(".collection.vector.getTileSetsList"));
    }

    @Test
    void theParametersAreDefinedAsTheStandardHasThem() {
        Map<String, String> types = Map.of("limit", "integer", "bbox", "array", "datetime", "string", "crs", "string");
        for (JsonNode layer : layers) {
            JsonNode get = api.path("paths")
                    .path("/collections/" + layer.path("id").asText() + "/items")
                    .path("get");
            Map<String, JsonNode> defined = new LinkedHashMap<>();
            for (JsonNode parameter : get.path("parameters")) {
                defined.put(parameter.path("name").asText(), parameter);
                assertThat(parameter.path("required").asBoolean(true)).isFalse();
                assertThat(parameter.path("style").asText()).isEqualTo("form");
                assertThat(parameter.path("explode").asBoolean(true)).isFalse();
                assertThat(parameter.path("in").asText()).isEqualTo("query");
            }
            types.forEach((name, type) -> assertThat(
                            defined.get(name).at("/schema/type").asText())
                    .as(name)
                    .isEqualTo(type));
            assertThat(defined.get("bbox").at("/schema/items/type").asText()).isEqualTo("number");
        }
    }

    @Test
    void everyLayerIsDescribedAlikeWhereverItIs() {
        isLinked(get(link(landing, "data", JSON), JSON).json(), JSON);
        assertThat(layers).hasSizeGreaterThan(3);
        for (JsonNode layer : layers) {
            JsonNode one = get(link(layer, "self", JSON), JSON).json();
            isLinked(one, JSON);
            for (String member : List.of("id", "title", "extent", "crs", "storageCrs")) {
                assertThat(one.path(member)).as(member).isEqualTo(layer.path(member));
            }
            assertThat(one.at("/crs/0").asText()).isEqualTo(CRS84);
            assertThat(one.path("crs")).contains(one.path("storageCrs"));
            for (JsonNode moment : one.at("/extent/temporal/interval/0")) {
                assertThat(Instant.parse(moment.asText())).isNotNull();
            }
        }
        assertThat(layers).anyMatch(layer -> layer.at("/extent/temporal").isObject());
    }

    @Test
    void everyLayerAnswersWhatMayBeAsked() {
        for (JsonNode layer : layers) {
            for (Map<String, String> asked : ASKED) {
                isPage(items(layer, asked), layer.path("id").asText() + ' ' + asked);
            }
            for (Map<String, String> refused : REFUSED) {
                assertThat(items(layer, refused).status())
                        .as("%s %s", layer.path("id"), refused)
                        .isEqualTo(400);
            }
            JsonNode box = layer.at("/extent/spatial/bbox/0");
            if (box.isArray()) {
                assertThat(matched(items(layer, Map.of("bbox", text(box)))))
                        .as("nothing lies outside the extent of %s", layer.path("id"))
                        .isEqualTo(matched(items(layer, Map.of())));
            }
        }
    }

    private static void isPage(Got got, String what) {
        assertThat(got.status()).as(what).isEqualTo(200);
        assertThat(crs(got)).isEqualTo('<' + CRS84 + '>');
        JsonNode page = got.json();
        assertThat(page.path("type").asText()).isEqualTo("FeatureCollection");
        assertThat(Instant.parse(page.path("timeStamp").asText()))
                .isBefore(Instant.now().plusSeconds(1));
        isLinked(page, GEO_JSON);
        Set<String> seen = new HashSet<>();
        int returned = 0;
        for (JsonNode at = page; at != null; at = next(at)) {
            assertThat(at.path("numberReturned").asInt())
                    .isEqualTo(at.path("features").size());
            returned += at.path("features").size();
            at.path("features").forEach(feature -> seen.add(feature.path("id").asText()));
        }
        assertThat(returned)
                .as(what)
                .isEqualTo(page.path("numberMatched").asInt())
                .isEqualTo(seen.size());
    }

    private static JsonNode next(JsonNode page) {
        List<String> next = links(page, "next", GEO_JSON);
        return next.isEmpty() ? null : get(next.get(0), GEO_JSON).json();
    }

    private static int matched(Got got) {
        return got.json().path("numberMatched").asInt(-1);
    }

    private static String text(JsonNode numbers) {
        return numbers.toString().replaceAll("[\\[\\]]", "");
    }

    @Test
    void everySystemThatALayerNamesIsServed() {
        for (JsonNode layer : layers) {
            JsonNode box = layer.at("/extent/spatial/bbox/0");
            String item = link(layer, "items", GEO_JSON) + '/' + firstId(layer);
            for (JsonNode named : layer.path("crs")) {
                String uri = named.asText();
                assertThat(crs(items(layer, Map.of("crs", uri)))).isEqualTo('<' + uri + '>');
                if (box.isArray()) {
                    assertThat(crs(get(with(item, Map.of("crs", uri)), GEO_JSON)))
                            .isEqualTo('<' + uri + '>');
                    assertThat(matched(items(layer, Map.of("bbox", in(uri, box), "bbox-crs", uri))))
                            .as("%s in %s", layer.path("id"), uri)
                            .isEqualTo(matched(items(layer, Map.of())));
                }
            }
            assertThat(get(with(item, Map.of("crs", NOT_SERVED)), GEO_JSON).status())
                    .isEqualTo(400);
        }
    }

    private static String in(String uri, JsonNode box) {
        Envelope lonLat = new Envelope(
                box.get(0).asDouble(),
                box.get(2).asDouble(),
                box.get(1).asDouble(),
                box.get(3).asDouble());
        Envelope there = ServedCrs.find(uri)
                .orElseThrow()
                .fromLonLat(GEOMETRIES.toGeometry(lonLat))
                .getEnvelopeInternal();
        // A little wider: the sides of a box in longitude and latitude are no straight lines elsewhere.
        there.expandBy(there.getWidth() / 50, there.getHeight() / 50);
        return String.format(
                Locale.ROOT, "%.9f,%.9f,%.9f,%.9f", there.getMinX(), there.getMinY(), there.getMaxX(), there.getMaxY());
    }

    @Test
    void theTilesOfEveryLayerAreFoundWithTheirLimits() {
        List<JsonNode> documents = new ArrayList<>(layers);
        documents.add(landing);
        for (JsonNode document : documents) {
            JsonNode set = get(link(document, TILE_SETS, JSON), JSON).json().at("/tilesets/0");
            assertThat(set.path("tileMatrixSetURI").asText()).endsWith("/WebMercatorQuad");
            JsonNode described = get(link(set, "self", JSON), JSON).json();
            String template = link(described, "item", "application/vnd.mapbox-vector-tile");
            for (JsonNode limit : described.path("tileMatrixSetLimits")) {
                String matrix = template.replace(
                        "{tileMatrix}", limit.path("tileMatrix").asText());
                String column =
                        matrix.replace("{tileCol}", limit.path("minTileCol").asText());
                int last = limit.path("maxTileRow").asInt();
                assertThat(get(column.replace("{tileRow}", "" + last), "*/*").status())
                        .isEqualTo(200);
                assertThat(get(column.replace("{tileRow}", "" + (last + 1)), "*/*")
                                .status())
                        .isEqualTo(400);
            }
            assertThat(described.path("tileMatrixSetLimits")).isNotEmpty();
        }
        String sets = link(landing, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", JSON);
        JsonNode set = get(sets, JSON).json().at("/tileMatrixSets/0");
        assertThat(get(link(set, "item", JSON), JSON).json().path("tileMatrices"))
                .isNotEmpty();
    }
}
