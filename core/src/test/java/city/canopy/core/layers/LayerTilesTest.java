package city.canopy.core.layers;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import city.canopy.geo.tile.TileAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class LayerTilesTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final LayerTiles.Wish TREES = new LayerTiles.Wish(List.of("trees"), Optional.empty(), true);
    private static final int ZOOM = 16;

    private final Layers layers = new Layers();
    private final SteppedClock clock = new SteppedClock();
    private final LayerTiles tiles = tiles(LayerTiles.MAX_KEPT_BYTES);

    @Test
    void anEditMakesOnlyTheTilesStaleThatShowIt() {
        layers.now = layers.now.with(1, List.of(tree("here", 105.85), tree("far", 105.95)), List.of());
        LayerTiles.Tile here = find(105.85);
        LayerTiles.Tile far = find(105.95);

        edit(tree("new", 105.8501));

        assertThat(find(105.95)).isSameAs(far);
        assertThat(find(105.8501).tag()).isNotEqualTo(here.tag());
    }

    @Test
    void aFeatureThatMovesIsGoneWhereItWas() {
        layers.now = layers.now.with(1, List.of(tree("t", 105.85)), List.of());
        assertThat(find(105.85).bytes()).isNotEmpty();
        assertThat(find(105.95).bytes()).isEmpty();

        edit(tree("t", 105.95));

        assertThat(find(105.85).bytes()).isEmpty();
        assertThat(find(105.95).bytes()).isNotEmpty();
    }

    @Test
    void aTileMadeOfAStateThatIsOverIsNotKept() {
        layers.now = layers.now.with(1, List.of(tree("t", 105.85)), List.of());
        LayerTiles.Tile[] late = new LayerTiles.Tile[1];
        // The edit comes after the making of the tile has begun, and is told before its end.
        layers.onSnapshot = () -> {
            layers.onSnapshot = () -> {};
            LayerSnapshot before = layers.now;
            edit(tree("t", 105.95));
            layers.handOutOnce = before;
        };
        late[0] = find(105.85);

        assertThat(late[0].bytes()).isNotEmpty();
        assertThat(find(105.85).bytes()).isEmpty();
    }

    @Test
    void nothingIsKeptWhereNothingMay() {
        layers.now = layers.now.with(1, List.of(tree("t", 105.85)), List.of());
        LayerTiles none = tiles(0);

        assertThat(none.find(TREES, at(105.85))).isNotSameAs(none.find(TREES, at(105.85)));
        assertThat(find(105.85)).isSameAs(find(105.85));
    }

    @Test
    void whatIsNotValidYetOrAnyMoreIsNotDrawn() {
        layers.now = layers.now.with(
                1,
                List.of(
                        tree("old", 105.85, Map.of("valid_to", "2026-01-02")),
                        tree("new", 105.95, Map.of("valid_from", "2026-01-02"))),
                List.of());
        assertThat(find(105.85).bytes()).isNotEmpty();
        assertThat(find(105.95).bytes()).isEmpty();

        clock.now = Instant.parse("2026-01-01T17:00:00Z"); // midnight in Việt Nam

        assertThat(find(105.85).bytes()).isEmpty();
        assertThat(find(105.95).bytes()).isNotEmpty();
    }

    @Test
    void comesPackedOnlyToWhoWantsThatAndEachWithATagOfItsOwn() throws IOException {
        layers.now = layers.now.with(1, List.of(tree("t", 105.85)), List.of());
        LayerTiles.Wish plain = new LayerTiles.Wish(List.of("trees"), Optional.empty(), false);

        LayerTiles.Tile packed = find(105.85);
        LayerTiles.Tile bare = tiles.find(plain, at(105.85));

        assertThat(packed.gzipped()).isTrue();
        assertThat(bare.gzipped()).isFalse();
        assertThat(packed.tag()).isNotEqualTo(bare.tag());
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.bytes()))) {
            assertThat(in.readAllBytes()).isEqualTo(bare.bytes());
        }
        assertThat(find(105.95).gzipped()).isFalse();
    }

    @Test
    void onlyWhatIsAskedForInGzipIsKept() {
        layers.now = layers.now.with(1, List.of(tree("t", 105.85)), List.of());
        LayerTiles.Wish plain = new LayerTiles.Wish(List.of("trees"), Optional.empty(), false);

        LayerTiles.Tile bare = tiles.find(plain, at(105.85));
        LayerTiles.Tile again = tiles.find(plain, at(105.85));

        assertThat(again).isNotSameAs(bare);
        assertThat(again.bytes()).isEqualTo(bare.bytes());
        assertThat(again.tag()).isEqualTo(bare.tag());
        assertThat(find(105.85)).isSameAs(find(105.85));
        assertThat(find(105.95)).as("an empty one").isSameAs(find(105.95));
    }

    @Test
    void anEventLoopGetsWhatIsKeptOrQuicklyMadeAndNothingThatTakesTime() {
        List<GeoFeature> crowd = new ArrayList<>();
        for (int i = 0; i < 501; i++) {
            crowd.add(tree("t" + i, 105.85 + i * 1e-6));
        }
        crowd.add(tree("far", 105.95));
        layers.now = layers.now.with(1, crowd, List.of());
        assertThat(tiles.findSoon(TREES, at(105.95))).isEmpty(); // The layer is not ready.
        find(105.9);

        assertThat(tiles.findSoon(TREES, at(105.95)).orElseThrow().bytes()).isNotEmpty();
        assertThat(tiles.findSoon(TREES, at(105.85))).isEmpty(); // Many points.
        LayerTiles.Tile made = find(105.85);
        assertThat(tiles.findSoon(TREES, at(105.85))).containsSame(made);

        edit(tree("new", 105.8501));

        assertThat(tiles.findSoon(TREES, at(105.85))).isEmpty();
        assertThat(tiles.findSoon(TREES, at(105.92)))
                .as("not ready as it stands")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 1_000, 70_000, 500_000})
    void whatIsPackedIsUnpackedByAnybody(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        CRC32 sum = new CRC32();
        sum.update(bytes);

        byte[] packed = GzipMember.of(bytes, (int) sum.getValue());

        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    private LayerTiles tiles(long keptBytes) {
        return new LayerTiles(layers, clock, ZoneId.of("Asia/Ho_Chi_Minh"), keptBytes);
    }

    private LayerTiles.Tile find(double lon) {
        return tiles.find(TREES, at(lon));
    }

    private static TileAddress at(double lon) {
        return TileAddress.at(lon, 21.47, ZOOM);
    }

    private void edit(GeoFeature state) {
        LayerSnapshot before = layers.now;
        layers.now = before.with(before.version() + 1, List.of(state), List.of());
        LayerChange.Gatherer gatherer = new LayerChange.Gatherer();
        gatherer.touch(state.id(), before.find(state.id()), Optional.of(state));
        tiles.changed(gatherer.of("trees", layers.now.version()));
    }

    private static GeoFeature tree(String id, double lon) {
        return tree(id, lon, Map.of());
    }

    private static GeoFeature tree(String id, double lon, Map<String, Object> properties) {
        return new GeoFeature("trees", id, GEOMETRIES.createPoint(new Coordinate(lon, 21.47)), properties, 1);
    }

    @Test
    void aTileShowsWhatLiesALittleOutsideOfIt() {
        TileAddress tile = TileAddress.at(105.85, 21.47, ZOOM);
        TileAddress east = new TileAddress(ZOOM, tile.row(), tile.column() + 1);
        double edge = (tile.column() + 1) * 360.0 / (1 << ZOOM) - 180;
        double margin = 360.0 / (1 << ZOOM) / 32;

        assertThat(tile.shows(new Envelope(edge + margin / 2, edge + margin / 2, 21.47, 21.47)))
                .isTrue();
        assertThat(tile.shows(new Envelope(edge + margin * 2, edge + margin * 2, 21.47, 21.47)))
                .isFalse();
        assertThat(east.shows(new Envelope(edge + margin * 2, edge + margin * 2, 21.47, 21.47)))
                .isTrue();
        assertThat(tile.shows(new Envelope(-180, 180, -80, 80))).isTrue();
    }

    private static final class SteppedClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static final class Layers implements LayerSource {
        private LayerSnapshot now = new LayerSnapshot("trees", 0, List.of());
        private LayerSnapshot handOutOnce;
        private Runnable onSnapshot = () -> {};

        @Override
        public Set<String> names() {
            return Set.of("trees");
        }

        @Override
        public LayerSnapshot snapshot(String layer) {
            onSnapshot.run();
            LayerSnapshot answer = handOutOnce == null ? now : handOutOnce;
            handOutOnce = null;
            return answer;
        }
    }
}
