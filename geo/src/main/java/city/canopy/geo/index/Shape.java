package city.canopy.geo.index;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.algorithm.locate.PointOnGeometryLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryComponentFilter;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygonal;

/** A feature on the working plane, ready to be measured from. Read by any number of threads. */
final class Shape {
    private final GeoFeature feature;
    private final Geometry onPlane;
    /** x, y, x, y, … of each line and ring, and of each single point. */
    private final double[][] paths;
    /** Null when there is no area. Makes its own index at the first question, under a lock. */
    private final PointOnGeometryLocator area;

    Shape(GeoFeature feature, Geometry onPlane) {
        this.feature = feature;
        this.onPlane = onPlane;
        List<double[]> found = new ArrayList<>();
        onPlane.apply((GeometryComponentFilter) part -> {
            if (part instanceof LineString || part instanceof Point) {
                found.add(path(part.getCoordinates()));
            }
        });
        this.paths = found.toArray(new double[0][]);
        this.area = onPlane instanceof Polygonal ? new IndexedPointInAreaLocator(onPlane) : null;
    }

    private static double[] path(Coordinate[] coordinates) {
        double[] path = new double[coordinates.length * 2];
        for (int i = 0; i < coordinates.length; i++) {
            path[2 * i] = coordinates[i].x;
            path[2 * i + 1] = coordinates[i].y;
        }
        return path;
    }

    GeoFeature feature() {
        return feature;
    }

    Geometry onPlane() {
        return onPlane;
    }

    /** Inside or on the edge. */
    boolean contains(double x, double y) {
        return area != null && area.locate(new Coordinate(x, y)) != Location.EXTERIOR;
    }

    /** The square of the distance in metres, 0 inside. */
    double squareTo(double x, double y) {
        if (contains(x, y)) {
            return 0;
        }
        double best = Double.POSITIVE_INFINITY;
        for (double[] path : paths) {
            if (path.length == 2) {
                best = Math.min(best, square(x - path[0], y - path[1]));
            }
            for (int i = 0; i + 3 < path.length; i += 2) {
                best = Math.min(best, squareToSegment(x, y, path, i));
            }
        }
        return best;
    }

    private static double squareToSegment(double x, double y, double[] path, int i) {
        double ax = path[i];
        double ay = path[i + 1];
        double dx = path[i + 2] - ax;
        double dy = path[i + 3] - ay;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
        double t = Math.max(0, Math.min(1, along));
        return square(x - ax - t * dx, y - ay - t * dy);
    }

    private static double square(double dx, double dy) {
        return dx * dx + dy * dy;
    }
}
