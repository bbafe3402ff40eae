package city.canopy.core.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.geo.layer.GeoFeature;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

/** Edits of single features: what is refused, what is remembered, and who hears of it. */
class LayerEditsTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");

    private final Database database = TestDatabase.fresh();
    private final PgLayers layers = open();

    LayerEditsTest() {
        layers.ensureLayer(new LayerDefinition(
                "trees", "trees", LayerDefinition.Kind.POINT, Map.of("en", "Trees"), true, List.of()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void twoWhoEditTheSameFeatureDoNotOverwriteEachOther() {
        create(tree("t-1", 105.85, "Sấu"));

        replace(tree("t-1", 105.85, "Muồng"), 1);

        assertThatThrownBy(() -> replace(tree("t-1", 105.85, "Phượng"), 1))
                .isInstanceOfSatisfying(EditConflictException.class, conflict -> {
                    assertThat(conflict.kind()).isEqualTo(EditConflictException.Kind.CHANGED);
                    assertThat(conflict.version()).contains(2L);
                });
        assertThatThrownBy(() -> layers.apply("trees", List.of(new FeatureEdit.Remove("t-1", Optional.of(1L))), "an"))
                .isInstanceOf(EditConflictException.class);
        assertThat(species("t-1")).isEqualTo("Muồng");
    }

    @Test
    void aTakenIdAndAMissingFeatureAreRefused() {
        create(tree("t-1", 105.85, "Sấu"));

        assertThatThrownBy(() -> create(tree("t-1", 105.9, "Sấu"))).hasMessageContaining("a feature t-1 already");
        assertThatThrownBy(() -> replace(tree("t-2", 105.9, "Sấu"), 1)).hasMessageContaining("no feature t-2");
    }

    @Test
    void oneConflictStopsAllEditsThatCameWithIt() {
        create(tree("t-1", 105.85, "Sấu"));
        long before = layers.snapshot("trees").version();

        assertThatThrownBy(() -> layers.apply(
                        "trees",
                        List.of(
                                new FeatureEdit.Create(tree("t-2", 105.86, "Sấu")),
                                new FeatureEdit.Replace(tree("t-1", 105.85, "Muồng"), Optional.of(9L))),
                        "an"))
                .isInstanceOf(EditConflictException.class);

        assertThat(layers.find("trees", "t-2")).isEmpty();
        assertThat(open().snapshot("trees").version()).isEqualTo(before);
    }

    @Test
    void theLifeOfAFeatureIsToldWithWhoAndWhatBefore() {
        create(tree("t-1", 105.85, "Sấu"));
        replace(tree("t-1", 105.85, "Muồng"), 1);
        layers.remove("trees", "t-1", "chi");
        layers.put(tree("t-1", 105.85, "Phượng"), "dung");

        assertThat(layers.history("trees", "t-1"))
                .extracting(step -> step.version() + " "
                        + step.state()
                                .map(state -> (String) state.properties().get("species"))
                                .orElse("removed")
                        + " " + step.by().orElseThrow() + " "
                        + step.at().orElseThrow().equals(NOW))
                .containsExactly("3 Phượng dung true", "2 removed chi true", "2 Muồng an true", "1 Sấu an true");
    }

    @Test
    void anEditIsToldWithThePlacesBeforeAndAfter() {
        create(tree("t-1", 105.85, "Sấu"));
        List<LayerChange> heard = new ArrayList<>();
        layers.listen(heard::add);

        replace(tree("t-1", 105.86, "Sấu"), 1);

        assertThat(heard)
                .containsExactly(new LayerChange(
                        "trees",
                        2,
                        List.of("t-1"),
                        List.of(
                                new Envelope(105.85, 105.85, 21.47, 21.47),
                                new Envelope(105.86, 105.86, 21.47, 21.47))));
        assertThat(texts("select payload::text from outbox where kind = 'layer.changed' order by id desc limit 1"))
                .containsExactly("{\"boxes\": [[105.85, 21.47, 105.85, 21.47], [105.86, 21.47, 105.86, 21.47]],"
                        + " \"layer\": \"trees\", \"version\": 2, \"features\": [\"t-1\"]}");
    }

    @Test
    void manyEditsAreToldAsOneBox() {
        List<GeoFeature> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(tree("t-" + i, 105 + i / 1000.0, "Sấu"));
        }
        List<LayerChange> heard = new ArrayList<>();
        layers.listen(heard::add);

        layers.load("trees", many, "import");

        assertThat(heard.get(0).ids()).hasSize(200);
        assertThat(heard.get(0).boxes()).containsExactly(new Envelope(105, 105.199, 21.47, 21.47));
        assertThat(texts("select jsonb_array_length(payload -> 'features')::text from outbox"))
                .containsExactly("100");
    }

    @Test
    void editsOfAnotherProcessAreSeenAndNotOverwritten() {
        create(tree("t-1", 105.85, "Sấu"));
        PgLayers other = open();
        List<LayerChange> heard = new ArrayList<>();
        other.listen(heard::add);

        layers.put(tree("t-2", 105.86, "Muồng"), "import");
        layers.remove("trees", "t-1", "import");
        other.refresh("trees");

        assertThat(other.find("trees", "t-1")).isEmpty();
        assertThat(heard.get(0).ids()).containsExactly("t-2", "t-1");

        layers.put(tree("t-3", 105.87, "Sấu"), "import");
        other.put(tree("t-4", 105.88, "Sấu"), "an");

        assertThat(other.snapshot("trees").features())
                .extracting(GeoFeature::id)
                .containsExactly("t-2", "t-3", "t-4");
        assertThat(open().snapshot("trees").version())
                .isEqualTo(other.snapshot("trees").version());
    }

    @Test
    void surveyDataIsKeptAndRefusedWhenItIsNone() {
        layers.put(
                tree("t-1", Map.of("accuracy_m", 0.5, "source", "Khảo sát 2026", "surveyed_on", "2026-03-31")), "an");

        assertThat(texts("select accuracy_m || ' ' || source || ' ' || surveyed_on from feature"))
                .containsExactly("0.5 Khảo sát 2026 2026-03-31");
        assertThatThrownBy(() -> layers.put(tree("t-2", Map.of("accuracy_m", -1)), "an"))
                .hasMessageContaining("0 to 100000 metres");
        assertThatThrownBy(() -> layers.put(tree("t-2", Map.of("surveyed_on", "spring")), "an"))
                .hasMessageContaining("a day such as");
        assertThatThrownBy(() -> layers.put(tree("t-2", Map.of("source", "x".repeat(201))), "an"))
                .hasMessageContaining("200 characters");
    }

    @Test
    void aVeryLongLifeIsToldByItsNewestSteps() {
        create(tree("t-1", 105.85, "Sấu"));
        for (int i = 0; i < PgLayers.MAX_HISTORY + 5; i++) {
            layers.put(tree("t-1", 105.85, "Sấu " + i), "an");
        }

        assertThat(layers.history("trees", "t-1"))
                .hasSize(PgLayers.MAX_HISTORY)
                .first()
                .satisfies(step -> assertThat(step.version()).isEqualTo(PgLayers.MAX_HISTORY + 6L));
    }

    @Test
    void aHeightIsKept() {
        layers.put(
                new GeoFeature(
                        "trees", "high", GEOMETRIES.createPoint(new Coordinate(105.85, 21.47, 32.5)), Map.of(), 0),
                "an");
        create(tree("flat", 105.85, "Sấu"));

        PgLayers again = open();

        assertThat(again.find("trees", "high")
                        .orElseThrow()
                        .geometry()
                        .getCoordinate()
                        .getZ())
                .isEqualTo(32.5);
        assertThat(again.find("trees", "flat")
                        .orElseThrow()
                        .geometry()
                        .getCoordinate()
                        .getZ())
                .isNaN();
    }

    private void create(GeoFeature feature) {
        layers.apply("trees", List.of(new FeatureEdit.Create(feature)), "an");
    }

    private void replace(GeoFeature feature, long expected) {
        layers.apply("trees", List.of(new FeatureEdit.Replace(feature, Optional.of(expected))), "an");
    }

    private Object species(String id) {
        return layers.find("trees", id).orElseThrow().properties().get("species");
    }

    private PgLayers open() {
        return PgLayers.open(database, Clock.fixed(NOW, ZoneOffset.UTC), ZoneId.of("Asia/Ho_Chi_Minh"));
    }

    private static GeoFeature tree(String id, double lon, String species) {
        return new GeoFeature(
                "trees", id, GEOMETRIES.createPoint(new Coordinate(lon, 21.47)), Map.of("species", species), 0);
    }

    private static GeoFeature tree(String id, Map<String, Object> properties) {
        return new GeoFeature("trees", id, GEOMETRIES.createPoint(new Coordinate(105.8, 21.47)), properties, 0);
    }

    private List<String> texts(String sql) {
        return database.read(c -> {
            List<String> all = new ArrayList<>();
            try (Statement statement = c.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    all.add(rows.getString(1));
                }
            }
            return all;
        });
    }
}
