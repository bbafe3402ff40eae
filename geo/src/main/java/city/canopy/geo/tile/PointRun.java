package city.canopy.geo.tile;

import city.canopy.geo.layer.GeoFeature;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Point;

/**
 * Points in the order of the quad tree (Morton order), so that those of any tile, and of any cell in it, stand one after
 * the other. Built once; afterwards read by any number of threads.
 */
final class PointRun {
    /** Bits for each axis: at the equator a step is 2 cm. */
    private static final int BITS = 31;

    private static final int DIGIT = 11;
    private static final double STEPS = 1L << BITS;

    private final long[] codes;
    private final double[] xs;
    private final double[] ys;

    /**
     * @param all the layer's features; those that are no points are left out
     * @param inOrder told each of them in the order in which they stand
     */
    PointRun(List<GeoFeature> all, Consumer<GeoFeature> inOrder) {
        int n = (int) all.stream()
                .filter(feature -> feature.geometry() instanceof Point)
                .count();
        long[] keys = new long[n];
        int[] found = new int[n];
        double[] x = new double[n];
        double[] y = new double[n];
        int at = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).geometry() instanceof Point point) {
                x[at] = Mercator.x(point.getX());
                y[at] = Mercator.y(point.getY());
                keys[at] = morton(step(x[at]), step(y[at]));
                found[at++] = i;
            }
        }
        int[] order = order(keys);
        codes = new long[n];
        xs = new double[n];
        ys = new double[n];
        for (int i = 0; i < n; i++) {
            codes[i] = keys[order[i]];
            xs[i] = x[order[i]];
            ys[i] = y[order[i]];
            inOrder.accept(all.get(found[order[i]]));
        }
    }

    /** Where the keys stand when they are in order, equal ones as they came: sorted digit by digit. */
    private static int[] order(long[] keys) {
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> i);
        int[] next = new int[keys.length];
        for (int shift = 0; shift < 2 * BITS; shift += DIGIT) {
            int[] place = new int[(1 << DIGIT) + 1];
            for (int i : order) {
                place[digit(keys[i], shift) + 1]++;
            }
            for (int d = 1; d < place.length; d++) {
                place[d] += place[d - 1];
            }
            for (int i : order) {
                next[place[digit(keys[i], shift)]++] = i;
            }
            int[] sorted = next;
            next = order;
            order = sorted;
        }
        return order;
    }

    private static int digit(long key, int shift) {
        return (int) (key >>> shift) & (1 << DIGIT) - 1;
    }

    private static int step(double share) {
        return (int) Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)));
    }

    /** The bits of x and y in turn, those of y above. */
    static long morton(int x, int y) {
        return spread(x) | spread(y) << 1;
    }

    private static long spread(int value) {
        long bits = value & 0x7FFF_FFFFL;
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFFL;
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FFL;
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333L;
        return (bits | bits << 1) & 0x5555_5555_5555_5555L;
    }

    int size() {
        return codes.length;
    }

    /** The first place of those in a tile. */
    int from(TileAddress tile) {
        return first(morton(tile.column(), tile.row()) << shift(tile.zoom()));
    }

    /** The place behind the last of those in a tile. */
    int to(TileAddress tile) {
        return first((morton(tile.column(), tile.row()) + 1) << shift(tile.zoom()));
    }

    /** The place behind the last point that lies in the same cell as this one, where cells are the tiles of a zoom. */
    int cellEnd(int place, int zoom, int to) {
        int shift = shift(Math.min(zoom, BITS));
        long cell = codes[place] >>> shift;
        int end = place + 1;
        while (end < to && codes[end] >>> shift == cell) {
            end++;
        }
        return end;
    }

    private static int shift(int zoom) {
        return 2 * (BITS - zoom);
    }

    private int first(long code) {
        int found = Arrays.binarySearch(codes, code);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && codes[found - 1] == code) {
            found--;
        }
        return found;
    }

    double x(int place) {
        return xs[place];
    }

    double y(int place) {
        return ys[place];
    }
}
