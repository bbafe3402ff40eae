package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.geotools.api.data.Query;
import org.geotools.api.data.SimpleFeatureSource;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.filter.Filter;
import org.geotools.api.filter.FilterFactory;
import org.geotools.api.filter.sort.SortOrder;
import org.geotools.data.simple.SimpleFeatureIterator;
import org.geotools.factory.CommonFactoryFinder;
import org.geotools.filter.text.ecql.ECQL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Point;

class CanopyDataStoreTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.84, 21.47);
    private final MemoryLayers layers = new MemoryLayers()
            .with(
                    "trees",
                    tree("a", 105.85, 21.47, "Xà cừ", 12.5),
                    tree("b", 105.86, 21.47, "Phượng", 7.0),
                    tree("c", 105.95, 21.55, "Xà cừ", 3.0),
                    tree("far", 2.35, 48.85, "Platane", 20.0))
            .with(
                    "zones",
                    MemoryLayers.feature(
                            "zones",
                            "z",
                            "POLYGON((105.84 21.46,105.855 21.46,105.855 21.48,105.84 21.48,105.84 21.46))"));
    private final CanopyDataStore store = new CanopyDataStore(layers, PLANE);

    private static GeoFeature tree(String id, double lon, double lat, String species, double height) {
        return MemoryLayers.feature(
                "trees", id, "POINT(" + lon + " " + lat + ")", Map.of("species", species, "height", height));
    }

    private List<String> ids(String ecql) throws Exception {
        return ids(new Query("trees", ECQL.toFilter(ecql)));
    }

    private List<String> ids(Query query) throws Exception {
        List<String> ids = new ArrayList<>();
        try (SimpleFeatureIterator found =
                store.getFeatureSource("trees").getFeatures(query).features()) {
            while (found.hasNext()) {
                ids.add(found.next().getID());
            }
        }
        return ids;
    }

    @Test
    void layers_are_types_with_the_attributes_that_their_features_have() throws Exception {
        assertThat(store.getTypeNames()).containsExactly("trees", "zones");
        SimpleFeatureSource trees = store.getFeatureSource("trees");
        assertThat(trees.getSchema().getGeometryDescriptor().getType().getBinding())
                .isEqualTo(Point.class);
        assertThat(trees.getSchema().getDescriptor("species").getType().getBinding())
                .isEqualTo(String.class);
        assertThat(trees.getSchema().getDescriptor("height").getType().getBinding())
                .isEqualTo(Double.class);
    }

    @Test
    void attributes_ids_and_boxes_are_filtered() throws Exception {
        assertThat(ids("species = 'Xà cừ' AND height > 5")).containsExactly("a");
        assertThat(ids("species LIKE 'Ph%' OR height < 5")).containsExactlyInAnyOrder("b", "c");
        assertThat(ids("IN ('b', 'far', 'nobody')")).containsExactlyInAnyOrder("b", "far");
        assertThat(ids("IN ('b', 'far') AND height < 10")).containsExactly("b");
        assertThat(ids("BBOX(geometry, 105.845, 21.46, 105.87, 21.48)")).containsExactlyInAnyOrder("a", "b");
        assertThat(ids("BBOX(geometry, 2, 48, 3, 49)")).containsExactly("far");
        assertThat(ids("INCLUDE")).hasSize(4);
        assertThat(ids("EXCLUDE")).isEmpty();
        assertThat(ids("NOT BBOX(geometry, 105.845, 21.46, 105.87, 21.48)")).containsExactlyInAnyOrder("c", "far");
        assertThat(ids("strToLowerCase(species) = 'platane'")).containsExactly("far");
    }

    @Test
    void distances_are_metres_and_other_layers_may_be_looked_at() throws Exception {
        assertThat(ids("DWITHIN(geometry, POINT(105.85 21.47), 1030, meters)")).containsExactly("a");
        assertThat(ids("DWITHIN(geometry, POINT(105.85 21.47), 1045, meters)")).containsExactlyInAnyOrder("a", "b");
        assertThat(ids("BEYOND(geometry, POINT(105.85 21.47), 1.03, kilometers)"))
                .containsExactlyInAnyOrder("b", "c");
        assertThat(ids("NOT DWITHIN(geometry, POINT(105.85 21.47), 1045, meters)"))
                .containsExactlyInAnyOrder("c", "far");
        assertThat(ids("WITHIN(geometry, layer('zones'))")).containsExactly("a");
        FilterFactory filters = CommonFactoryFinder.getFilterFactory();
        Filter made = filters.dwithin(
                filters.property("geometry"), filters.literal(MemoryLayers.geometry("POINT(105.85 21.47)")), 1045, "m");
        assertThat(ids(new Query("trees", made))).containsExactlyInAnyOrder("a", "b");
        assertThatThrownBy(() -> ids("DWITHIN(geometry, POINT(105.85 21.47), 999, kilometers)"))
                .hasStackTraceContaining("0 to 50000 metres");
    }

    @Test
    void a_query_sorts_limits_and_picks_attributes() throws Exception {
        FilterFactory filters = CommonFactoryFinder.getFilterFactory();
        Query query = new Query("trees", Filter.INCLUDE, new String[] {"height"});
        query.setSortBy(filters.sort("height", SortOrder.DESCENDING));
        query.setStartIndex(1);
        query.setMaxFeatures(2);
        assertThat(ids(query)).containsExactly("a", "b");
        SimpleFeatureSource trees = store.getFeatureSource("trees");
        assertThat(trees.getCount(query)).isEqualTo(2);
        try (SimpleFeatureIterator found = trees.getFeatures(query).features()) {
            SimpleFeature first = found.next();
            assertThat(first.getAttributeCount()).isEqualTo(1);
            assertThat(first.getAttribute("height")).isEqualTo(12.5);
        }
        assertThat(trees.getCount(new Query("trees", ECQL.toFilter("height > 5"))))
                .isEqualTo(3);
        assertThat(trees.getBounds(new Query("trees", ECQL.toFilter("IN ('a','b')")))
                        .getWidth())
                .isBetween(0.0099, 0.0101);
    }

    @Test
    void an_edit_is_seen_by_the_next_query() throws Exception {
        assertThat(ids("height > 10 AND height < 15")).containsExactly("a");
        layers.with("trees", tree("z", 105.85, 21.47, "Bàng", 11));
        assertThat(ids("height > 10 AND height < 15")).containsExactly("z");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void the_index_never_hides_what_a_filter_is_true_for(long seed) throws Exception {
        Random random = new Random(seed);
        List<GeoFeature> trees = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            trees.add(
                    tree("t" + i, 105.84 + random.nextGaussian() * 0.05, 21.47 + random.nextGaussian() * 0.05, "x", i));
        }
        layers.with("trees", trees);
        for (int i = 0; i < 20; i++) {
            double west = 105.84 + random.nextGaussian() * 0.05;
            double south = 21.47 + random.nextGaussian() * 0.05;
            double east = west + random.nextDouble() * 0.1;
            double north = south + random.nextDouble() * 0.1;
            List<String> expected = trees.stream()
                    .filter(tree -> tree.geometry().getCoordinate().x >= west
                            && tree.geometry().getCoordinate().x <= east
                            && tree.geometry().getCoordinate().y >= south
                            && tree.geometry().getCoordinate().y <= north)
                    .map(GeoFeature::id)
                    .toList();
            assertThat(ids("BBOX(geometry," + west + "," + south + "," + east + "," + north + ")"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void the_schema_is_the_narrowest_that_fits_or_the_declared_one() {
        List<GeoFeature> mixed = List.of(
                MemoryLayers.feature("l", "1", "POINT(1 2)", Map.of("n", 1L, "m", 1L, "b", true, "t", "x")),
                MemoryLayers.feature("l", "2", "LINESTRING(1 2,3 4)", Map.of("n", 1.5, "m", "two", "b", false)));
        LayerSchema found = LayerSchema.of(mixed);
        assertThat(found.geometry()).isEqualTo(org.locationtech.jts.geom.Geometry.class);
        assertThat(found.attributes())
                .containsExactlyInAnyOrder(
                        new LayerSchema.Attribute("n", LayerSchema.Kind.NUMBER),
                        new LayerSchema.Attribute("m", LayerSchema.Kind.TEXT),
                        new LayerSchema.Attribute("b", LayerSchema.Kind.BOOLEAN),
                        new LayerSchema.Attribute("t", LayerSchema.Kind.TEXT));
        LayerSchema declared =
                new LayerSchema(Point.class, List.of(new LayerSchema.Attribute("n", LayerSchema.Kind.WHOLE)));
        assertThat(new LayerSnapshot("l", 1, mixed, declared).schema()).isSameAs(declared);
    }
}
