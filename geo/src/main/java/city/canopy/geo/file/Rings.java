package city.canopy.geo.file;

import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;

/** Turns rings as RFC 7946 has them: outer ones counter-clockwise, holes clockwise. Stateless. */
final class Rings {
    private Rings() {}

    /** The same shape with its rings turned; a ring that stands alone becomes a line. */
    static Geometry turned(Geometry geometry) {
        GeometryFactory factory = geometry.getFactory();
        if (geometry instanceof Polygon polygon) {
            return turned(polygon);
        }
        if (geometry instanceof LinearRing ring) {
            return factory.createLineString(ring.getCoordinateSequence());
        }
        if (geometry instanceof MultiPolygon polygons) {
            Polygon[] parts = new Polygon[polygons.getNumGeometries()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = turned((Polygon) polygons.getGeometryN(i));
            }
            return factory.createMultiPolygon(parts);
        }
        if (geometry.getClass() == GeometryCollection.class) {
            Geometry[] parts = new Geometry[geometry.getNumGeometries()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = turned(geometry.getGeometryN(i));
            }
            return factory.createGeometryCollection(parts);
        }
        return geometry;
    }

    private static Polygon turned(Polygon polygon) {
        LinearRing[] holes = new LinearRing[polygon.getNumInteriorRing()];
        for (int i = 0; i < holes.length; i++) {
            holes[i] = turned(polygon.getInteriorRingN(i), false);
        }
        return polygon.getFactory().createPolygon(turned(polygon.getExteriorRing(), true), holes);
    }

    private static LinearRing turned(LineString ring, boolean counterClockwise) {
        LinearRing closed = (LinearRing) ring;
        return closed.isEmpty() || Orientation.isCCW(closed.getCoordinateSequence()) == counterClockwise
                ? closed
                : closed.reverse();
    }
}
