package city.canopy.geo.filter;

import static city.canopy.geo.layer.MemoryLayers.feature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.MemoryLayers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;

class SpatialConditionTest {
    private static final String SQUARE = "POLYGON((105.84 21.46,105.86 21.46,105.86 21.48,105.84 21.48,105.84 21.46))";
    private final MemoryLayers layers = new MemoryLayers()
            .with("zones", feature("zones", "z1", SQUARE, Map.of("kind", "school", "pupils", 400)))
            .with("roads", feature("roads", "r1", "LINESTRING(105.80 21.50, 105.90 21.50)", Map.of("lanes", 2)))
            .with(
                    "trees",
                    feature("trees", "in", "POINT(105.85 21.47)"),
                    feature("trees", "out", "POINT(105.87 21.47)"));
    private final Spatial spatial = new Spatial(layers, WorkingPlane.centredOn(105.84, 21.47));

    private boolean on(String ecql, GeoFeature feature) throws ConditionException {
        return Condition.parse(ecql).holds(new Values(Map.of(), feature, null, spatial));
    }

    private boolean at(String ecql, double lon, double lat) throws ConditionException {
        return Condition.parse(ecql).holds(new Values(Map.of(), null, new Coordinate(lon, lat), spatial));
    }

    private GeoFeature tree(String id) {
        return layers.snapshot("trees").find(id).orElseThrow();
    }

    @Test
    void a_tree_is_within_a_zone_of_a_layer_or_not() throws ConditionException {
        assertThat(on("WITHIN(geometry, layer('zones'))", tree("in"))).isTrue();
        assertThat(on("WITHIN(geometry, layer('zones'))", tree("out"))).isFalse();
        assertThat(on("DISJOINT(geometry, layer('zones'))", tree("out"))).isTrue();
        assertThat(on("NOT INTERSECTS(geometry, layer('zones'))", tree("out"))).isTrue();
    }

    @Test
    void only_the_features_that_the_inner_condition_holds_for_count() throws ConditionException {
        assertThat(on("WITHIN(geometry, layer('zones', 'kind = ''school'' AND pupils > 300'))", tree("in")))
                .isTrue();
        assertThat(on("WITHIN(geometry, layer('zones', 'kind = ''park'''))", tree("in")))
                .isFalse();
        assertThat(on("DISJOINT(geometry, layer('zones', 'kind = ''park'''))", tree("in")))
                .isTrue();
        assertThat(on("INTERSECTS(geometry, layer('zones', 'IN (''z1'')'))", tree("in")))
                .isTrue();
    }

    @Test
    void a_distance_is_in_metres_whatever_unit_it_is_written_in_and_never_in_degrees() throws ConditionException {
        double north = 50.0 / 110_700;
        assertThat(at("DWITHIN(geometry, layer('roads'), 51, meters)", 105.85, 21.5 + north))
                .isTrue();
        assertThat(at("DWITHIN(geometry, layer('roads'), 49, meters)", 105.85, 21.5 + north))
                .isFalse();
        assertThat(at("DWITHIN(geometry, layer('roads'), 0.051, kilometers)", 105.85, 21.5 + north))
                .isTrue();
        assertThat(at("DWITHIN(geometry, layer('roads'), 160, feet)", 105.85, 21.5 + north))
                .isFalse();
        assertThat(at("DWITHIN(geometry, layer('roads'), 168, feet)", 105.85, 21.5 + north))
                .isTrue();
        assertThat(at("BEYOND(geometry, layer('roads'), 49, meters)", 105.85, 21.5 + north))
                .isTrue();
        assertThat(at("DWITHIN(geometry, POINT(105.85 21.47), 5000, meters)", 105.95, 21.47))
                .isFalse();
        assertThat(at("DWITHIN(geometry, POINT(105.85 21.47), 11000, meters)", 105.95, 21.47))
                .isTrue();
    }

