package city.canopy.geo.layer;

import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;

/** Geometries as bytes: well-known binary, lon/lat, with heights where there are some. Stateless, any thread. */
public final class Wkb {
    private Wkb() {}

    public static byte[] write(Geometry geometry) {
        return new WKBWriter(hasHeights(geometry) ? 3 : 2).write(geometry);
    }

    /** Whether any position has a height. */
    public static boolean hasHeights(Geometry geometry) {
        HeightSearch search = new HeightSearch();
        geometry.apply(search);
        return search.found;
    }

    private static final class HeightSearch implements CoordinateSequenceFilter {
        private boolean found;

        @Override
        public void filter(CoordinateSequence sequence, int i) {
            found = sequence.hasZ() && !Double.isNaN(sequence.getZ(i));
        }

        @Override
        public boolean isDone() {
            return found;
        }

        @Override
        public boolean isGeometryChanged() {
            return false;
        }
    }

    /** @throws IllegalArgumentException when the bytes are no geometry */
    public static Geometry read(byte[] bytes) {
        try {
            return new WKBReader().read(bytes);
        } catch (ParseException | IllegalArgumentException e) {
            throw new IllegalArgumentException("these " + bytes.length + " bytes are no geometry in WKB", e);
        }
    }
}
