package city.canopy.geo.index;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;

/**
 * Finds features by place, in the metres of a working plane. Built once from all features of a layer; afterwards immutable
 * and read by any number of threads. Ties are always broken by the feature's id.
 *
 * <p>Features that the plane does not reach, and empty geometries, are not found; {@link #leftOut()} lists them.
 */
public final class SpatialIndex {
    /** The most hits of one {@link #nearest(double, double, int, double)}. */
    public static final int MAX_NEAREST = 1_000;

    private final WorkingPlane plane;
    private final PointTree points;
    private final ShapeTree shapes;
    private final List<GeoFeature> leftOut;

    private SpatialIndex(WorkingPlane plane, PointTree points, ShapeTree shapes, List<GeoFeature> leftOut) {
        this.plane = plane;
        this.points = points;
        this.shapes = shapes;
        this.leftOut = List.copyOf(leftOut);
    }

    /** Takes about a microsecond for each vertex. */
    public static SpatialIndex of(Collection<GeoFeature> features, WorkingPlane plane) {
        Objects.requireNonNull(plane, "plane");
        List<GeoFeature> points = new ArrayList<>();
        List<Coordinate> places = new ArrayList<>();
        List<Shape> shapes = new ArrayList<>();
        List<GeoFeature> leftOut = new ArrayList<>();
        for (GeoFeature feature : features) {
            if (!plane.reaches(feature.geometry().getEnvelopeInternal())) {
                leftOut.add(feature);
            } else if (feature.geometry() instanceof Point point) {
                points.add(feature);
                places.add(plane.toPlane(point.getX(), point.getY()));
            } else {
                shapes.add(new Shape(feature, plane.toPlane(feature.geometry())));
            }
        }
        return new SpatialIndex(plane, new PointTree(points, places), new ShapeTree(shapes), leftOut);
    }

    /** The plane that x and y are meant on. */
    public WorkingPlane plane() {
        return plane;
    }

    public int size() {
        return points.size() + shapes.size();
    }

    /** The features that lie beyond the plane's reach or have no place, and so are never found. */
    public List<GeoFeature> leftOut() {
        return leftOut;
    }

    /**
     * The nearest features, nearest first.
     *
     * @param x metres east on the plane
     * @param y metres north on the plane
     * @param count how many at most, 1 to {@value #MAX_NEAREST}
     * @param maxMeters how far at most, itself included; infinity for any distance
     */
    public List<Hit> nearest(double x, double y, int count, double maxMeters) {
        if (count < 1 || count > MAX_NEAREST) {
            throw new IllegalArgumentException("ask for 1 to " + MAX_NEAREST + " features, not " + count);
        }
        if (!(maxMeters >= 0) || !Double.isFinite(x) || !Double.isFinite(y)) {
            return List.of();
        }
        Nearest best = new Nearest(count, maxMeters);
        points.nearest(x, y, best);
        shapes.nearest(x, y, maxMeters, best);
        return best.hits();
    }

    /** All features within a distance of a place, nearest first. */
    public List<Hit> within(double x, double y, double meters) {
        List<Hit> hits = new ArrayList<>();
        if (!(meters >= 0)) {
            return hits;
        }
        Envelope box = new Envelope(x - meters, x + meters, y - meters, y + meters);
        points.inBox(box, (feature, px, py) -> add(feature, (x - px) * (x - px) + (y - py) * (y - py), meters, hits));
        shapes.inBox(box, shape -> add(shape.feature(), shape.squareTo(x, y), meters, hits));
        hits.sort(null);
        return hits;
    }

    private static void add(GeoFeature feature, double square, double meters, List<Hit> hits) {
        if (square <= meters * meters) {
            hits.add(new Hit(feature, Math.sqrt(square)));
        }
    }

    /** The areas that a place lies in or on the edge of: the smallest first, as it says most; then by id. */
    public List<GeoFeature> containing(double x, double y) {
        List<Shape> found = new ArrayList<>();
        shapes.inBox(new Envelope(x, x, y, y), shape -> {
            if (shape.contains(x, y)) {
                found.add(shape);
            }
        });
        found.sort(Comparator.<Shape>comparingDouble(shape -> shape.onPlane().getArea())
                .thenComparing(shape -> shape.feature().id()));
        return found.stream().map(Shape::feature).toList();
    }

    /** Hands over every feature whose box touches a box, with its geometry on the plane; in no order. */
    public void inBox(Envelope onPlane, Found found) {
        points.inBox(
                onPlane,
                (feature, x, y) ->
                        found.accept(feature, feature.geometry().getFactory().createPoint(new Coordinate(x, y))));
        shapes.inBox(onPlane, shape -> found.accept(shape.feature(), shape.onPlane()));
    }

    /** Takes what a search finds. */
    @FunctionalInterface
    public interface Found {
        /** @param onPlane the feature's geometry in metres; not to be changed */
        void accept(GeoFeature feature, Geometry onPlane);
    }
}
