package city.canopy.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.search.SearchHit.Rank;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

class FeatureSearchTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final String[] SPECIES = {"Bàng", "Xà cừ", "Sấu", "Phượng vĩ"};

    /** Layers that the test swaps as the service does. */
    private static final class Held implements LayerSource {
        private final Map<String, LayerSnapshot> snapshots = new HashMap<>();

        @Override
        public Set<String> names() {
            return snapshots.keySet();
        }

        @Override
        public LayerSnapshot snapshot(String layer) {
            return snapshots.get(layer);
        }
    }

    private final Held layers = new Held();
    private String eastern = "Tân Cương";
    private final FeatureSearch search = new FeatureSearch(
            layers,
            (lon, lat) -> Optional.of(lon < 105.85 ? "Sông Công" : eastern),
            property -> property.equals("class")
                    ? Map.of("veteran", Map.of("vi", "Cổ thụ", "en", "Veteran tree"))
                    : Map.of());

    private static GeoFeature feature(String layer, String id, double lon, Map<String, Object> properties) {
        return new GeoFeature(layer, id, GEOMETRIES.createPoint(new Coordinate(lon, 21.47)), properties, 1);
    }

    private void hold(String layer, long version, GeoFeature... features) {
        layers.snapshots.put(layer, new LayerSnapshot(layer, version, Arrays.asList(features)));
    }

    private List<String> ids(String query) {
        return search.find(SearchQuery.of(query), 10).hits().stream()
                .map(hit -> hit.feature().id())
                .toList();
    }

    @Test
    void findsWhatIsNearlySoOnlyWhereNothingIsFoundAsItIsWritten() {
        hold(
                "trees",
                1,
                feature("trees", "T1", 105.84, Map.of("species", "Xà cừ", "street", "Nguyễn Trãi")),
                feature("trees", "T2", 105.84, Map.of("species", "Bằng lăng", "street", "Nguyên Hồng")));

        assertThat(ids("nguyn trai")).as("a letter is missing").containsExactly("T1");
        assertThat(ids("ngyuen trai")).as("two have changed places").containsExactly("T1");
        assertThat(ids("nguyeen")).as("one is too many").containsExactly("T1", "T2");
        assertThat(ids("bamg lang")).as("one is wrong").containsExactly("T2");
        assertThat(ids("langx")).as("one is too many at the end").containsExactly("T2");
        assertThat(ids("nguyen trxy")).as("two are wrong").isEmpty();
        assertThat(ids("xguyen")).as("the first letter counts").isEmpty();
        assertThat(ids("xb cu")).as("short words are not forgiven").isEmpty();
        assertThat(search.find(SearchQuery.of("bamg"), 10).nearly()).isTrue();
        assertThat(search.find(SearchQuery.of("bang"), 10).nearly()).isFalse();
        assertThat(search.find(SearchQuery.of("nowhere"), 10).nearly()).isFalse();
    }

    @Test
    void findsByIdSpeciesStreetWardAndTitleWithoutDiacriticsAndTheBestFirst() {
        hold(
                "trees",
                1,
                feature("trees", "T1", 105.84, Map.of("species", "Xà cừ", "street", "Nguyễn Trãi")),
                feature("trees", "T10", 105.86, Map.of("species", "Bàng", "class", "veteran")),
                feature("trees", "Đ7", 105.86, Map.of("planted", 1998)));
        hold("roads", 1, feature("roads", "R1", 105.84, Map.of("name", "Nguyễn Trãi")));

        assertThat(ids("t1")).as("the id itself, then those that begin so").containsExactly("T1", "T10");
        assertThat(ids("XA CU")).containsExactly("T1");
        assertThat(ids("nguyen trai")).as("the street before its trees").containsExactly("R1", "T1");
        assertThat(ids("xà nguyên song")).as("words of several values").containsExactly("T1");
        assertThat(ids("tan cuong bang")).containsExactly("T10");
        assertThat(ids("co thu")).containsExactly("T10");
        assertThat(ids("veteran T10")).containsExactly("T10");
        assertThat(ids("d7")).containsExactly("Đ7");
        assertThat(ids("1998")).containsExactly("Đ7");
        assertThat(ids("guyen")).as("the middle of a word").isEmpty();
        assertThat(ids("xa cu lim")).isEmpty();
    }

    @Test
    void saysWhatMatched() {
        hold("trees", 1, feature("trees", "T1", 105.84, Map.of("species", "Bàng", "class", "veteran")));
        SearchHit hit = search.find(SearchQuery.of("veteran"), 1).hits().get(0);
        assertThat(hit.rank()).isEqualTo(Rank.WORDS);
        assertThat(hit.matched())
                .containsExactly(new SearchText("class", "veteran", Map.of("vi", "Cổ thụ", "en", "Veteran tree")));
    }

    @Test
    void seesAnEditAndAnotherWard() {
        GeoFeature first = feature("trees", "T1", 105.86, Map.of("species", "Bàng"));
        GeoFeature second = feature("trees", "T2", 105.84, Map.of("species", "Bàng"));
        hold("wards", 1);
        hold("trees", 1, first, second);
        assertThat(ids("bang")).containsExactly("T1", "T2");
        layers.snapshots.put(
                "trees",
                layers.snapshot("trees")
                        .with(
                                2,
                                List.of(
                                        feature("trees", "T0", 105.84, Map.of("species", "Sấu")),
                                        feature("trees", "T2", 105.84, Map.of("species", "Lim"))),
                                List.of()));
        assertThat(ids("bang")).containsExactly("T1");
        assertThat(ids("lim")).containsExactly("T2");
        assertThat(ids("sau")).containsExactly("T0");
        assertThat(ids("tan cuong")).containsExactly("T1");
        eastern = "Bá Xuyên";
        hold("wards", 2);
        assertThat(ids("tan cuong")).isEmpty();
        assertThat(ids("ba xuyen")).containsExactly("T1");
    }

    @Test
    void aQueryHasLimits() {
        assertThatThrownBy(() -> SearchQuery.of(" ")).hasMessageContaining("1 to 100 characters");
        assertThatThrownBy(() -> SearchQuery.of("x".repeat(101))).hasMessageContaining("100");
        assertThatThrownBy(() -> SearchQuery.of("a b c d e f g h i")).hasMessageContaining("8 words");
        assertThatThrownBy(() -> search.find(SearchQuery.of("a"), 51)).hasMessageContaining("50");
    }

    @Test
    void aCityOfTreesIsSearchedAtOnce() {
        List<GeoFeature> trees = new ArrayList<>();
        for (int i = 0; i < 250_000; i++) {
            trees.add(feature(
                    "trees",
                    String.format("T%06d", i),
                    105.8 + i * 4e-7,
                    Map.of("species", SPECIES[i % SPECIES.length], "street", "Phố " + i % 900)));
        }
        layers.snapshots.put("trees", new LayerSnapshot("trees", 1, trees));
        assertThat(search.find(SearchQuery.of("sau pho 7"), 20).count()).isPositive();
        long[] took = new long[21];
        for (int i = 0; i < took.length; i++) {
            long start = System.nanoTime();
            FeatureSearch.Found found = search.find(SearchQuery.of("bang song cong " + (i + 1)), 20);
            took[i] = System.nanoTime() - start;
            assertThat(found.hits()).hasSizeLessThanOrEqualTo(20);
        }
        Arrays.sort(took);
        assertThat(took[took.length / 2] / 1_000_000).as("median in ms").isLessThan(100);
    }
}
