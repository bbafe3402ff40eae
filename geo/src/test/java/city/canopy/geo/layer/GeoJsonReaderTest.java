package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeoJsonReaderTest {
    private static final int MUTANTS = Boolean.getBoolean("canopy.test.full") ? 1_000_000 : 20_000;
    private static final String POINT = "{\"type\":\"Point\",\"coordinates\":[105.85,21.47]}";

    private static GeoJsonReader.Result read(GeoJsonReader reader, String json) {
        try {
            return reader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "trees");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static GeoJsonReader.Result read(String json) {
        return read(new GeoJsonReader(), json);
    }

    private static String collection(String... features) {
        return "{\"type\":\"FeatureCollection\",\"features\":[" + String.join(",", features) + "]}";
    }

    private static String feature(String id, String geometry) {
        return "{\"type\":\"Feature\",\"id\":\"" + id + "\",\"properties\":{},\"geometry\":" + geometry + "}";
    }

    private static String geometry(String type, String coordinates) {
        return "{\"type\":\"" + type + "\",\"coordinates\":" + coordinates + "}";
    }

    @Test
    void ids_properties_and_geometry_are_kept() {
        GeoJsonReader.Result result =
                read(collection("{\"type\":\"Feature\",\"id\":\"t-1\",\"properties\":{\"loài\":\"Xà cừ\","
                        + "\"height\":12.5,\"year\":1998,\"alive\":true,\"note\":null,\"tags\":{\"a\":[1,2]}},\"geometry\":"
                        + POINT
                        + ",\"bbox\":[1,2,3,4]}"));
        assertThat(result.problems()).isEmpty();
        GeoFeature tree = result.features().get(0);
        assertThat(tree.id()).isEqualTo("t-1");
        assertThat(tree.layer()).isEqualTo("trees");
        assertThat(tree.geometry().toText()).isEqualTo("POINT (105.85 21.47)");
        assertThat(tree.properties())
                .containsEntry("loài", "Xà cừ")
                .containsEntry("height", 12.5)
                .containsEntry("year", 1998L)
                .containsEntry("alive", true)
                .containsEntry("note", null)
                .containsEntry("tags", "{\"a\":[1,2]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POINT(105 21)",
                "LINESTRING(105 21,106 22)",
                "POLYGON((105 21,106 21,106 22,105 21),(105.5 21.2,105.7 21.2,105.7 21.3,105.5 21.2))",
                "MULTIPOINT((105 21),(106 22))",
                "MULTILINESTRING((105 21,106 22),(107 21,108 22))",
                "MULTIPOLYGON(((105 21,106 21,106 22,105 21)),((107 21,108 21,108 22,107 21)))",
                "GEOMETRYCOLLECTION(POINT(105 21),LINESTRING(105 21,106 22))"
            })
    void every_kind_of_geometry_is_written_and_read_back(String wkt) throws IOException {
        GeoFeature feature = MemoryLayers.feature("trees", "x", wkt);
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        GeoJsonWriter.write(java.util.List.of(feature), json);
        GeoJsonReader.Result result = read(json.toString(StandardCharsets.UTF_8));
        assertThat(result.problems()).isEmpty();
        assertThat(result.features().get(0).geometry().equalsTopo(feature.geometry()) || wkt.startsWith("GEOM"))
                .isTrue();
        assertThat(result.features().get(0).geometry().getGeometryType())
                .isEqualTo(feature.geometry().getGeometryType());
    }

    @Test
    void members_may_come_in_any_order_and_heights_are_kept() {
        GeoJsonReader.Result result = read(
                "{\"features\":[{\"geometry\":{\"coordinates\":[[105,21,7],[106,22,8]],"
                        + "\"type\":\"LineString\"},\"properties\":null,\"type\":\"Feature\",\"id\":17}],\"type\":\"FeatureCollection\"}");
        assertThat(result.problems()).isEmpty();
        assertThat(result.features().get(0).id()).isEqualTo("17");
        assertThat(result.features().get(0).geometry().getCoordinates()[1].getZ())
                .isEqualTo(8);
    }

    @Test
    void a_single_feature_is_read_too_and_the_id_may_be_a_property() {
        String json = "{\"type\":\"Feature\",\"properties\":{\"ma_cay\":\"C7\",\"id\":3},\"geometry\":" + POINT + "}";
        assertThat(read(json).features()).extracting(GeoFeature::id).containsExactly("3");
        assertThat(read(new GeoJsonReader().withIdProperty("ma_cay"), json).features())
                .extracting(GeoFeature::id)
                .containsExactly("C7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\n\n", " ", "\n\u001e"})
    void features_one_after_the_other_are_all_read(String between) {
        String lines = String.join(between, feature("a", POINT), feature("b", POINT), feature("b", POINT));
        GeoJsonReader.Result result = read(lines + "\n");
        assertThat(result.features()).extracting(GeoFeature::id).containsExactly("a", "b");
        assertThat(result.problems())
                .extracting(problem -> problem.featureRef() + " " + problem.code())
                .containsExactly("feature 3 (id b) duplicate_id");
    }

    @Test
    void what_follows_a_single_feature_is_not_passed_over() {
        GeoJsonReader.Result other = read(feature("a", POINT) + " 7 {\"type\":\"Point\"}");
        assertThat(other.problems())
                .extracting(problem -> problem.featureRef() + " " + problem.code())
                .containsExactly("feature 2 not_geojson", "feature 3 not_geojson");
        assertThat(read(feature("a", POINT) + " and so on").problems())
                .extracting(LayerProblem::code)
                .containsExactly("not_json");
        assertThat(read(new GeoJsonReader().withLimits(1, 9), feature("a", POINT) + feature("b", POINT))
                        .problems())
                .extracting(LayerProblem::code)
                .containsExactly("too_many_features");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Point|[21.47,105.85]|swapped_axes",
                "Point|[432443.49,2375127.42]|out_of_range",
                "Point|[NaN,21]|bad_coordinates",
                "Point|[1e999,21]|bad_coordinates",
                "Point|[105]|bad_coordinates",
                "Point|[\"105\",21]|bad_coordinates",
                "Point|[[105,21]]|bad_coordinates",
                "Point|{}|bad_coordinates",
                "Point|[]|bad_coordinates",
                "LineString|[[105,21]]|too_few_points",
                "LineString|[[105,21],[105,21]]|too_few_points",
                "LineString|[]|no_geometry",
                "LineString|[[[105,21],[106,21]]]|bad_coordinates",
                "Polygon|[[[105,21],[106,21],[106,22]]]|too_few_points",
                "Polygon|[[[105,21],[106,21],[106,22],[105,22]]]|invalid_ring",
                "Polygon|[[[105,21],[106,22],[106,21],[105,22],[105,21]]]|invalid_polygon",
                "MultiPoint|[[105,21],null]|bad_coordinates",
                "Circle|[105,21]|unknown_geometry"
            })
    void a_feature_with_a_bad_geometry_is_left_out_and_said_why(String type, String coordinates, String code) {
        GeoJsonReader.Result result =
                read(collection(feature("bad", geometry(type, coordinates)), feature("good", POINT)));
        assertThat(result.features()).extracting(GeoFeature::id).containsExactly("good");
        assertThat(result.problems()).hasSize(1);
        LayerProblem problem = result.problems().get(0);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.featureRef()).isEqualTo("feature 1 (id bad)");
        assertThat(problem.detail()).isNotBlank();
        assertThat(problem.remedy()).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":null}|no_geometry",
                "{\"type\":\"Feature\",\"id\":\"a\"}|no_geometry",
                "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}|no_id",
                "{\"type\":\"Feature\",\"id\":\"\"}|bad_id",
                "{\"type\":\"Feature\",\"id\":[1]}|bad_id",
                "{\"type\":\"Thing\",\"id\":\"a\"}|not_geojson",
                "[1,2]|not_geojson",
                "7|not_geojson",
                "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":[]}|bad_properties",
                "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{\"x\":NaN}}|bad_properties",
                "{\"type\":\"Feature\",\"id\":\"a\",\"crs\":{\"properties\":{\"name\":\"EPSG:3405\"}}}|foreign_crs",
                "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2],\"crs\":{\"name\":\"EPSG:9213\"}}}|foreign_crs",
                "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"GeometryCollection\",\"geometries\":[null]}}|no_geometry"
            })
    void a_feature_that_is_wrong_otherwise_is_left_out_and_said_why(String json, String code) {
        GeoJsonReader.Result result = read(collection(json, feature("good", POINT)));
        assertThat(result.features()).extracting(GeoFeature::id).containsExactly("good");
        assertThat(result.problems()).extracting(LayerProblem::code).containsExactly(code);
    }

    @Test
    void of_two_features_with_one_id_the_first_is_taken() {
        GeoJsonReader.Result result =
                read(collection(feature("a", POINT), feature("a", geometry("Point", "[106,22]"))));
        assertThat(result.features()).hasSize(1);
        assertThat(result.features().get(0).geometry().getCoordinate().x).isEqualTo(105.85);
        assertThat(result.problems()).extracting(LayerProblem::code).containsExactly("duplicate_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "urn:ogc:def:crs:OGC:1.3:CRS84",
                "urn:ogc:def:crs:OGC::CRS84",
                "OGC:CRS84",
                "EPSG:4326",
                "urn:ogc:def:crs:EPSG::4326",
                "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
            })
    void a_crs_that_means_lon_lat_is_no_problem(String name) {
        assertThat(read("{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" + name
                                + "\"}},\"features\":[" + feature("a", POINT) + "]}")
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPSG:3405", "urn:ogc:def:crs:EPSG::9213", "EPSG:14326", "EPSG:43260", ""})
    void another_crs_of_the_file_refuses_all_of_it_even_when_it_comes_last(String name) {
        GeoJsonReader.Result result = read("{\"type\":\"FeatureCollection\",\"features\":[" + feature("a", POINT)
                + "],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" + name + "\"}}}");
        assertThat(result.features()).isEmpty();
        assertThat(result.problems()).extracting(LayerProblem::code).containsExactly("foreign_crs");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|not_geojson",
                "[]|not_geojson",
                "{\"type\":\"FeatureCollection\"}|not_geojson",
                "{\"type\":\"FeatureCollection\",\"features\":{}}|not_geojson",
                "{\"type\":\"Topology\",\"features\":[]}|not_geojson",
                "{\"type\":\"Point\",\"coordinates\":[1,2]}|not_geojson",
                "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"|not_json",
                "{\"type\":\"FeatureCollection\",\"features\":[]} x|not_json",
                "<html>|not_json"
            })
    void a_file_that_is_no_geojson_is_refused_as_a_whole(String text, String code) {
        GeoJsonReader.Result result = read(text);
        assertThat(result.features()).isEmpty();
        assertThat(result.problems()).extracting(LayerProblem::code).containsExactly(code);
        assertThat(result.problems().get(0).featureRef()).isEqualTo(LayerProblem.WHOLE_FILE);
    }

    @Test
    void the_limits_hold() {
        GeoJsonReader small = new GeoJsonReader().withLimits(2, 3);
        String line = geometry("LineString", "[[105,21],[106,21],[107,21],[108,21]]");
        assertThat(read(small, collection(feature("a", line), feature("b", POINT)))
                        .problems())
                .extracting(LayerProblem::code)
                .containsExactly("too_many_vertices");
        GeoJsonReader.Result many =
                read(small, collection(feature("a", POINT), feature("b", POINT), feature("c", POINT)));
        assertThat(many.features()).isEmpty();
        assertThat(many.problems()).extracting(LayerProblem::code).containsExactly("too_many_features");
        assertThatThrownBy(() -> small.withLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_so_many_problems_are_listed_but_all_are_counted() {
        String[] features = new String[GeoJsonReader.MAX_PROBLEMS + 5];
        java.util.Arrays.fill(features, "7");
        GeoJsonReader.Result result = read(collection(features));
        assertThat(result.problems()).hasSize(GeoJsonReader.MAX_PROBLEMS);
        assertThat(result.problemCount()).isEqualTo(GeoJsonReader.MAX_PROBLEMS + 5);
    }

    @Test
    void a_stream_that_fails_is_not_taken_for_bad_data() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }
        };
        assertThatThrownBy(() -> new GeoJsonReader().read(broken, "trees"))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
    }

    @Test
    void no_bytes_make_it_throw() throws IOException {
        byte[] whole = collection(
                        feature("a", geometry("Polygon", "[[[105,21],[106,21],[106,22],[105,21]]]")),
                        feature("b", "{\"type\":\"GeometryCollection\",\"geometries\":[" + POINT + "],\"crs\":null}"),
                        "{\"type\":\"Feature\",\"id\":5,\"properties\":{\"x\":[{\"y\":1.5e3}],\"z\":false},\"geometry\":"
                                + POINT + "}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] pieces = "{}[],:\"0-9e.NaNtrufl\\\0\u00ff ".getBytes(StandardCharsets.ISO_8859_1);
        long seed = 20261124;
        Random random = new Random(seed);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = java.util.Arrays.copyOf(
                    whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int n = random.nextInt(5); n > 0 && mutant.length > 0; n--) {
                mutant[random.nextInt(mutant.length)] = pieces[random.nextInt(pieces.length)];
            }
            try {
                GeoJsonReader.Result result = new GeoJsonReader().read(new ByteArrayInputStream(mutant), "trees");
                assertThat(result.features().size() + result.problemCount()).isPositive();
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + ", mutant " + i + ": " + new String(mutant, StandardCharsets.ISO_8859_1), e);
            }
        }
    }
}
