package city.canopy.geo.crs;

import java.util.Objects;
import org.geotools.api.parameter.ParameterValueGroup;
import org.geotools.api.referencing.FactoryException;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.MathTransformFactory;
import org.geotools.api.referencing.operation.TransformException;
import org.geotools.referencing.ReferencingFactoryFinder;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/**
 * The plane in which Canopy measures: a Transverse Mercator on WGS 84 centred on the operating area, with a scale of 1
 * at its centre. x points east and y north, both in metres. Within 10 km of the centre a distance is right to 1 cm over
 * 20 km; 100 km east or west of it lengths are 0.012 % too long. Thread-safe and immutable.
 *
 * <p>It reaches {@value #REACH_DEGREES} degrees of longitude and of latitude from its centre; what lies beyond cannot be
 * put on it.
 */
public final class WorkingPlane {
    /** How far from the centre the plane reaches, in degrees of longitude and of latitude. */
    public static final double REACH_DEGREES = 3.0;

    private static final int EDGE_STEPS = 16;
    private static final double SEMI_MAJOR_METERS = 6_378_137.0;
    private static final double SEMI_MINOR_METERS = 6_356_752.314245179;

    private final double centreLon;
    private final double centreLat;
    private final MathTransform toPlane;
    private final MathTransform toLonLat;
    private final ThreadLocal<double[]> scratch = ThreadLocal.withInitial(() -> new double[2]);

    private WorkingPlane(double centreLon, double centreLat) {
        this.centreLon = centreLon;
        this.centreLat = centreLat;
        try {
            MathTransformFactory factory = ReferencingFactoryFinder.getMathTransformFactory(null);
            ParameterValueGroup values = factory.getDefaultParameters("Transverse_Mercator");
            values.parameter("semi_major").setValue(SEMI_MAJOR_METERS);
            values.parameter("semi_minor").setValue(SEMI_MINOR_METERS);
            values.parameter("central_meridian").setValue(centreLon);
            values.parameter("latitude_of_origin").setValue(centreLat);
            values.parameter("scale_factor").setValue(1.0);
            values.parameter("false_easting").setValue(0.0);
            values.parameter("false_northing").setValue(0.0);
            this.toPlane = factory.createParameterizedTransform(values);
            this.toLonLat = toPlane.inverse();
        } catch (FactoryException | TransformException e) {
            throw new IllegalStateException("the projection classes are not complete: build the module geo anew", e);
        }
    }

    /**
     * @param lon longitude of the centre, -180 to 180 degrees
     * @param lat latitude of the centre, -80 to 80 degrees
     * @throws IllegalArgumentException when the centre lies elsewhere
     */
    public static WorkingPlane centredOn(double lon, double lat) {
        if (!(lon >= -180 && lon <= 180 && lat >= -80 && lat <= 80)) {
            throw new IllegalArgumentException(
                    "the centre of the operating area must be a longitude of -180 to 180 and a"
                            + " latitude of -80 to 80, not " + lon + ", " + lat);
        }
        return new WorkingPlane(lon, lat);
    }

    /** Whether a place can be put on the plane; false for NaN. */
    public boolean reaches(double lon, double lat) {
        return Math.abs(lon - centreLon) <= REACH_DEGREES
                && Math.abs(lat - centreLat) <= REACH_DEGREES
                && Math.abs(lat) <= 90;
    }

    /** All that can be put on the plane, in lon/lat; a new box. */
    public Envelope reach() {
        return new Envelope(
                centreLon - REACH_DEGREES,
                centreLon + REACH_DEGREES,
                Math.max(-90, centreLat - REACH_DEGREES),
                Math.min(90, centreLat + REACH_DEGREES));
    }

    /** Whether all of a box in lon/lat can be put on the plane; false for an empty one. */
    public boolean reaches(Envelope lonLat) {
        return !lonLat.isNull()
                && reaches(lonLat.getMinX(), lonLat.getMinY())
                && reaches(lonLat.getMaxX(), lonLat.getMaxY());
    }

    /**
     * @return x and y in metres
     * @throws IllegalArgumentException when the plane does not reach there; ask {@link #reaches(double, double)} first
     */
    public Coordinate toPlane(double lon, double lat) {
        double[] point = scratch.get();
        project(lon, lat, point);
        return new Coordinate(point[0], point[1]);
    }

    /** A copy in metres. @throws IllegalArgumentException when the plane does not reach all of it */
    public Geometry toPlane(Geometry lonLat) {
        Geometry copy = lonLat.copy();
        copy.apply(new EachPoint(this::project));
        copy.setSRID(0);
        return copy;
    }

    /** A copy in lon/lat of what is on the plane. */
    public Geometry toLonLat(Geometry onPlane) {
        Geometry copy = onPlane.copy();
        copy.apply(new EachPoint((x, y, point) -> transform(toLonLat, x, y, point)));
        copy.setSRID(0);
        return copy;
    }

    /**
     * A box on the plane that holds all of a box in lon/lat, and about 1 % more.
     *
     * @throws IllegalArgumentException when the plane does not reach all of it
     */
    public Envelope toPlane(Envelope lonLat) {
        Envelope box = new Envelope();
        for (int i = 0; i <= EDGE_STEPS; i++) {
            double lon = lonLat.getMinX() + lonLat.getWidth() * i / EDGE_STEPS;
            double lat = lonLat.getMinY() + lonLat.getHeight() * i / EDGE_STEPS;
            box.expandToInclude(toPlane(Math.min(lon, lonLat.getMaxX()), lonLat.getMinY()));
            box.expandToInclude(toPlane(Math.min(lon, lonLat.getMaxX()), lonLat.getMaxY()));
            box.expandToInclude(toPlane(lonLat.getMinX(), Math.min(lat, lonLat.getMaxY())));
            box.expandToInclude(toPlane(lonLat.getMaxX(), Math.min(lat, lonLat.getMaxY())));
        }
        // Between two steps an edge bulges, by less than this.
        box.expandBy(0.01 * box.getDiameter() + 0.01);
        return box;
    }

    private void project(double lon, double lat, double[] point) {
        if (!reaches(lon, lat)) {
            throw new IllegalArgumentException("lon " + lon + ", lat " + lat + " is more than " + REACH_DEGREES
                    + " degrees from the operating area's centre " + centreLon + ", " + centreLat);
        }
        transform(toPlane, lon, lat, point);
    }

    private static void transform(MathTransform transform, double first, double second, double[] point) {
        point[0] = first;
        point[1] = second;
        try {
            transform.transform(point, 0, point, 0, 1);
        } catch (TransformException e) {
            throw new IllegalArgumentException("cannot be put on the plane: " + first + ", " + second, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkingPlane that && centreLon == that.centreLon && centreLat == that.centreLat;
    }

    @Override
    public int hashCode() {
        return Objects.hash(centreLon, centreLat);
    }

    @Override
    public String toString() {
        return "WorkingPlane[centre lon " + centreLon + ", lat " + centreLat + "]";
    }

    private interface Projection {
        void apply(double first, double second, double[] point);
    }

    private static final class EachPoint implements CoordinateSequenceFilter {
        private final Projection projection;
        private final double[] point = new double[2];

        EachPoint(Projection projection) {
            this.projection = projection;
        }

        @Override
        public void filter(CoordinateSequence sequence, int i) {
            projection.apply(sequence.getX(i), sequence.getY(i), point);
            sequence.setOrdinate(i, CoordinateSequence.X, point[0]);
            sequence.setOrdinate(i, CoordinateSequence.Y, point[1]);
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public boolean isGeometryChanged() {
            return true;
        }
    }
}
