package city.canopy.geo.attach;

import org.locationtech.jts.algorithm.Distance;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineSegment;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Lineal;

/** How far along a line something lies, from where its drawing begins, as road engineers say it. */
final class Chainage {
    private Chainage() {}

    static boolean isFor(Geometry geometry) {
        return geometry instanceof Lineal;
    }

    /**
     * Metres from the line's beginning to the place on it that is nearest; of several equally near ones the first. The
     * parts of a line of several count one after the other, the gaps between them do not.
     *
     * @param line on the plane
     * @param place on the plane
     */
    static double of(Geometry line, Coordinate place) {
        double best = Double.POSITIVE_INFINITY;
        double chainage = 0;
        double before = 0;
        for (int part = 0; part < line.getNumGeometries(); part++) {
            Coordinate[] points = ((LineString) line.getGeometryN(part)).getCoordinates();
            for (int i = 1; i < points.length; i++) {
                double length = points[i - 1].distance(points[i]);
                double distance = Distance.pointToSegment(place, points[i - 1], points[i]);
                if (distance < best) {
                    double along = length == 0 ? 0 : new LineSegment(points[i - 1], points[i]).projectionFactor(place);
                    best = distance;
                    chainage = before + length * Math.max(0, Math.min(1, along));
                }
                before += length;
            }
        }
        return chainage;
    }
}
