package city.canopy.core.demo.city;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.layers.Ward;
import city.canopy.core.layers.Wards;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/** The generated city lies where it should, looks like a town, and follows from its seed. */
class DemoCityTest {
    private static final int TREES = 20_000;
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);

    private static Map<String, List<GeoFeature>> city;
    private static Duration took;

    @BeforeAll
    static void generate() {
        long begin = System.nanoTime();
        city = new DemoCity(20_250_701, TREES, PLANE).layers();
        took = Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void itHasWhatACityOfThisSizeHas() {
        assertThat(city.get("wards")).hasSize(4 + 9);
        assertThat(city.get("trees")).hasSize(TREES);
        assertThat(city.get("waste_points")).hasSize(300);
        assertThat(city.get("roads")).hasSizeBetween(100, 2_000);
        assertThat(city.get("zones")).hasSizeGreaterThan(12);
        assertThat(city.get("trees").stream()
                        .map(tree -> tree.properties().get("species"))
                        .distinct())
                .hasSizeGreaterThan(15);
        assertThat(city.get("trees").stream()
                        .map(tree -> tree.properties().get("class"))
                        .collect(Collectors.toSet()))
                .contains("public_use", "restricted", "conservation", "shade", "ancient", "hazardous");
        assertThat(took).as("on a busy machine too").isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void theSameSeedGivesTheSameCityAndAnotherSeedAnother() {
        assertThat(new DemoCity(7, 500, PLANE).layers()).isEqualTo(new DemoCity(7, 500, PLANE).layers());
        assertThat(new DemoCity(7, 500, PLANE).layers()).isNotEqualTo(new DemoCity(8, 500, PLANE).layers());
    }

    @Test
    void everythingIsValidHasAnIdOfItsOwnAndLiesInsideTheRealWards() {
        PreparedGeometry wards = PreparedGeometryFactory.prepare(
                UnaryUnionOp.union(wardsOfToday().map(GeoFeature::geometry).toList()));
        for (String layer : List.of("roads", "trees", "waste_points", "zones")) {
            Set<String> ids = new HashSet<>();
            for (GeoFeature feature : city.get(layer)) {
                assertThat(ids.add(feature.id())).isTrue();
                assertThat(feature.geometry().isValid())
                        .as(layer + feature.id())
                        .isTrue();
                assertThat(wards.covers(feature.geometry()))
                        .as(layer + " " + feature.id())
                        .isTrue();
                assertThat(feature.properties()).containsEntry("generated", true);
            }
        }
    }

    @Test
    void noTreeStandsOnACarriageway() {
        STRtree roads = new STRtree();
        for (GeoFeature road : city.get("roads")) {
            Geometry line = PLANE.toPlane(road.geometry());
            double width = ((Number) road.properties().get("width_m")).doubleValue();
            roads.insert(line.getEnvelopeInternal(), line.buffer(width / 2 + 0.5, 4));
        }
        for (GeoFeature tree : city.get("trees")) {
            Geometry place = PLANE.toPlane(tree.geometry());
            var near = place.getEnvelopeInternal();
            near.expandBy(10);
            for (Object road : roads.query(near)) {
                assertThat(((Geometry) road).contains(place)).as(tree.id()).isFalse();
            }
        }
    }

    private static Stream<GeoFeature> wardsOfToday() {
        return city.get("wards").stream().filter(ward -> ward.properties().containsKey("valid_from"));
    }

    @Test
    void aCodeThatWasUsedAgainMeansTheWardOfTheDay() {
        Wards wards = new Wards(
                new LayerSource() {
                    @Override
                    public Set<String> names() {
                        return Set.of("wards");
                    }

                    @Override
                    public LayerSnapshot snapshot(String layer) {
                        return new LayerSnapshot(layer, 1, city.get(layer));
                    }
                },
                ZoneId.of("Asia/Ho_Chi_Minh"));
        assertThat(wards.find(105.8324, 21.4643, Instant.parse("2024-05-01T00:00:00Z")))
                .contains(new Ward("05518", "Phường Thắng Lợi"));
        assertThat(wards.find(105.8324, 21.4643, Instant.parse("2025-07-01T00:00:00Z")))
                .contains(new Ward("05518", "Phường Sông Công"));
    }

    @Test
    void theOverflowOfTheStoryIsInBinhSon() {
        GeoFeature point = city.get("waste_points").get(0);
        assertThat(point.properties().get("name")).asString().contains("Bình Sơn");
        GeoFeature commune = city.get("wards").stream()
                .filter(ward -> ward.id().equals("05503"))
                .findFirst()
                .orElseThrow();
        assertThat(commune.geometry().covers(point.geometry())).isTrue();
    }

    @Test
    void aVerySmallCityIsOneToo() {
        Map<String, List<GeoFeature>> small = new DemoCity(1, 10, PLANE).layers();
        assertThat(small.get("trees")).hasSize(10);
        assertThat(small.get("waste_points")).hasSize(50);
    }
}
