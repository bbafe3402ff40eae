package city.canopy.geo.attach;

import static city.canopy.geo.layer.MemoryLayers.feature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.MemoryLayers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

class AttacherTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.84, 21.47);
    private static final List<AttachRule> TREES = List.of(new AttachRule("trees", 10));
    private final MemoryLayers layers = new MemoryLayers();
    private final Attacher attacher = new Attacher(layers, PLANE);

    /** A point so many metres from the plane's centre. */
    private static GeoFeature at(String layer, String id, double x, double y) {
        GeometryFactory geometries = new GeometryFactory();
        return new GeoFeature(layer, id, PLANE.toLonLat(geometries.createPoint(new Coordinate(x, y))), Map.of(), 1);
    }

    private Attachment attach(double x, double y, List<AttachRule> rules) {
        Coordinate place = at("", "", x, y).geometry().getCoordinate();
        return attacher.attach(place.x, place.y, rules);
    }

    private Attachment.Near near(double x, double y) {
        return (Attachment.Near) attach(x, y, TREES);
    }

    @Test
    void the_nearest_tree_within_the_distance_is_meant() {
        layers.with("trees", at("trees", "near", 0, 0), at("trees", "far", 100, 0));
        assertThat(near(3, 4).featureId()).isEqualTo("near");
        assertThat(near(3, 4).meters()).isCloseTo(5, within(1e-6));
        assertThat(attach(10.001, 0, TREES)).isEqualTo(new Attachment.None());
    }

    @Test
    void it_is_certain_right_on_a_tree_that_stands_alone() {
        layers.with("trees", at("trees", "a", 0, 0), at("trees", "b", 10.5, 0));
        assertThat(near(0, 0).certainty()).isCloseTo(1, within(1e-9));
    }

    @Test
    void it_is_less_certain_the_farther_away_and_half_certain_at_the_limit() {
        layers.with("trees", at("trees", "a", 0, 0));
        assertThat(near(5, 0).certainty()).isCloseTo(0.75, within(1e-6));
        assertThat(near(9.999999, 0).certainty()).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void it_is_less_certain_the_nearer_the_runner_up() {
        layers.with("trees", at("trees", "a", 0, 0), at("trees", "b", 8, 0));
        assertThat(near(2, 0).certainty()).isCloseTo(6.0 / 8 * 0.9, within(1e-6));
        assertThat(near(3.9, 0).certainty()).isLessThan(near(2, 0).certainty()).isGreaterThan(0.25);
    }

    @Test
    void of_two_trees_on_one_place_the_smaller_id_is_meant_with_half_certainty() {
        layers.with("trees", at("trees", "b", 0, 0), at("trees", "a", 0, 0));
        Attachment.Near found = near(0, 0);
        assertThat(found.featureId()).isEqualTo("a");
        assertThat(found.certainty()).isCloseTo(0.5, within(1e-4));
    }

    @Test
    void a_place_in_a_ward_is_inside_it_and_nothing_else_counts_when_the_distance_is_0() {
        layers.with(
                "wards",
                feature("wards", "song-cong", "POLYGON((105.8 21.4,105.85 21.4,105.85 21.5,105.8 21.5,105.8 21.4))"));
        List<AttachRule> inside = List.of(new AttachRule("wards", 0));
        assertThat(attacher.attach(105.82, 21.45, inside)).isEqualTo(new Attachment.Inside("wards", "song-cong"));
        assertThat(attacher.attach(105.8501, 21.45, inside)).isEqualTo(new Attachment.None());
        assertThat(attacher.attach(105.8501, 21.45, List.of(new AttachRule("wards", 50))))
                .isInstanceOfSatisfying(
                        Attachment.Near.class,
                        found -> assertThat(found.meters()).isCloseTo(10.36, within(0.1)));
    }

    @Test
    void a_road_is_as_far_as_its_nearest_stretch() {
        layers.with("roads", feature("roads", "r1", "LINESTRING(105.80 21.47, 105.90 21.47)"));
        Attachment found = attach(1_000, 12, List.of(new AttachRule("roads", 20)));
        assertThat(found)
                .isInstanceOfSatisfying(
                        Attachment.Near.class, near -> assertThat(near.meters()).isCloseTo(12, within(1.0)));
    }

    @Test
    void the_first_rule_that_finds_something_wins() {
        layers.with("trees", at("trees", "tree", 8, 0)).with("waste_points", at("waste_points", "bin", 1, 0));
        List<AttachRule> rules = List.of(new AttachRule("trees", 10), new AttachRule("waste_points", 10));
        assertThat(attach(0, 0, rules))
                .isInstanceOfSatisfying(
                        Attachment.Near.class,
                        near -> assertThat(near.featureId()).isEqualTo("tree"));
        assertThat(attach(-5, 0, rules))
                .isInstanceOfSatisfying(
                        Attachment.Near.class, near -> assertThat(near.layer()).isEqualTo("waste_points"));
    }

    @Test
    void an_edit_of_the_layer_counts_at_once() {
        layers.with("trees", at("trees", "old", 0, 0));
        assertThat(near(0, 1).featureId()).isEqualTo("old");
        layers.with("trees", at("trees", "new", 0, 0));
        assertThat(near(0, 1).featureId()).isEqualTo("new");
    }

    @Test
    void nothing_is_found_without_rules_without_the_layer_or_without_a_sensible_place() {
        layers.with("trees", at("trees", "a", 0, 0));
        assertThat(attacher.attach(105.84, 21.47, List.of())).isEqualTo(new Attachment.None());
        assertThat(attacher.attach(105.84, 21.47, List.of(new AttachRule("lamps", 10))))
                .isEqualTo(new Attachment.None());
        assertThat(attacher.attach(0, 0, TREES)).isEqualTo(new Attachment.None());
        assertThat(attacher.attach(Double.NaN, 21.47, TREES)).isEqualTo(new Attachment.None());
        assertThat(attacher.attach(21.47, 105.84, TREES)).isEqualTo(new Attachment.None());
    }

    @Test
    void a_rule_without_a_sensible_distance_is_refused() {
        assertThatThrownBy(() -> new AttachRule("trees", -1)).hasMessageContaining("trees");
        assertThatThrownBy(() -> new AttachRule("trees", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AttachRule("trees", 10_001)).isInstanceOf(IllegalArgumentException.class);
    }
}
