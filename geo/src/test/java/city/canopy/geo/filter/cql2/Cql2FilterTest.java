package city.canopy.geo.filter.cql2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.CanopyDataStore;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSchema.Kind;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import city.canopy.geo.query.FeatureQuery;
import city.canopy.geo.query.FeatureSearch;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.geotools.data.simple.SimpleFeatureIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** OGC 21-065r2, class by class: the same filter as text and as JSON, over four trees in a row. */
class Cql2FilterTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Ho_Chi_Minh");
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.84, 21.47);
    private static final Map<String, Kind> PROPERTIES = Map.of(
            "species", Kind.TEXT,
            "height", Kind.NUMBER,
            "girth", Kind.WHOLE,
            "sick", Kind.BOOLEAN,
            "since", Kind.TEXT,
            "until", Kind.TEXT);

    private static final LayerSnapshot TREES = new LayerSnapshot(
            "trees",
            1,
            List.of(
                    tree("a", 0, "species", "Bàng", "height", 12.5, "girth", 10L, "sick", true, "since", "2020-01-01"),
                    tree(
                            "b",
                            1,
                            "species",
                            "Đa",
                            "height",
                            7.0,
                            "girth",
                            7L,
                            "since",
                            "2021-06-01",
                            "until",
                            "2022-01-01"),
                    tree("c", 2, "species", "bang", "girth", 3L, "sick", false, "since", "2020-01-01T05:00:00Z"),
                    tree("d", 3, "height", 20.0, "since", "soon")));

    private static GeoFeature tree(String id, int place, Object... properties) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put((String) properties[i], properties[i + 1]);
        }
        return new GeoFeature(
                "trees",
                id,
                new GeometryFactory().createPoint(new Coordinate((10_584 + place) / 100.0, 21.47)),
                all,
                1);
    }

    private static Cql2Filter text(String filter) throws Cql2Exception {
        return Cql2Filter.parse(filter, Language.TEXT, PROPERTIES, ServedCrs.crs84(), ZONE);
    }

    private static Cql2Filter json(String filter) throws Cql2Exception {
        return Cql2Filter.parse(filter, Language.JSON, PROPERTIES, ServedCrs.crs84(), ZONE);
    }

    private static String ids(Cql2Filter filter) {
        StringBuilder ids = new StringBuilder();
        TREES.features().stream().filter(filter::holds).forEach(feature -> ids.append(feature.id()));
        return ids.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "species = 'Bàng' | a",
                "\"species\" <> 'Bàng' | bc",
                "NOT species = 'Bàng' | bc",
                "height > 7 | ad",
                "height >= 7 AND height < 20 | ab",
                "7 < height | ad",
                "height < 10 OR species = 'bang' | bc",
                "NOT (height < 10 OR species = 'bang') | a",
                "species IS NULL | d",
                "species IS NOT NULL AND NOT height IS NULL | ab",
                "sick = TRUE | a",
                "sick | a",
                "NOT sick | c",
                "sick IS NULL | bd",
                "TRUE | abcd",
                "FALSE OR id = 'c' | c",
                "id IN ('a', 'd', 'zz') | ad",
                "species LIKE '_a%' | bc",
                "species LIKE 'B%' | a",
                "species NOT LIKE 'B%' | bc",
                "species LIKE '%\\%' | ~~",
                "height BETWEEN 7 AND 12.5 | ab",
                "height NOT BETWEEN 7 AND 12.5 | d",
                "girth IN (3, 7.0) | bc",
                "girth NOT IN (3, 7) | a",
                "CASEI(species) = CASEI('BÀNG') | a",
                "CASEI(species) LIKE casei('B%') | ac",
                "ACCENTI(species) = ACCENTI('Bảng') | a",
                "ACCENTI(CASEI(species)) = 'bang' | ac",
                "ACCENTI(species) IN ('Da') | b",
                "height = girth | b",
                "girth < height | a",
                "height + 1 = 8 | b",
                "height * 2 - 5 = 4 * 5 | a",
                "(girth + 1) * 2 > 16 | a",
                "2 ^ 3 = girth + 1 | b",
                "girth % 2 = 0 | a",
                "girth DIV 2 = 3 | b",
                "girth / 0 = 1 OR girth = -(-3) | c",
                "height > 1.2e1 | ad",
            })
    void comparisonsAreThoseOfSql(String filter, String expected) throws Cql2Exception {
        assertThat(ids(text(filter))).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S_INTERSECTS(geometry, BBOX(105.845,21,105.865,22)) | bc",
                "S_INTERSECTS(BBOX(105.845,21,-5,105.865,22,5), geometry) | bc",
                "S_INTERSECTS(geometry, POINT(105.85 21.47)) | b",
                "S_INTERSECTS(geometry, LINESTRING(105.85 21.47, 105.86 21.47)) | bc",
                "S_INTERSECTS(geometry, MULTIPOINT((105.85 21.47), (105.87 21.47))) | bd",
                "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(105.84 21.47), LINESTRING(105.86 21, 105.86 22))) | ac",
                "S_DISJOINT(geometry, BBOX(105.845,21,105.865,22)) | ad",
                "NOT S_DISJOINT(geometry, BBOX(105.845,21,105.865,22)) | bc",
                "S_WITHIN(geometry, POLYGON((105.85 21.47,105.87 21.46,105.87 21.48,105.85 21.47))) | c",
                "S_TOUCHES(geometry, POLYGON((105.85 21.47,105.87 21.46,105.87 21.48,105.85 21.47))) | bd",
                "S_CONTAINS(MULTIPOLYGON(((105.85 21.47,105.87 21.46,105.87 21.48,105.85 21.47))), geometry) | c",
                "S_EQUALS(geometry, POINT Z (105.85 21.47 3)) | b",
                "S_CROSSES(geometry, LINESTRING(105.85 21, 105.85 22)) OR S_OVERLAPS(geometry, POINT(105.84 21.47)) | ''",
                "S_INTERSECTS(POINT(1 1), POINT(1 1)) | abcd",
            })
    void spatialFunctionsTakeEveryGeometry(String filter, String expected) throws Cql2Exception {
        assertThat(ids(text(filter))).isEqualTo(expected.replace("'", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "T_AFTER(since, DATE('2020-06-01')) | b",
                "T_BEFORE(since, TIMESTAMP('2020-01-01T00:00:00Z')) | a",
                "since = DATE('2020-01-01') | a",
                "since > DATE('2020-01-01') | bc",
                "T_EQUALS(since, DATE('2020-01-01')) | a",
                "T_DISJOINT(since, INTERVAL('2020-01-01','2020-12-31')) | b",
                "T_INTERSECTS(since, INTERVAL('2020-01-01','..')) | abc",
                "T_DURING(INTERVAL(since, until), INTERVAL('2021-01-01','2022-06-01')) | b",
                "T_CONTAINS(INTERVAL(since, until), INTERVAL('2021-07-01','2021-08-01')) | b",
                "T_STARTS(INTERVAL(since, until), INTERVAL('2021-06-01','..')) | b",
                "T_STARTEDBY(INTERVAL(since, until), INTERVAL('2021-06-01','2021-07-01')) | b",
                "T_FINISHES(INTERVAL(since, until), INTERVAL('..','2022-01-01')) | b",
                "T_FINISHEDBY(INTERVAL(since, until), INTERVAL('2021-07-01','2022-01-01')) | b",
                "T_MEETS(INTERVAL(since, until), INTERVAL('2022-01-01','2023-01-01')) | b",
                "T_METBY(INTERVAL(since, until), INTERVAL('2020-01-01','2021-06-01')) | b",
                "T_OVERLAPS(INTERVAL(since, until), INTERVAL('2021-07-01','2023-01-01')) | b",
                "T_OVERLAPPEDBY(INTERVAL(since, until), INTERVAL('2020-01-01','2021-07-01')) | b",
            })
    void temporalFunctionsAreTheRelationsOfAllen(String filter, String expected) throws Cql2Exception {
        assertThat(ids(text(filter))).isEqualTo(expected);
    }

    @Test
    void jsonMeansTheSameAsText() throws Cql2Exception {
        Map<String, String> same = new LinkedHashMap<>();
        same.put(
                "{'op':'and','args':[{'op':'>=','args':[{'property':'height'},7]},"
                        + "{'op':'not','args':[{'op':'isNull','args':[{'property':'species'}]}]}]}",
                "ab");
        same.put("{'op':'like','args':[{'op':'casei','args':[{'property':'species'}]},'b%']}", "ac");
        same.put("{'op':'between','args':[{'property':'height'},7,12.5]}", "ab");
        same.put("{'op':'in','args':[{'property':'girth'},[3,7]]}", "bc");
        same.put("{'op':'=','args':[{'op':'+','args':[{'property':'height'},1]},8]}", "b");
        same.put("{'op':'s_intersects','args':[{'property':'geometry'},{'bbox':[105.845,21,105.865,22]}]}", "bc");
        same.put(
                "{'op':'s_within','args':[{'property':'geometry'},{'type':'Polygon','coordinates':"
                        + "[[[105.85,21.47],[105.87,21.46],[105.87,21.48],[105.85,21.47]]]}]}",
                "c");
        same.put(
                "{'op':'s_intersects','args':[{'property':'geometry'},{'type':'GeometryCollection','geometries':"
                        + "[{'type':'MultiPoint','coordinates':[[105.84,21.47]]}]}]}",
                "a");
        same.put("{'op':'t_after','args':[{'property':'since'},{'date':'2020-06-01'}]}", "b");
        same.put(
                "{'op':'t_finishedBy','args':[{'interval':[{'property':'since'},{'property':'until'}]},"
                        + "{'interval':['2021-07-01','2022-01-01']}]}",
                "b");
        same.put("true", "abcd");
        for (Map.Entry<String, String> one : same.entrySet()) {
            assertThat(ids(json(one.getKey().replace('\'', '"'))))
                    .as(one.getKey())
                    .isEqualTo(one.getValue());
        }
    }

    @Test
    void geometriesAreReadInTheSystemOfTheFilter() throws Cql2Exception {
        ServedCrs latFirst =
                ServedCrs.find("http://www.opengis.net/def/crs/EPSG/0/4326").orElseThrow();
        Cql2Filter filter = Cql2Filter.parse(
                "S_INTERSECTS(geometry, BBOX(21,105.845,22,105.865))", Language.TEXT, PROPERTIES, latFirst, ZONE);
        assertThat(ids(filter)).isEqualTo("bc");
        ServedCrs metres =
                ServedCrs.find("http://www.opengis.net/def/crs/EPSG/0/32648").orElseThrow();
        assertThatThrownBy(() -> Cql2Filter.parse(
                        "S_INTERSECTS(geometry, BBOX(600000,2300000,500000,2400000))",
                        Language.TEXT,
                        PROPERTIES,
                        metres,
                        ZONE))
                .isInstanceOf(Cql2Exception.class)
                .hasMessageContaining("lower corner");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "height > | character 9",
                "height > 7 height | character 12",
                "heigth > 7 | heigth",
                "height = 'tall' | character 10",
                "species > 7 | a text",
                "species LIKE height | character 14",
                "species = 'Bàng | character 11",
                "height ? 7 | character 8",
                "geometry = geometry | S_EQUALS",
                "S_INTERSECTS(geometry, POLYGON((1 1, 2 2))) | character 24",
                "S_INTERSECTS(geometry, species) | a geometry",
                "S_INTERSECTS(geometry, BBOX(1000000,1000000,2000000,2000000)) | filter-crs",
                "S_INTERSECTS(geometry, POINT(585800 2374600)) | filter-crs",
                "S_DISJOINT(geometry, POINT(90 180)) | filter-crs",
                "S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180)) | filter-crs",
                "T_AFTER(since, DATE('tomorrow')) | tomorrow",
                "T_AFTER(height, DATE('2020-01-01')) | a time",
                "T_DURING(since, INTERVAL('2021-01-01','2020-01-01')) | ends before",
                "sleep(10) = 1 | sleep",
                "height IN () | list",
                "height | true or false",
                "'a' | condition",
                "BBOX(1,2,3) = 1 | four numbers",
            })
    void whatCannotBeUsedSaysWhereAndWhy(String filter, String says) {
        assertThatThrownBy(() -> text(filter)).isInstanceOf(Cql2Exception.class).hasMessageContaining(says);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "7",
                "{\"op\":\"and\",\"args\":[]}",
                "{\"op\":\"=\",\"args\":[{\"property\":\"height\"}]}",
                "{\"op\":\"=\"}",
                "{\"op\":\"=\",\"args\":[{\"property\":\"height\"},null]}",
                "{\"op\":\"s_intersects\",\"args\":[{\"property\":\"geometry\"},{\"type\":\"Polygon\",\"coordinates\":[]}]}",
                "true false"
            })
    void wrongJsonIsRefused(String filter) {
        assertThatThrownBy(() -> json(filter)).isInstanceOf(Cql2Exception.class);
    }

    @Test
    void limitsAreKept() {
        assertThatThrownBy(() -> text("height = 1" + " OR height = 1".repeat(2_000)))
                .hasMessageContaining("16000");
        assertThatThrownBy(() -> text("(".repeat(60) + "height = 1" + ")".repeat(60)))
                .hasMessageContaining("50");
        assertThatThrownBy(() -> text("CASEI(".repeat(60) + "species" + ")".repeat(60) + " = 'a'"))
                .hasMessageContaining("50");
        assertThatThrownBy(() -> json("{\"op\":\"not\",\"args\":[".repeat(60) + "true" + "]}".repeat(60)))
                .isInstanceOf(Cql2Exception.class);
        assertThatThrownBy(() -> text("girth IN (1" + ",1".repeat(1_000) + ")")).hasMessageContaining("1000");
    }

    @Test
    void aBoxAndIdsAreAnsweredByTheIndex() throws Cql2Exception {
        List<GeoFeature> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(at("t" + i, i));
        }
        LayerSnapshot grid = new LayerSnapshot("trees", 1, many);
        assertThat(tested(grid, "S_INTERSECTS(geometry, BBOX(105.8399,21.4699,105.8405,21.4705))"))
                .isLessThan(200);
        assertThat(tested(grid, "height > 1 AND S_WITHIN(geometry, BBOX(105.8399,21.4699,105.8405,21.4705))"))
                .isLessThan(200);
        assertThat(tested(grid, "id = 't5' OR id IN ('t6', 't7')")).isEqualTo(3);
        assertThat(tested(grid, "height > 3")).isEqualTo(10_000);
        assertThat(tested(grid, "NOT S_INTERSECTS(geometry, POINT(105.84 21.47))"))
                .isEqualTo(10_000);
    }

    private static GeoFeature at(String id, int i) {
        return new GeoFeature(
                "trees",
                id,
                new GeometryFactory().createPoint(new Coordinate(105.84 + i % 100 / 1e4, 21.47 + i / 100 / 1e4)),
                Map.of("height", 1.0 * i),
                1);
    }

    /** How many features a filter is asked about; what it finds must be what a look at all of them finds. */
    private static int tested(LayerSnapshot snapshot, String filter) throws Cql2Exception {
        Cql2Filter parsed = text(filter);
        AtomicInteger asked = new AtomicInteger();
        FeatureQuery query = new FeatureQuery(List.of(), parsed.bound(), parsed.ids(), Optional.of(feature -> {
            asked.incrementAndGet();
            return parsed.holds(feature);
        }));
        assertThat(new FeatureSearch(snapshot, PLANE).find(query))
                .isEqualTo(snapshot.features().stream().filter(parsed::holds).toList());
        return asked.get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "height > 7",
                "S_INTERSECTS(geometry, BBOX(105.845,21,105.865,22)) AND girth = 3",
                "id IN ('a', 'd', 'zz')",
                "T_AFTER(since, DATE('2020-06-01'))",
                "NOT sick"
            })
    void geoToolsAnswersItTheSame(String filter) throws Exception {
        CanopyDataStore store = new CanopyDataStore(
                new LayerSource() {
                    @Override
                    public Set<String> names() {
                        return Set.of("trees");
                    }

                    @Override
                    public LayerSnapshot snapshot(String layer) {
                        return TREES;
                    }
                },
                PLANE);
        List<String> found = new ArrayList<>();
        try (SimpleFeatureIterator features = store.getFeatureSource("trees")
                .getFeatures(text(filter).toFilter())
                .features()) {
            while (features.hasNext()) {
                found.add(features.next().getID());
            }
        }
        found.sort(null);
        assertThat(String.join("", found)).isEqualTo(ids(text(filter))).isNotEmpty();
    }
}
