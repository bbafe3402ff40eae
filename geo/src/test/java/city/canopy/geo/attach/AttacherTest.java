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
                        Attachment.OnLine.class,
                        near -> assertThat(near.meters()).isCloseTo(12, within(1.0)));
    }

    private GeoFeature line(String id, Coordinate... points) {
        return new GeoFeature("roads", id, PLANE.toLonLat(new GeometryFactory().createLineString(points)), Map.of(), 1);
    }

    private Attachment.OnLine onLine(double x, double y) {
        return (Attachment.OnLine) attach(x, y, List.of(new AttachRule("roads", 50)));
    }

    @Test
    void a_place_by_a_road_has_a_chainage_from_where_its_drawing_begins() {
        layers.with("roads", line("r", new Coordinate(0, 0), new Coordinate(300, 0), new Coordinate(300, 400)));
        assertThat(onLine(120, 5).chainageMeters()).isCloseTo(120, within(0.01));
        assertThat(onLine(305, 100).chainageMeters()).isCloseTo(400, within(0.01));
        assertThat(onLine(-3, -3).chainageMeters()).isCloseTo(0, within(0.01));
        assertThat(onLine(310, 430).chainageMeters()).isCloseTo(700, within(0.01));
        assertThat(onLine(120, 5).meters()).isCloseTo(5, within(0.001));
    }

    @Test
    void the_parts_of_a_road_count_one_after_the_other_and_its_gaps_do_not() {
        layers.with("roads", feature("roads", "r", wkt("MULTILINESTRING((0 0, 100 0), (200 0, 300 0))")));
        assertThat(onLine(250, 5).chainageMeters()).isCloseTo(150, within(0.01));
    }

    @Test
    void of_two_stretches_equally_near_the_first_counts() {
        layers.with("roads", feature("roads", "r", wkt("LINESTRING(0 0, 100 0, 100 40, 0 40)")));
        assertThat(onLine(30, 20).chainageMeters()).isCloseTo(30, within(0.01));
    }

    private static String wkt(String onPlane) {
        try {
            return PLANE.toLonLat(new org.locationtech.jts.io.WKTReader().read(onPlane))
                    .toText();
        } catch (org.locationtech.jts.io.ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private List<Attachment> nearest(double x, double y, String layer, int count) {
        Coordinate place = at("", "", x, y).geometry().getCoordinate();
        return attacher.nearest(place.x, place.y, new AttachRule(layer, 100), count);
    }

    @Test
    void the_nearest_few_come_by_distance_then_by_id_and_each_says_how_sure() {
        layers.with(
                "trees",
                at("trees", "c", 10, 0),
                at("trees", "b", 30, 0),
                at("trees", "a", -30, 0),
                at("trees", "d", 99, 0));
        List<Attachment> found = nearest(0, 0, "trees", 3);
        assertThat(found)
                .extracting(each -> ((Attachment.Near) each).featureId())
                .containsExactly("c", "a", "b");
        assertThat(((Attachment.Near) found.get(0)).certainty()).isCloseTo(30.0 / 40 * 0.95, within(1e-4));
        assertThat(((Attachment.Near) found.get(1)).certainty()).isCloseTo(10.0 / 40 * 0.85, within(1e-4));
        assertThat(nearest(0, 0, "trees", 10)).hasSize(4);
        assertThat(nearest(0, 0, "nothing", 10)).isEmpty();
        assertThatThrownBy(() -> nearest(0, 0, "trees", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void areas_that_a_place_lies_in_come_first_the_smallest_before_the_others() {
        layers.with(
                "zones",
                feature("zones", "large", wkt("POLYGON((-100 -100, 100 -100, 100 100, -100 100, -100 -100))")),
                feature("zones", "small", wkt("POLYGON((-10 -10, 10 -10, 10 10, -10 10, -10 -10))")),
                feature("zones", "beside", wkt("POLYGON((20 -10, 40 -10, 40 10, 20 10, 20 -10))")));
        assertThat(nearest(0, 0, "zones", 5))
                .extracting(Object::toString)
                .satisfiesExactly(
                        first -> assertThat(first).contains("Inside").contains("small"),
                        second -> assertThat(second).contains("Inside").contains("large"),
                        third -> assertThat(third).contains("Near").contains("beside"));
        assertThat(nearest(0, 0, "zones", 1)).hasSize(1);
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
