package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

class LayerSnapshotTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    @Test
    void anEditGivesWhatAMapWouldHold() {
        Random random = new Random(7);
        Map<String, GeoFeature> expected = new TreeMap<>();
        LayerSnapshot snapshot = new LayerSnapshot("trees", 0, List.of());
        for (int round = 1; round <= 200; round++) {
            Map<String, GeoFeature> states = new TreeMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                GeoFeature state = tree("t" + random.nextInt(40), round);
                states.put(state.id(), state);
            }
            List<String> removed = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                String id = "t" + random.nextInt(40);
                if (!states.containsKey(id)) {
                    removed.add(id);
                }
            }
            List<GeoFeature> shuffled = new ArrayList<>(states.values());
            java.util.Collections.shuffle(shuffled, random);
            snapshot = snapshot.with(round, shuffled, removed);
            removed.forEach(expected::remove);
            expected.putAll(states);

            assertThat(snapshot.version()).isEqualTo(round);
            assertThat(snapshot.features()).containsExactlyElementsOf(expected.values());
        }
    }

    @Test
    void featuresAreFoundById() {
        LayerSnapshot snapshot =
                new LayerSnapshot("trees", 1, List.of(tree("b", 1), tree("a", 1), tree("c", 1), tree("a", 2)));

        assertThat(snapshot.size()).isEqualTo(3);
        assertThat(snapshot.find("a")).map(GeoFeature::version).contains(2L);
        assertThat(snapshot.find("aa")).isEmpty();
        assertThat(snapshot.find("z")).isEmpty();
    }

    @Test
    void whatComesAfterATextNeedsNoFeatureOfThatId() {
        LayerSnapshot snapshot = new LayerSnapshot("trees", 1, List.of(tree("a", 1), tree("b", 1), tree("d", 1)));

        assertThat(snapshot.after("")).extracting(GeoFeature::id).containsExactly("a", "b", "d");
        assertThat(snapshot.after("b")).extracting(GeoFeature::id).containsExactly("d");
        assertThat(snapshot.after("c")).extracting(GeoFeature::id).containsExactly("d");
        assertThat(snapshot.after("d")).isEmpty();
    }

    private static GeoFeature tree(String id, long version) {
        return new GeoFeature("trees", id, GEOMETRIES.createPoint(new Coordinate(105, 21)), Map.of(), version);
    }
}
