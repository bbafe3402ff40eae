package city.canopy.geo.osm;

import java.io.IOException;
import java.util.Arrays;
import org.locationtech.jts.geom.Coordinate;

/**
 * Where the nodes are that ways go through: first their ids are gathered, then their places, at 20 bytes each. At most
 * {@value #MAX} of them.
 */
final class NodePlaces {
    static final int MAX = 10_000_000;
    private static final double UNITS = 1e7;
    private static final int UNKNOWN = Integer.MIN_VALUE;

    private long[] ids = new long[1_024];
    private int count;
    private int[] lons;
    private int[] lats;

    /** @throws IOException when there are too many */
    void want(long id) throws IOException {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, Math.min(2 * count, 2 * MAX));
        }
        ids[count++] = id;
        if (count == 2 * MAX) {
            settle();
        }
    }

    /** Ends the gathering of ids. */
    void ready() throws IOException {
        settle();
        lons = new int[count];
        lats = new int[count];
        Arrays.fill(lons, UNKNOWN);
    }

    private void settle() throws IOException {
        Arrays.sort(ids, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || ids[i] != ids[kept - 1]) {
                ids[kept++] = ids[i];
            }
        }
        count = kept;
        if (count > MAX) {
            throw new IOException("the wanted ways have more than " + MAX + " nodes; cut out a smaller area");
        }
    }

    /** @param lon in degrees */
    void found(long id, double lon, double lat) {
        int at = Arrays.binarySearch(ids, 0, count, id);
        if (at >= 0 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) {
            lons[at] = (int) Math.rint(lon * UNITS);
            lats[at] = (int) Math.rint(lat * UNITS);
        }
    }

    /** Null where the file does not have the node. */
    Coordinate at(long id) {
        int at = Arrays.binarySearch(ids, 0, count, id);
        return at < 0 || lons[at] == UNKNOWN ? null : new Coordinate(lons[at] / UNITS, lats[at] / UNITS);
    }
}
