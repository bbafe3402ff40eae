package city.canopy.core.layers.file;

import city.canopy.geo.layer.Wkb;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.MultiLineString;
import org.locationtech.jts.geom.MultiPoint;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * A geometry as a GeoPackage keeps it: a header with the coordinate system and perhaps the box, then well-known binary by
 * ISO 13249 (heights as type + 1000). Stateless.
 */
final class GeoPackageBlob {
    private static final int HEADER = 8;
    private static final int FLAG_LITTLE_ENDIAN = 0x01;
    private static final int FLAG_BOX_XY = 0x02;
    private static final int FLAG_EXTENDED = 0x20;
    /** Bytes of the box by its kind: none, xy, xyz, xym, xyzm. */
    private static final int[] BOX_BYTES = {0, 32, 48, 48, 64};

    private GeoPackageBlob() {}

    /** @throws IOException when the bytes are no such geometry; the message says why */
    static Geometry read(byte[] blob) throws IOException {
        if (blob.length < HEADER || blob[0] != 'G' || blob[1] != 'P') {
            throw new IOException("its geometry does not begin as one of a GeoPackage");
        }
        int flags = blob[3];
        int box = flags >> 1 & 0x07;
        if ((flags & FLAG_EXTENDED) != 0 || box >= BOX_BYTES.length) {
            throw new IOException("its geometry is of an extended kind");
        }
        int start = HEADER + BOX_BYTES[box];
        if (blob.length <= start) {
            throw new IOException("its geometry is cut off");
        }
        try {
            return new WKBReader().read(Arrays.copyOfRange(blob, start, blob.length));
        } catch (ParseException | IllegalArgumentException e) {
            throw new IOException("its geometry cannot be read: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            // The reader follows collections in collections by calling itself; how deep they go only it finds out.
            throw new IOException("its geometry is nested too deeply", e);
        }
    }

    static byte[] write(Geometry geometry, int srsId) {
        boolean heights = Wkb.hasHeights(geometry);
        boolean box = !(geometry instanceof Point);
        ByteBuffer out = ByteBuffer.allocate(HEADER + (box ? BOX_BYTES[1] : 0) + size(geometry, heights))
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'G').put((byte) 'P').put((byte) 0);
        out.put((byte) (FLAG_LITTLE_ENDIAN | (box ? FLAG_BOX_XY : 0))).putInt(srsId);
        if (box) {
            Envelope e = geometry.getEnvelopeInternal();
            out.putDouble(e.getMinX())
                    .putDouble(e.getMaxX())
                    .putDouble(e.getMinY())
                    .putDouble(e.getMaxY());
        }
        put(geometry, heights, out);
        return out.array();
    }

    private static int size(Geometry geometry, boolean heights) {
        int position = heights ? 24 : 16;
        if (geometry instanceof Point) {
            return 5 + position;
        }
        if (geometry instanceof LineString line) {
            return 9 + line.getNumPoints() * position;
        }
        if (geometry instanceof Polygon polygon) {
            return 9 + 4 * (1 + polygon.getNumInteriorRing()) + polygon.getNumPoints() * position;
        }
        int size = 9;
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
            size += size(geometry.getGeometryN(i), heights);
        }
        return size;
    }

    private static int type(Geometry geometry) {
        if (geometry instanceof Point) {
            return 1;
        }
        if (geometry instanceof LineString) {
            return 2;
        }
        if (geometry instanceof Polygon) {
            return 3;
        }
        if (geometry instanceof MultiPoint) {
            return 4;
        }
        if (geometry instanceof MultiLineString) {
            return 5;
        }
        return geometry instanceof MultiPolygon ? 6 : 7;
    }

    private static void put(Geometry geometry, boolean heights, ByteBuffer out) {
        out.put((byte) 1).putInt(type(geometry) + (heights ? 1000 : 0));
        if (geometry instanceof Point point) {
            put(point.getCoordinateSequence(), heights, out);
        } else if (geometry instanceof LineString line) {
            putCounted(line, heights, out);
        } else if (geometry instanceof Polygon polygon) {
            out.putInt(1 + polygon.getNumInteriorRing());
            putCounted(polygon.getExteriorRing(), heights, out);
            for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
                putCounted(polygon.getInteriorRingN(i), heights, out);
            }
        } else {
            GeometryCollection parts = (GeometryCollection) geometry;
            out.putInt(parts.getNumGeometries());
            for (int i = 0; i < parts.getNumGeometries(); i++) {
                put(parts.getGeometryN(i), heights, out);
            }
        }
    }

    private static void putCounted(LineString line, boolean heights, ByteBuffer out) {
        out.putInt(line.getNumPoints());
        put(line.getCoordinateSequence(), heights, out);
    }

    private static void put(CoordinateSequence positions, boolean heights, ByteBuffer out) {
        for (int i = 0; i < positions.size(); i++) {
            out.putDouble(positions.getX(i)).putDouble(positions.getY(i));
            if (heights) {
                out.putDouble(positions.getZ(i));
            }
        }
    }
}
