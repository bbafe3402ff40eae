package city.canopy.geo.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class TileLayerTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double LON = 105.85;
    private static final double LAT = 21.47;

    private static GeoFeature tree(String id, double lon, double lat, Map<String, Object> properties) {
        return new GeoFeature("trees", id, GEOMETRIES.createPoint(new Coordinate(lon, lat)), properties, 1);
    }

    private static TileLayer layer(List<GeoFeature> features) {
        return TileLayer.of(new LayerSnapshot("trees", 1, features));
    }

    private static List<GeoFeature> city(int n) {
        Random random = new Random(7);
        List<GeoFeature> trees = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            trees.add(tree(
                    "T" + i,
                    LON + random.nextDouble() * 0.1,
                    LAT + random.nextDouble() * 0.1,
                    Map.of("species", "Bàng " + i % 40, "height_m", i % 30 / 2.0, "ancient", i % 9 == 0)));
        }
        return trees;
    }

    private static Geometry wkt(String text) throws ParseException {
        return new WKTReader().read(text);
    }

    @Test
    void aPointStandsInItsTileWithItsIdAndProperties() {
        TileLayer layer = layer(List.of(
                tree("T1", LON, LAT, Map.of("species", "Xà cừ", "height_m", 12.5, "rings", 40L, "ancient", true))));
        TileAddress tile = TileAddress.at(LON, LAT, 16);
        ReadTile.Layer read = ReadTile.of(layer.encode(tile)).layers().get("trees");
        assertThat(read.version()).isEqualTo(2);
        assertThat(read.extent()).isEqualTo(4096);
        ReadTile.Feature feature = read.features().get(0);
        assertThat(feature.tags())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("id", "T1", "species", "Xà cừ", "height_m", 12.5, "rings", 40L, "ancient", true));
        int[] at = feature.paths().get(0).get(0);
        double world = 1 << 16;
        assertThat(at[0]).isEqualTo((int) Math.round((Mercator.x(LON) * world - tile.column()) * 4096));
        assertThat(at[1]).isEqualTo((int) Math.round((Mercator.y(LAT) * world - tile.row()) * 4096));
        assertThat(layer.encode(new TileAddress(16, tile.row(), tile.column() + 1)))
                .isEmpty();
    }

    @Test
    void everyTreeIsInExactlyOneTileOfAZoomAndCountsAddUpBelow() {
        TileLayer layer = layer(city(20_000));
        TileAddress corner = TileAddress.at(LON, LAT + 0.1, 14);
        TileAddress other = TileAddress.at(LON + 0.1, LAT, 14);
        Set<String> seen = new HashSet<>();
        for (int row = corner.row(); row <= other.row(); row++) {
            for (int column = corner.column(); column <= other.column(); column++) {
                byte[] bytes = layer.encode(new TileAddress(14, row, column));
                assertThat(bytes.length).isLessThanOrEqualTo(TileLayer.MAX_BYTES);
                if (bytes.length > 0) {
                    ReadTile.of(bytes)
                            .layers()
                            .get("trees")
                            .features()
                            .forEach(feature ->
                                    assertThat(seen.add(feature.id())).isTrue());
                }
            }
        }
        assertThat(seen).hasSize(20_000);
        for (int zoom : new int[] {0, 5, 9, 10, 11}) {
            assertThat(counted(layer, zoom)).as("zoom " + zoom).isEqualTo(20_000);
        }
    }

    private static long counted(TileLayer layer, int zoom) {
        TileAddress corner = TileAddress.at(LON, LAT + 0.1, zoom);
        TileAddress other = TileAddress.at(LON + 0.1, LAT, zoom);
        long sum = 0;
        for (int row = corner.row(); row <= other.row(); row++) {
            for (int column = corner.column(); column <= other.column(); column++) {
                byte[] bytes = layer.encode(new TileAddress(zoom, row, column));
                if (bytes.length > 0) {
                    for (ReadTile.Feature feature :
                            ReadTile.of(bytes).layers().get("trees").features()) {
                        sum += feature.tags().get("count") instanceof Long count ? count : 1;
                    }
                }
            }
        }
        return sum;
    }

    @Test
    void aLineIsCutToItsTileAndAnAreaKeepsItsHoleAndItsDirection() throws ParseException {
        TileAddress tile = TileAddress.at(LON, LAT, 15);
        double side = 360.0 / (1 << 15);
        double west = tile.column() * side - 180;
        TileLayer road = TileLayer.of(new LayerSnapshot(
                "roads",
                1,
                List.of(new GeoFeature(
                        "roads",
                        "R1",
                        wkt("LINESTRING (105 21.47, %s 21.47, 107 21.5)".formatted(LON)),
                        Map.of(),
                        1))));
        ReadTile.Feature line =
                ReadTile.of(road.encode(tile)).layers().get("roads").features().get(0);
        assertThat(line.type()).isEqualTo(2);
        assertThat(line.paths()).hasSize(1);
        String square = "POLYGON ((%1$s 21.4, %2$s 21.4, %2$s 21.6, %1$s 21.6, %1$s 21.4), "
                + "(%3$s 21.468, %3$s 21.472, %4$s 21.472, %4$s 21.468, %3$s 21.468))";
        TileLayer ward = TileLayer.of(new LayerSnapshot(
                "wards",
                1,
                List.of(new GeoFeature(
                        "wards",
                        "W",
                        wkt(square.formatted(west - 1, west + 1, west + side * 0.3, west + side * 0.6)),
                        Map.of("name", "Sông Công"),
                        1))));
        ReadTile.Feature area =
                ReadTile.of(ward.encode(tile)).layers().get("wards").features().get(0);
        assertThat(area.type()).isEqualTo(3);
        assertThat(area.paths()).hasSize(2);
        assertThat(twice(area.paths().get(0))).isPositive();
        assertThat(twice(area.paths().get(1))).isNegative();
        area.paths().get(0).forEach(at -> {
            assertThat(at[0]).isBetween(-129, 4096 + 129);
            assertThat(at[1]).isBetween(-129, 4096 + 129);
        });
    }

    private static long twice(List<int[]> ring) {
        long sum = 0;
        for (int i = 0; i < ring.size(); i++) {
            int[] a = ring.get(i);
            int[] b = ring.get((i + 1) % ring.size());
            sum += (long) a[0] * b[1] - (long) b[0] * a[1];
        }
        return sum;
    }

    @Test
    void noTileIsTooLargeHoweverMuchIsInIt() {
        List<GeoFeature> crowd = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 60_000; i++) {
            crowd.add(tree(
                    "T" + i,
                    LON + random.nextDouble() * 0.005,
                    LAT + random.nextDouble() * 0.005,
                    Map.of("note", "a text of its own for the tree " + i)));
        }
        TileLayer layer = layer(crowd);
        for (int zoom = 0; zoom <= 18; zoom++) {
            byte[] bytes = layer.encode(TileAddress.at(LON + 0.0025, LAT + 0.0025, zoom));
            assertThat(bytes.length).as("zoom " + zoom).isBetween(1, TileLayer.MAX_BYTES);
        }
    }

    @Test
    void tilesOfLayersAtOneAddressAreOneTile() {
        TileAddress tile = TileAddress.at(LON, LAT, 16);
        byte[] trees = layer(List.of(tree("T1", LON, LAT, Map.of()))).encode(tile);
        byte[] points = TileLayer.of(new LayerSnapshot(
                        "waste_points",
                        1,
                        List.of(new GeoFeature(
                                "waste_points", "W1", GEOMETRIES.createPoint(new Coordinate(LON, LAT)), Map.of(), 1))))
                .encode(tile);
        assertThat(ReadTile.of(TileLayer.together(List.of(trees, points))).layers())
                .containsOnlyKeys("trees", "waste_points");
    }

    @Test
    void addressesThatAreNoTilesAreRefused() {
        assertThatThrownBy(() -> new TileAddress(3, 8, 0)).hasMessageContaining("0 to 7");
        assertThatThrownBy(() -> new TileAddress(23, 0, 0)).hasMessageContaining("0 to 22");
        assertThat(TileAddress.at(180, -90, 3)).isEqualTo(new TileAddress(3, 7, 7));
    }

    @Test
    void mortonCodesKeepEveryBit() {
        assertThat(PointRun.morton(0x7FFF_FFFF, 0)).isEqualTo(0x1555_5555_5555_5555L);
        assertThat(PointRun.morton(0, 1)).isEqualTo(2);
        assertThat(PointRun.morton(3, 0)).isEqualTo(5);
    }
}
