package city.canopy.geo.index;

import static city.canopy.geo.layer.MemoryLayers.feature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;

class SpatialIndexTest {
    private static final double LON = 105.84;
    private static final double LAT = 21.47;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(LON, LAT);

    static Stream<Function<Random, Geometry>> kinds() {
        return Stream.of(
                SpatialIndexTest::point,
                SpatialIndexTest::crowdedPoint,
                SpatialIndexTest::line,
                SpatialIndexTest::area,
                random -> List.<Function<Random, Geometry>>of(
                                SpatialIndexTest::point, SpatialIndexTest::line, SpatialIndexTest::area)
                        .get(random.nextInt(3))
                        .apply(random));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void it_finds_what_looking_at_every_feature_finds(Function<Random, Geometry> kind) {
        Random random = new Random(42);
        for (int size : new int[] {1, 2, 9, 100, 700}) {
            List<GeoFeature> features = features(size, () -> kind.apply(random));
            SpatialIndex index = SpatialIndex.of(features, PLANE);
            List<Hit> measured = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Coordinate place = PLANE.toPlane(LON + jitter(random, 0.03), LAT + jitter(random, 0.03));
                measured.clear();
                features.forEach(feature -> measured.add(measure(feature, place)));
                measured.sort(null);
                double limit = i % 3 == 0 ? Double.POSITIVE_INFINITY : Math.pow(10, random.nextDouble() * 4);
                int count = 1 + random.nextInt(12);
                assertSame(
                        index.nearest(place.x, place.y, count, limit),
                        measured.stream()
                                .filter(hit -> hit.meters() <= limit)
                                .limit(count)
                                .toList());
                double near = Math.min(limit, 3_000);
                assertSame(
                        index.within(place.x, place.y, near),
                        measured.stream().filter(hit -> hit.meters() <= near).toList());
                assertThat(index.containing(place.x, place.y)).isEqualTo(containing(features, place));
            }
        }
    }

    private static void assertSame(List<Hit> found, List<Hit> expected) {
        assertThat(found)
                .usingElementComparator((a, b) -> Math.abs(a.meters() - b.meters()) < 1e-6
                        ? a.feature().id().compareTo(b.feature().id())
                        : Double.compare(a.meters(), b.meters()))
                .containsExactlyElementsOf(expected);
    }

    private static Hit measure(GeoFeature feature, Coordinate place) {
        return new Hit(feature, PLANE.toPlane(feature.geometry()).distance(GEOMETRIES.createPoint(place)));
    }

    private static List<GeoFeature> containing(List<GeoFeature> features, Coordinate place) {
        Point point = GEOMETRIES.createPoint(place);
        return features.stream()
                .filter(feature -> feature.geometry().getDimension() == 2
                        && PLANE.toPlane(feature.geometry()).covers(point))
                .sorted(Comparator.<GeoFeature>comparingDouble(
                                feature -> PLANE.toPlane(feature.geometry()).getArea())
                        .thenComparing(GeoFeature::id))
                .toList();
    }

