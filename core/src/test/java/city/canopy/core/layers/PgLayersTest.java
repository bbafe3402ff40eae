package city.canopy.core.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.core.db.TestDatabase;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class PgLayersTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T05:00:00Z"), ZoneOffset.UTC);
    private static final ZoneId ZONE = ZoneId.of("Asia/Ho_Chi_Minh");

    private final Database database = TestDatabase.fresh();
    private final PgLayers layers = open();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsWhatWasLoadedOverARestart() {
        layers.ensureLayer(trees());
        layers.load("trees", List.of(tree("t-1", 105.85, "Bằng lăng"), tree("t-2", 105.86, "Sấu")), "import");

        PgLayers again = open();

        assertThat(again.listDefinitions()).containsExactly(trees());
        assertThat(again.snapshot("trees").features())
                .extracting(GeoFeature::id)
                .containsExactly("t-1", "t-2");
        GeoFeature first = again.find("trees", "t-1").orElseThrow();
        assertThat((Object) first.geometry()).isEqualTo(point(105.85, 21.47));
        assertThat(first.properties()).containsEntry("species", "Bằng lăng").containsEntry("girth_cm", 40);
        assertThat(again.snapshot("trees").version())
                .isEqualTo(layers.snapshot("trees").version());
    }

    @Test
    void aReaderKeepsTheSnapshotThatItHolds() {
        layers.ensureLayer(trees());
        layers.put(tree("t-1", 105.85, "Sấu"), "an");
        LayerSnapshot held = layers.snapshot("trees");

        layers.put(tree("t-2", 105.86, "Sấu"), "an");

        assertThat(held.size()).isEqualTo(1);
        assertThat(layers.snapshot("trees").size()).isEqualTo(2);
        assertThat(layers.snapshot("trees").version()).isGreaterThan(held.version());
    }

    @Test
    void everyStateThatWasReplacedOrRemovedIsInTheHistory() {
        layers.ensureLayer(trees());
        layers.put(tree("t-1", 105.85, "Sấu"), "an");
        layers.put(tree("t-1", 105.85, "Muồng"), "binh");
        assertThat(layers.remove("trees", "t-1", "chi")).isTrue();
        assertThat(layers.remove("trees", "t-1", "chi")).isFalse();

        assertThat(texts("select version || ' ' || (properties ->> 'species') || ' ' || changed_by"
                        + " from feature_history where id = 't-1' order by version"))
                .containsExactly("1 Sấu binh", "2 Muồng chi");
        assertThat(layers.put(tree("t-1", 105.85, "Phượng"), "dung").version()).isEqualTo(3);
    }

    @Test
    void firstContentDoesNotComeBackAfterPeopleRemovedIt() {
        layers.ensureLayer(trees());
        assertThat(layers.seed("trees", List.of(tree("t-1", 105.85, "Sấu")), "pack trees"))
                .isTrue();
        layers.remove("trees", "t-1", "an");

        assertThat(open().seed("trees", List.of(tree("t-1", 105.85, "Sấu")), "pack trees"))
                .isFalse();
        assertThat(layers.snapshot("trees").size()).isZero();
    }

    @Test
    void oneBadFeatureRefusesTheWholeLoadAndSaysWhichAndWhy() {
        layers.ensureLayer(trees());
        GeoFeature good = tree("t-1", 105.85, "Sấu");

        refuses(List.of(good, tree("t-2", 215, "Sấu")), "feature t-2 of layer trees", "exchanged");
        refuses(List.of(good, good), "feature t-1", "twice");
        refuses(List.of(good, feature("t-2", GEOMETRIES.createPoint(), Map.of())), "no geometry");
        refuses(List.of(good, feature("", point(105, 21), Map.of())), "1 to 200 characters");
        refuses(List.of(good, feature("r", line(), Map.of())), "LineString", "point");
        refuses(List.of(good, feature("t-2", point(105, 21), Map.of("a", List.of()))), "property a");
        refuses(List.of(good, feature("t-2", point(105, 21), Map.of("valid_from", "soon"))), "t-2", "valid_from");
        refuses(List.of(good, new GeoFeature("roads", "r", point(105, 21), Map.of(), 0)), "roads");
        assertThat(open().snapshot("trees").size()).isZero();
    }

    @Test
    void everyLimitIsHeld() {
        layers.ensureLayer(trees());
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i <= PgLayers.MAX_PROPERTIES; i++) {
            many.put("p" + i, i);
        }
        refuses(List.of(feature("t", point(105, 21), many)), "over 200 properties");
        refuses(List.of(feature("t", point(105, 21), Map.of("a", "x".repeat(PgLayers.MAX_TEXT + 1)))), "20000");
        Coordinate[] dots = new Coordinate[PgLayers.MAX_VERTICES + 1];
        java.util.Arrays.setAll(dots, i -> new Coordinate(105 + i * 1e-6, 21));
        refuses(List.of(feature("t", GEOMETRIES.createMultiPointFromCoords(dots), Map.of())), "100000 vertices");

        PgLayers small = new PgLayers(database, CLOCK, ZONE, 2);
        small.load("trees", List.of(tree("t-1", 105, "a"), tree("t-2", 105, "b")), "an");
        small.put(tree("t-2", 105, "c"), "an");
        assertThatThrownBy(() -> small.put(tree("t-3", 105, "d"), "an")).hasMessageContaining("over 2 features");
    }

    @Test
    void aTwoHundredAndFirstLayerIsRefused() {
        for (int i = 0; i < PgLayers.MAX_LAYERS; i++) {
            layers.ensureLayer(layer("layer_" + i, LayerDefinition.Kind.ANY));
        }
        assertThatThrownBy(() -> layers.ensureLayer(layer("one_more", LayerDefinition.Kind.ANY)))
                .hasMessageContaining("200 layers");
    }

    @Test
    void aNewDefinitionKeepsTheFeaturesAndMustFitThem() {
        layers.ensureLayer(trees());
        layers.put(tree("t-1", 105.85, "Sấu"), "an");

        layers.ensureLayer(new LayerDefinition(
                "trees", "trees", LayerDefinition.Kind.ANY, Map.of("vi", "Cây", "en", "Trees"), false, List.of()));

        assertThat(layers.findDefinition("trees").orElseThrow().isPublic()).isFalse();
        assertThat(open().snapshot("trees").size()).isEqualTo(1);
        assertThatThrownBy(() -> layers.ensureLayer(layer("trees", LayerDefinition.Kind.LINE)))
                .hasMessageContaining("t-1");
    }

    @Test
    void aFailedTransactionChangesNothingForReaders() {
        layers.ensureLayer(trees());
        layers.put(tree("t-1", 105.85, "Sấu"), "an");
        long version = layers.snapshot("trees").version();
        execute("alter table feature_history rename to feature_history_away");

        assertThatThrownBy(() -> layers.put(tree("t-1", 105.85, "Muồng"), "an")).isInstanceOf(DatabaseException.class);

        assertThat(layers.find("trees", "t-1").orElseThrow().properties()).containsEntry("species", "Sấu");
        assertThat(layers.snapshot("trees").version()).isEqualTo(version);
        execute("alter table feature_history_away rename to feature_history");
        assertThat(layers.put(tree("t-1", 105.85, "Muồng"), "an").version()).isEqualTo(2);
    }

    @Test
    void loadsMoreThanOneStatementHoldsAndKeepsDatesInTheZone() {
        layers.ensureLayer(trees());
        List<GeoFeature> many = new ArrayList<>();
        for (int i = 0; i < 4_500; i++) {
            many.add(feature("t-" + i, point(105.8 + i * 1e-5, 21.4), Map.of("valid_from", "2025-07-01")));
        }
        layers.load("trees", many, "import");

        assertThat(open().snapshot("trees").size()).isEqualTo(4_500);
        assertThat(texts("select count(*)::text from feature where valid_from = '2025-06-30T17:00:00Z'"
                        + " and valid_to = 'infinity'"))
                .containsExactly("4500");
    }

    @Test
    void anUnknownLayerIsNamed() {
        assertThatThrownBy(() -> layers.snapshot("lamps")).hasMessageContaining("lamps");
        assertThat(layers.find("lamps", "l-1")).isEmpty();
        assertThat(layers.names()).isEmpty();
    }

    private void refuses(List<GeoFeature> features, String... says) {
        assertThatThrownBy(() -> layers.load("trees", features, "an"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(says);
    }

    private PgLayers open() {
        return PgLayers.open(database, CLOCK, ZONE);
    }

    private static LayerDefinition trees() {
        return layer("trees", LayerDefinition.Kind.POINT);
    }

    private static LayerDefinition layer(String name, LayerDefinition.Kind kind) {
        return new LayerDefinition(
                name,
                "trees",
                kind,
                Map.of("vi", "Cây xanh", "en", "Trees"),
                true,
                List.of(new LayerDefinition.Attribute("species", "text", Map.of("vi", "Loài", "en", "Species"))));
    }

    private static GeoFeature tree(String id, double lon, String species) {
        return feature(id, point(lon, 21.47), Map.of("species", species, "girth_cm", 40));
    }

    private static GeoFeature feature(String id, Geometry geometry, Map<String, Object> properties) {
        return new GeoFeature("trees", id, geometry, properties, 0);
    }

    private static Geometry point(double lon, double lat) {
        return GEOMETRIES.createPoint(new Coordinate(lon, lat));
    }

    private static Geometry line() {
        return GEOMETRIES.createLineString(new Coordinate[] {new Coordinate(105, 21), new Coordinate(105.1, 21)});
    }

    private void execute(String sql) {
        database.inTransaction(c -> {
            try (Statement statement = c.createStatement()) {
                return statement.execute(sql);
            }
        });
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
