package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** OGC 19-079r2: queryables and filters over HTTP; what CQL2 means is tested beside its reader. */
@Timeout(120)
class OgcFilterTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
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

    private static Got filtered(String filter, String more) {
        return service.get(ITEMS + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8) + more);
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
    void aFilterInTextOrJsonIsAppliedWithTheOtherParameters() {
        String text = "CASEI(species) = casei('BÀNG') AND S_INTERSECTS(geometry, BBOX(105.84,21.4,105.84025,21.5))";
        assertThat(ids(filtered(text, ""))).containsExactly("T0", "T1", "T2");
        assertThat(ids(filtered(text, "&filter-lang=cql2-text&bbox=105.84005,21,106,22")))
                .containsExactly("T1", "T2");
        assertThat(ids(filtered(
                        "{\"op\":\"in\",\"args\":[{\"property\":\"id\"},[\"T3\",\"T4\"]]}", "&filter-lang=cql2-json")))
                .containsExactly("T3", "T4");
        assertThat(ids(service.get(ITEMS + "?id=T7"))).containsExactly("T7");
        assertThat(filtered("species = 'Xoan'", "").json().path("numberMatched").asInt())
                .isZero();
    }

    @Test
    void theNextPageIsFilteredTheSame() {
        Got page = filtered("id LIKE 'T1%'", "&limit=4");
        List<String> seen = new ArrayList<>(ids(page));
        assertThat(page.json().path("numberMatched").asInt()).isEqualTo(11);
        for (JsonNode link : page.json().path("links")) {
            if (link.path("rel").asText().equals("next")) {
                String href = link.path("href").asText();
                seen.addAll(
                        ids(service.get(href.substring(service.at("").toString().length()))));
            }
        }
        assertThat(seen).hasSize(8).allMatch(id -> id.startsWith("T1"));
    }

    @Test
    void theSystemOfTheFilterIsItsOwn() {
        String crs = "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326";
        assertThat(ids(filtered("S_INTERSECTS(geometry, BBOX(21.4,105.84,21.5,105.84025))", crs)))
                .containsExactly("T0", "T1", "T2");
        assertThat(filtered("species = 'x'", "&filter-crs=EPSG:1").code()).isEqualTo("unknown_crs");
    }

    @Test
    void theBoxOfTheLayerHoldsAllOfItInEverySystem() {
        addStops();
        JsonNode stops = service.get("/ogc/collections/stops").json();
        JsonNode box = stops.at("/extent/spatial/bbox/0");
        assertThat(stops.path("crs")).hasSizeGreaterThan(5);
        for (JsonNode uri : stops.path("crs")) {
            ServedCrs crs = ServedCrs.find(uri.asText()).orElseThrow();
            Coordinate low = crs.fromLonLat(GEOMETRIES.createPoint(
                            new Coordinate(box.get(0).asDouble(), box.get(1).asDouble())))
                    .getCoordinate();
            Coordinate high = crs.fromLonLat(GEOMETRIES.createPoint(
                            new Coordinate(box.get(2).asDouble(), box.get(3).asDouble())))
                    .getCoordinate();
            String filter = "S_INTERSECTS(geometry,BBOX(%s,%s,%s,%s))".formatted(low.x, low.y, high.x, high.y);
            String asked = "/ogc/collections/stops/items?filter-lang=cql2-text&filter-crs=" + uri.asText() + "&filter="
                    + URLEncoder.encode(filter, StandardCharsets.UTF_8);
            assertThat(ids(service.get(asked))).as(uri.asText()).containsExactly("1", "2", "3", "4");
            assertThat(service.get(asked.replace(uri.asText(), "http://www.opengis.net/def/crs/OGC/0/does_not_exist"))
                            .status())
                    .isEqualTo(400);
        }
    }

    /** A public layer of four points, the corners of two kilometres: north is not upwards in every system. */
    private static void addStops() {
        service.layers()
                .ensureLayer(new LayerDefinition(
                        "stops", null, LayerDefinition.Kind.POINT, Map.of("en", "Stops"), true, List.of()));
        service.layers()
                .load(
                        "stops",
                        List.of(
                                stop("1", 105.84, 21.47),
                                stop("2", 105.86, 21.47),
                                stop("3", 105.84, 21.49),
                                stop("4", 105.86, 21.49)),
                        "test");
    }

    private static GeoFeature stop(String id, double lon, double lat) {
        return new GeoFeature("stops", id, GEOMETRIES.createPoint(new Coordinate(lon, lat)), Map.of("name", id), 1);
    }

    @Test
    void aBoxBesideTheFilterTakesAway() {
        String filter = "S_INTERSECTS(geometry,BBOX(105,21,106,22))";
        assertThat(ids(filtered(filter, "&limit=100&bbox=105,21,106,22"))).hasSize(20);
        Got none = filtered(filter, "&bbox=10,21,11,22");
        assertThat(ids(none)).isEmpty();
        assertThat(none.json().path("numberMatched").asInt(-1)).isZero();
    }

    @Test
    void whatIsNoFilterIsRefusedInBothLanguages() {
        for (String language : List.of("", "&filter-lang=cql2-text", "&filter-lang=cql2-json")) {
            assertThat(filtered("THIS IS NOT A FILTER", language).status())
                    .as(language)
                    .isEqualTo(400);
        }
        assertThat(filtered("this_is_not_a_queryable IS NULL", "&filter-lang=cql2-text")
                        .status())
                .isEqualTo(400);
        assertThat(filtered("S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))", "")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aParameterHasTheSchemaOfItsQueryableAndFindsWhatHasItsValue() {
        JsonNode queryables =
                service.get("/ogc/collections/trees/queryables").json().path("properties");
        Map<String, String> types = new HashMap<>();
        service.get("/ogc/api")
                .json()
                .at("/paths/~1collections~1trees~1items/get/parameters")
                .forEach(one -> types.put(
                        one.path("name").asText(), one.at("/schema/type").asText()));
        queryables.properties().forEach(queryable -> {
            if (!queryable.getKey().equals("geometry")) {
                assertThat(types)
                        .containsEntry(
                                queryable.getKey(),
                                queryable.getValue().path("type").asText());
            }
        });
        assertThat(ids(service.get(ITEMS + "?species=B%C3%A0ng&id=T3"))).containsExactly("T3");
        assertThat(ids(service.get(ITEMS + "?species=Xoan&id=T3"))).isEmpty();
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(filtered("specis = 'x'", "").text()).contains("bad_filter", "character 1", "specis", "species");
        assertThat(filtered("species = ", "").text()).contains("character 11");
        assertThat(filtered("species = 'x'", "&filter-lang=ecql").status()).isEqualTo(400);
        assertThat(filtered("{\"op\":\"like\"}", "&filter-lang=cql2-json").status())
                .isEqualTo(400);
    }

    @Test
    void everyQueryableIsAParameterAndAProperty() {
        JsonNode properties =
                service.get("/ogc/collections/trees/queryables").json().path("properties");
        assertThat(properties.at("/geometry/x-ogc-role").asText()).isEqualTo("primary-geometry");
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        assertThat(names).contains("id", "species", "geometry");
        for (String name : names) {
            assertThat(filtered("\"" + name + "\" IS NOT NULL", "&limit=1").status())
                    .as(name)
                    .isEqualTo(200);
            if (!name.equals("geometry")) {
                String value = properties.path(name).path("type").asText().equals("boolean") ? "true" : "1";
                assertThat(service.get(ITEMS + "?" + name + "=" + value).status())
                        .as(name)
                        .isEqualTo(200);
            }
        }
    }
}