    @Test
    void equally_near_ones_always_come_in_the_order_of_their_ids() {
        List<GeoFeature> features = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            features.add(feature("trees", "t" + (i * 37 % 64), "POINT(105.85 21.47)"));
        }
        SpatialIndex index = SpatialIndex.of(features, PLANE);
        Coordinate place = PLANE.toPlane(105.8501, 21.47);
        assertThat(index.nearest(place.x, place.y, 4, 100).stream()
                        .map(hit -> hit.feature().id()))
                .containsExactly("t0", "t1", "t10", "t11");
    }

    @Test
    void a_place_in_two_areas_is_in_the_smaller_one_first_and_in_neither_in_a_hole() {
        SpatialIndex index = SpatialIndex.of(
                List.of(
                        feature(
                                "zones",
                                "park",
                                "POLYGON((105.8 21.4,105.9 21.4,105.9 21.5,105.8 21.5,105.8 21.4),"
                                        + "(105.82 21.42,105.83 21.42,105.83 21.43,105.82 21.43,105.82 21.42))"),
                        feature(
                                "zones",
                                "school",
                                "POLYGON((105.84 21.44,105.86 21.44,105.86 21.46,105.84 21.46,105.84 21.44))")),
                PLANE);
        assertThat(ids(index, 105.85, 21.45)).containsExactly("school", "park");
        assertThat(ids(index, 105.81, 21.41)).containsExactly("park");
        assertThat(ids(index, 105.825, 21.425)).isEmpty();
        assertThat(ids(index, 105.95, 21.45)).isEmpty();
    }

    private static List<String> ids(SpatialIndex index, double lon, double lat) {
        Coordinate place = PLANE.toPlane(lon, lat);
        return index.containing(place.x, place.y).stream().map(GeoFeature::id).toList();
    }

    @Test
    void distances_are_metres_and_the_limit_itself_is_within() {
        SpatialIndex index = SpatialIndex.of(List.of(feature("trees", "t", "POINT(105.84 21.47)")), PLANE);
        assertThat(index.nearest(30, 40, 1, 50).get(0).meters()).isEqualTo(50.0);
        assertThat(index.nearest(30, 40, 1, 49.999)).isEmpty();
        assertThat(index.within(30, 40, 50)).hasSize(1);
    }

    @Test
    void what_the_plane_does_not_reach_is_left_out_and_listed() {
        SpatialIndex index = SpatialIndex.of(
                List.of(
                        feature("trees", "here", "POINT(105.85 21.47)"),
                        feature("trees", "lost", "POINT(0 0)"),
                        feature("trees", "empty", "POINT EMPTY")),
                PLANE);
        assertThat(index.size()).isEqualTo(1);
        assertThat(index.leftOut()).extracting(GeoFeature::id).containsExactly("lost", "empty");
        assertThat(index.nearest(0, 0, 5, Double.POSITIVE_INFINITY)).hasSize(1);
    }

    @Test
    void an_empty_layer_has_nothing_near() {
        SpatialIndex index = SpatialIndex.of(List.of(), PLANE);
        assertThat(index.nearest(0, 0, 3, Double.POSITIVE_INFINITY)).isEmpty();
        assertThat(index.within(0, 0, 1_000)).isEmpty();
        assertThat(index.containing(0, 0)).isEmpty();
    }

    @Test
    void nonsense_is_answered_with_nothing_and_too_many_are_refused() {
        SpatialIndex index = SpatialIndex.of(List.of(feature("trees", "t", "POINT(105.84 21.47)")), PLANE);
        assertThat(index.nearest(Double.NaN, 0, 1, 10)).isEmpty();
        assertThat(index.nearest(0, 0, 1, Double.NaN)).isEmpty();
        assertThat(index.nearest(0, 0, 1, -1)).isEmpty();
        assertThat(index.within(0, 0, -1)).isEmpty();
        assertThatThrownBy(() -> index.nearest(0, 0, 0, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.nearest(0, 0, SpatialIndex.MAX_NEAREST + 1, 10))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_box_finds_everything_whose_box_touches_it() {
        Random random = new Random(5);
        List<GeoFeature> features = features(500, () -> random.nextBoolean() ? point(random) : line(random));
        SpatialIndex index = SpatialIndex.of(features, PLANE);
        Envelope box = new Envelope(-800, 900, -700, 400);
        List<String> found = new ArrayList<>();
        index.inBox(box, (feature, onPlane) -> found.add(feature.id()));
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(features.stream()
                        .filter(feature -> PLANE.toPlane(feature.geometry())
                                .getEnvelopeInternal()
                                .intersects(box))
                        .map(GeoFeature::id)
                        .toList());
        assertThat(found).isNotEmpty();
    }

    private static List<GeoFeature> features(int size, java.util.function.Supplier<Geometry> geometries) {
        List<GeoFeature> features = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            features.add(new GeoFeature("layer", "f" + i, geometries.get(), Map.of(), 1));
        }
        return features;
    }

    private static double jitter(Random random, double degrees) {
        return (random.nextDouble() - 0.5) * degrees;
    }

    private static Geometry point(Random random) {
        return GEOMETRIES.createPoint(new Coordinate(LON + jitter(random, 0.02), LAT + jitter(random, 0.02)));
    }

    /** On a coarse raster, so that many lie on one place or equally far. */
    private static Geometry crowdedPoint(Random random) {
        return GEOMETRIES.createPoint(new Coordinate(LON + random.nextInt(6) * 0.002, LAT + random.nextInt(6) * 0.002));
    }

    private static Geometry line(Random random) {
        Coordinate[] path = new Coordinate[2 + random.nextInt(5)];
        path[0] = point(random).getCoordinate();
        for (int i = 1; i < path.length; i++) {
            path[i] = new Coordinate(path[i - 1].x + jitter(random, 0.004), path[i - 1].y + jitter(random, 0.004));
        }
        return GEOMETRIES.createLineString(path);
    }

    private static Geometry area(Random random) {
        Geometry round = point(random).buffer(0.0005 + random.nextDouble() * 0.004, 3);
        if (random.nextInt(3) > 0) {
            return round;
        }
        LinearRing hole = (LinearRing) round.getCentroid().buffer(0.0002, 2).getBoundary();
        return GEOMETRIES.createPolygon(GEOMETRIES.createLinearRing(round.getCoordinates()), new LinearRing[] {hole});
    }
}
