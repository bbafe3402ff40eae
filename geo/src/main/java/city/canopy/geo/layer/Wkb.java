package city.canopy.geo.layer;

import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;

/** Geometries as bytes: well-known binary, lon/lat, with heights where there are some. Stateless, any thread. */
public final class Wkb {
    private Wkb() {}

    public static byte[] write(Geometry geometry) {
        Coordinate first = geometry.getCoordinate();
        boolean heights = first != null && !Double.isNaN(first.getZ());
        return new WKBWriter(heights ? 3 : 2).write(geometry);
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