    @Test
    void geometries_may_be_written_in_the_condition() throws ConditionException {
        assertThat(at("WITHIN(geometry, " + SQUARE + ")", 105.85, 21.47)).isTrue();
        assertThat(at("BBOX(geometry, 105.84, 21.46, 105.86, 21.48)", 105.85, 21.47))
                .isTrue();
        assertThat(at("BBOX(geometry, 105.84, 21.46, 105.86, 21.48)", 105.87, 21.47))
                .isFalse();
        assertThat(on(
                        "CONTAINS(geometry, POINT(105.85 21.47))",
                        layers.snapshot("zones").find("z1").orElseThrow()))
                .isTrue();
    }

    @Test
    void the_feature_s_place_counts_before_the_reading_s() throws ConditionException {
        Scope both = new Values(Map.of(), tree("in"), new Coordinate(105.87, 21.47), spatial);
        assertThat(Condition.parse("WITHIN(geometry, layer('zones'))").holds(both))
                .isTrue();
    }

    @Test
    void without_a_place_or_layer_or_reach_nothing_is_known() throws ConditionException {
        Scope nowhere = new Values(Map.of(), null, null, spatial);
        assertThat(Condition.parse("WITHIN(geometry, layer('zones'))").holds(nowhere))
                .isFalse();
        assertThat(Condition.parse("NOT WITHIN(geometry, layer('zones'))").holds(nowhere))
                .isFalse();
        assertThat(at("NOT WITHIN(geometry, layer('lamps'))", 105.85, 21.47)).isFalse();
        assertThat(at("BEYOND(geometry, layer('roads'), 10, meters)", 0, 0)).isFalse();
        assertThat(at("BEYOND(geometry, POINT(0 0), 10, meters)", 105.85, 21.47))
                .isFalse();
        assertThat(Condition.parse("IN ('in')").holds(nowhere)).isFalse();
    }

    @Test
    void an_answer_for_a_feature_is_kept_until_the_feature_or_the_layer_changes() throws ConditionException {
        Condition condition = Condition.parse("WITHIN(geometry, layer('zones'))");
        Condition same = Condition.parse("a = 1 OR WITHIN(geometry, layer('zones'))");
        Scope tree = new Values(Map.of(), tree("in"), null, spatial);
        assertThat(condition.holds(tree)).isTrue();
        assertThat(same.holds(tree)).isTrue();
        assertThat(spatial.kept()).isEqualTo(1);

        layers.with("zones", feature("zones", "z1", "POLYGON((105 21,105.1 21,105.1 21.1,105 21))"));
        assertThat(condition.holds(tree)).isFalse();

        GeoFeature moved = new GeoFeature("trees", "in", MemoryLayers.geometry("POINT(105.09 21.01)"), Map.of(), 2);
        assertThat(condition.holds(new Values(Map.of(), moved, null, spatial))).isTrue();
        assertThat(spatial.kept()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITHIN(geometry, layer('Zones'))",
                "WITHIN(geometry, layer('zones; drop'))",
                "WITHIN(geometry, layer(zones))",
                "WITHIN(geometry, layer('zones', 'kind ='))",
                "WITHIN(geometry, layer('zones', 'WITHIN(geometry, layer(''wards''))'))",
                "WITHIN(geometry, layer())",
                "WITHIN(geometry, layer('a', 'b = 1', 'c'))",
                "WITHIN(geometry, buffer(geometry, 5))",
                "WITHIN(layer('zones'), geometry)",
                "WITHIN(the_geom, layer('zones'))",
                "INTERSECTS(POINT(105 21), geometry)",
                "WITHIN(geometry, SRID=3405;POINT(105 21))",
                "WITHIN(geometry, POINT(21.4 105.8))",
                "WITHIN(geometry, POLYGON((105 21,106 22,106 21,105 22,105 21)))",
                "DWITHIN(geometry, layer('roads'), 50001, meters)",
                "DWITHIN(geometry, layer('roads'), 50, lightyears)",
                "TOUCHES(geometry, layer('zones'))",
                "layer('zones') = 'z'",
                "geometry = 5"
            })
    void what_is_not_allowed_is_refused_when_it_is_read(String ecql) {
        assertThatThrownBy(() -> Condition.parse(ecql))
                .isInstanceOf(ConditionException.class)
                .hasMessageMatching("(?s).{20,}");
    }
}
