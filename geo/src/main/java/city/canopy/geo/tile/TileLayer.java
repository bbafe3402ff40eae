package city.canopy.geo.tile;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.locationtech.jts.geom.Point;

/**
 * One state of a layer, made ready for vector tiles (Mapbox Vector Tile 2.1). Built once for each state, in well under a
 * second for a city; afterwards immutable and read by any number of threads.
 *
 * <p>A feature carries its id as {@value #ID} and its properties. Below zoom {@value #CLUSTER_BELOW} points that share a
 * sixty-fourth of the tile's side are one, with {@value #COUNT}, where the tile has more than {@value #FEW} of them; lines
 * and areas are generalised to the tile's grid, and those too small to be seen are left out. No tile is larger than
 * {@value #MAX_BYTES} bytes: where one would be, properties are left out first, then points are taken together, then the
 * smallest lines and areas are left out.
 */
public final class TileLayer {
    /** The property that holds a feature's id. */
    public static final String ID = "id";
    /** The property that says for how many features a point stands. */
    public static final String COUNT = "count";
    /** The largest tile of one layer, in bytes before it is packed. */
    public static final int MAX_BYTES = 500_000;
    /** From this zoom on every point is its own. */
    public static final int CLUSTER_BELOW = 14;

    static final int EXTENT = 4096;
    static final int FEW = 500;
    private static final int CELL_ZOOMS = 6;
    /** How far beyond its edge a tile holds lines and areas, in the units of its grid. */
    static final int MARGIN = 128;

    private static final int LAYERS = 3;
    private static final int NAME = 1;
    private static final int FEATURES = 2;
    private static final int EXTENT_FIELD = 5;
    private static final int VERSION = 15;
    private static final int TAGS = 2;
    private static final int TYPE = 3;
    private static final int GEOMETRY = 4;

    private final String name;
    private final LayerTags tags;
    private final PointRun points;
    private final ShapeRun shapes;

    private TileLayer(String name, List<GeoFeature> features) {
        this.name = name;
        // The points first, as they stand in their run: what one tile needs lies together.
        List<GeoFeature> inOrder = new ArrayList<>(features.size());
        this.points = new PointRun(features, inOrder::add);
        features.stream()
                .filter(feature -> !(feature.geometry() instanceof Point))
                .forEach(inOrder::add);
        this.tags = new LayerTags(inOrder);
        this.shapes = new ShapeRun(inOrder);
    }

    public static TileLayer of(LayerSnapshot snapshot) {
        return of(snapshot.layer(), snapshot.features());
    }

    /** @param features those of the layer that are to be seen */
    public static TileLayer of(String layer, List<GeoFeature> features) {
        return new TileLayer(layer, features);
    }

    /** How much is told of what is there. */
    private enum Detail {
        /** Points are taken together where there are many. */
        ALL,
        WITHOUT_PROPERTIES,
        CLUSTERED,
        /** Everything; no limit is held. */
        WHOLE
    }

    /** Whether the tile is made in well under a millisecond: it holds at most {@value #FEW} points and nothing else. */
    public boolean isQuick(TileAddress tile) {
        return shapes.size() == 0 && points.to(tile) - points.from(tile) <= FEW;
    }

    /** The tile with every property; no bytes where nothing of the layer is in it. */
    public byte[] encode(TileAddress tile) {
        return encode(tile, name -> true);
    }

    /**
     * The tile; no bytes where nothing of the layer is in it.
     *
     * @param properties which properties, besides the id, its features are to carry
     */
    public byte[] encode(TileAddress tile, Predicate<String> properties) {
        boolean[] wanted = tags.wanted(properties);
        for (Detail detail : List.of(Detail.ALL, Detail.WITHOUT_PROPERTIES, Detail.CLUSTERED)) {
            byte[] bytes = new Encoding(tile, wanted, detail, Integer.MAX_VALUE).encode();
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
        }
        int most = Math.max(1, shapes.size());
        byte[] bytes;
        do {
            most = (most + 1) / 2;
            bytes = new Encoding(tile, wanted, Detail.CLUSTERED, most).encode();
        } while (bytes.length > MAX_BYTES && most > 1);
        return bytes.length <= MAX_BYTES ? bytes : new byte[0];
    }

    /** Every feature with these properties, one by one at every zoom, whatever the size: to compare with others. */
    public byte[] encodeWhole(TileAddress tile, Predicate<String> properties) {
        return new Encoding(tile, tags.wanted(properties), Detail.WHOLE, Integer.MAX_VALUE).encode();
    }

