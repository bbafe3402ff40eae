package city.canopy.geo.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;

class DuplicatesTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    /** A tree so many metres east and north of the centre. */
    private static GeoFeature tree(String id, double x, double y, Map<String, Object> properties) {
        Point place = (Point) PLANE.toLonLat(GEOMETRIES.createPoint(new Coordinate(x, y)));
        return new GeoFeature("trees", id, place, properties, 1);
    }

    private static Map<String, Object> species(String name) {
        return Map.of("species", name);
    }

    private static LayerSnapshot layer(GeoFeature... trees) {
        return new LayerSnapshot("trees", 1, List.of(trees));
    }

    private static List<String> pairs(Duplicates.Found found) {
        return found.first().stream()
                .map(each -> each.id() + "=" + each.other() + (each.standing() ? "" : "*"))
                .toList();
    }

    @Test
    void theSameSpeciesWithinWhatBothPlacesMayBeOffIsToldNearestFirst() {
        LayerSnapshot layer = layer(
                tree("near", 1.5, 0, species("Bàng")),
                tree("nearest", 0, 1, species("bàng ")),
                tree("other", 0.1, 0, species("Sấu")),
                tree("unknown", 0.1, 0, Map.of()));
        Duplicates.Duplicate found = Duplicates.find(tree("new", 0, 0, species("Bàng")), layer, PLANE)
                .orElseThrow();
        assertThat(found.other()).isEqualTo("nearest");
        assertThat(found.standing()).isTrue();
        assertThat(found.meters()).isCloseTo(1, within(0.001));
        assertThat(found.allowedMeters()).isEqualTo(2);
        assertThat(Duplicates.find(tree("new", 0, 0, species("Phượng vĩ")), layer, PLANE))
                .isEmpty();
        assertThat(Duplicates.find(tree("new", 0, 0, Map.of()), layer, PLANE)).isEmpty();
    }

    @Test
    void accuracyWidensOrNarrowsTheDistanceUpToALimit() {
        LayerSnapshot layer = layer(tree("t", 0, 0, Map.of("species", "Bàng", "accuracy_m", 5)));
        assertThat(Duplicates.find(tree("a", 5.9, 0, species("Bàng")), layer, PLANE))
                .isPresent();
        assertThat(Duplicates.find(tree("a", 6.1, 0, species("Bàng")), layer, PLANE))
                .isEmpty();
        assertThat(Duplicates.find(tree("a", 5.2, 0, Map.of("species", "Bàng", "accuracy_m", 0.1)), layer, PLANE))
                .isEmpty();
        GeoFeature rough = tree("a", 51, 0, Map.of("species", "Bàng", "accuracy_m", 1_000));
        assertThat(Duplicates.find(rough, layer, PLANE)).isEmpty();
    }

    @Test
    void oneThatTakesAnothersPlaceIsNoDuplicateOfIt() {
        LayerSnapshot layer = layer(tree("a", 0, 0, species("Bàng")), tree("b", 1, 0, species("Bàng")));
        assertThat(Duplicates.find(tree("a", 0.1, 0, species("Bàng")), layer, PLANE))
                .hasValueSatisfying(found -> assertThat(found.other()).isEqualTo("b"));
        // Both are moved apart at once.
        Duplicates.Found moved = Duplicates.find(
                List.of(tree("a", 0, 0, species("Bàng")), tree("b", 9, 0, species("Bàng"))), layer, PLANE, 10);
        assertThat(moved.count()).isZero();
    }

    @Test
    void twoOfOneFileAreFoundAlsoAcrossTheSquaresOfTheSearchAndOnlySoManyAreListed() {
        List<GeoFeature> coming = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            coming.add(tree("a" + i, i * 50 - 0.5, -0.5, species("Bàng")));
            coming.add(tree("b" + i, i * 50 + 0.5, 0.5, species("Bàng")));
        }
        Duplicates.Found found = Duplicates.find(coming, layer(), PLANE, 3);
        assertThat(found.count()).isEqualTo(20);
        assertThat(pairs(found)).containsExactly("b0=a0*", "b1=a1*", "b2=a2*");
    }

    @Test
    void whatIsFoundIsWhatEveryPairComparedFinds() {
        Random random = new Random(7);
        List<GeoFeature> standing = new ArrayList<>();
        List<GeoFeature> coming = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Map<String, Object> properties =
                    Map.of("species", "s" + random.nextInt(3), "accuracy_m", random.nextInt(4) + 0.3);
            GeoFeature tree = tree((i < 200 ? "s" : "c") + i, random.nextInt(120), random.nextInt(120), properties);
            (i < 200 ? standing : coming).add(tree);
        }
        int expected = 0;
        for (int i = 0; i < coming.size(); i++) {
            GeoFeature one = coming.get(i);
            List<GeoFeature> others = new ArrayList<>(standing);
            others.addAll(coming.subList(0, i));
            expected += others.stream().anyMatch(other -> isSame(one, other)) ? 1 : 0;
        }
        assertThat(expected).isGreaterThan(20);
        Duplicates.Found found =
                Duplicates.find(coming, new LayerSnapshot("trees", 1, standing), PLANE, Integer.MAX_VALUE);
        assertThat(found.count()).isEqualTo(expected);
        assertThat(found.first()).hasSize(expected);
    }

    private static boolean isSame(GeoFeature one, GeoFeature other) {
        double meters = PLANE.toPlane(one.geometry()).distance(PLANE.toPlane(other.geometry()));
        double allowed = ((Number) one.properties().get("accuracy_m")).doubleValue()
                + ((Number) other.properties().get("accuracy_m")).doubleValue();
        return meters <= allowed
                && one.properties().get("species").equals(other.properties().get("species"));
    }
}