    /** Several tiles of different layers at one address as one tile; a single one is answered itself, not a copy. */
    public static byte[] together(List<byte[]> tiles) {
        if (tiles.size() == 1) {
            return tiles.get(0);
        }
        // A tile is a list of layers, so that one after the other is again a tile.
        int size = tiles.stream().mapToInt(tile -> tile.length).sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] tile : tiles) {
            System.arraycopy(tile, 0, all, at, tile.length);
            at += tile.length;
        }
        return all;
    }

    /** The making of one tile. */
    private final class Encoding {
        private final TileAddress tile;
        private final Detail detail;
        private final int mostShapes;
        private final Protobuf features;
        private final TileDictionary dictionary;

        Encoding(TileAddress tile, boolean[] wanted, Detail detail, int mostShapes) {
            this.tile = tile;
            TileSheets sheets = TileSheets.blank();
            this.features = sheets.features();
            this.dictionary = new TileDictionary(tags, wanted, sheets);
            this.detail = detail;
            this.mostShapes = mostShapes;
        }

        byte[] encode() {
            drawShapes();
            drawPoints();
            if (features.size() == 0) {
                return new byte[0];
            }
            Protobuf head = new Protobuf(64);
            head.number(VERSION, 2);
            head.text(NAME, name);
            head.number(EXTENT_FIELD, EXTENT);
            int length = head.size() + features.size() + dictionary.size();
            Protobuf whole = new Protobuf(Protobuf.headSize(length) + length);
            whole.head(LAYERS, length);
            whole.raw(head);
            whole.raw(features);
            dictionary.writeTo(whole);
            return whole.finish();
        }

        private void drawPoints() {
            int from = points.from(tile);
            int to = points.to(tile);
            boolean crowded = detail != Detail.WHOLE && tile.zoom() < CLUSTER_BELOW && to - from > FEW;
            if (detail == Detail.CLUSTERED || crowded) {
                int end;
                for (int place = from; place < to; place = end) {
                    end = points.cellEnd(place, tile.zoom() + CELL_ZOOMS, to);
                    drawCell(place, end);
                }
            } else {
                for (int place = from; place < to; place++) {
                    drawPoint(place);
                }
            }
        }

        /** All points of a cell as one in their middle. */
        private void drawCell(int from, int to) {
            if (to - from == 1) {
                drawPoint(from);
                return;
            }
            double x = 0;
            double y = 0;
            for (int place = from; place < to; place++) {
                x += points.x(place);
                y += points.y(place);
            }
            int feature = features.open(FEATURES);
            int tagged = features.open(TAGS);
            dictionary.count(to - from, features);
            features.close(tagged);
            point(x / (to - from), y / (to - from));
            features.close(feature);
        }

        private void drawPoint(int place) {
            int feature = features.open(FEATURES);
            tag(place);
            point(points.x(place), points.y(place));
            features.close(feature);
        }

        private void tag(int index) {
            int tagged = features.open(TAGS);
            dictionary.id(index, features);
            if (detail == Detail.ALL || detail == Detail.WHOLE) {
                dictionary.properties(index, features);
            }
            features.close(tagged);
        }

        private void point(double x, double y) {
            features.number(TYPE, ShapeCommands.Kind.POINT.wire());
            int commands = features.open(GEOMETRY);
            features.varint(1 << 3 | 1);
            features.zigzag((int) Math.round((x - tile.west()) / tile.size() * EXTENT));
            features.zigzag((int) Math.round((y - tile.north()) / tile.size() * EXTENT));
            features.close(commands);
        }

        private void drawShapes() {
            if (shapes.size() == 0) {
                return;
            }
            ShapeCommands commands = new ShapeCommands(tile, EXTENT, MARGIN);
            List<ShapeRun.Shape> found = shapes.in(commands.window());
            if (found.size() > mostShapes) {
                found = largest(found);
            }
            for (ShapeRun.Shape shape : found) {
                if (commands.draw(shape.world())) {
                    int feature = features.open(FEATURES);
                    tag(shape.feature());
                    features.number(TYPE, ShapeCommands.kind(shape.world()).wire());
                    features.message(GEOMETRY, commands.commands());
                    features.close(feature);
                }
            }
        }

        private List<ShapeRun.Shape> largest(List<ShapeRun.Shape> found) {
            List<ShapeRun.Shape> kept = new ArrayList<>(found);
            kept.sort(Comparator.comparingDouble((ShapeRun.Shape shape) ->
                            -shape.world().getEnvelopeInternal().getDiameter())
                    .thenComparingInt(ShapeRun.Shape::feature));
            kept = new ArrayList<>(kept.subList(0, mostShapes));
            kept.sort(Comparator.comparingInt(ShapeRun.Shape::feature));
            return kept;
        }
    }
}
