package city.canopy.geo.file;

import city.canopy.geo.file.FeatureCheck.Wrong;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/** Whether a geometry can be taken into a layer. */
final class GeometryCheck {
    private GeometryCheck() {}

    /** Before it is brought to lon/lat: finite numbers, not too many. */
    static Optional<Wrong> raw(Geometry geometry) {
        if (geometry == null || geometry.isEmpty()) {
            return Optional.of(new Wrong(Cause.NO_GEOMETRY, "its geometry is missing or empty"));
        }
        if (geometry.getNumPoints() > LayerImport.MAX_VERTICES) {
            return Optional.of(
                    new Wrong(Cause.TOO_MANY_VERTICES, "it has more than " + LayerImport.MAX_VERTICES + " vertices"));
        }
        Finite finite = new Finite();
        geometry.apply(finite);
        return finite.all ? Optional.empty() : Optional.of(new Wrong(Cause.BAD_COORDINATES, "a position is no number"));
    }

    /** In lon/lat: on Earth, the axes in order, and a valid shape. */
    static Optional<Wrong> lonLat(Geometry geometry) {
        Envelope box = geometry.getEnvelopeInternal();
        if (box.getMinX() < -180 || box.getMaxX() > 180 || box.getMinY() < -90 || box.getMaxY() > 90) {
            boolean swapped =
                    box.getMinY() >= -180 && box.getMaxY() <= 180 && box.getMinX() >= -90 && box.getMaxX() <= 90;
            return Optional.of(new Wrong(swapped ? Cause.SWAPPED_AXES : Cause.OUT_OF_RANGE, at(geometry)));
        }
        TopologyValidationError error = new IsValidOp(geometry).getValidationError();
        if (error == null) {
            return Optional.empty();
        }
        Cause cause = error.getErrorType() == TopologyValidationError.TOO_FEW_POINTS
                ? Cause.TOO_FEW_POINTS
                : Cause.INVALID_POLYGON;
        return Optional.of(new Wrong(cause, error.getMessage() + " at " + text(error.getCoordinate())));
    }

    /** A copy with x for y and y for x. */
    static Geometry swapped(Geometry geometry) {
        Geometry copy = geometry.copy();
        copy.apply(new Swap());
        copy.geometryChanged();
        return copy;
    }

    static String at(Geometry geometry) {
        return "it lies at " + text(geometry.getCoordinate());
    }

    private static String text(Coordinate place) {
        return place == null ? "an unknown place" : "[" + place.x + ", " + place.y + "]";
    }

    private static final class Swap implements CoordinateSequenceFilter {
        @Override
        public void filter(CoordinateSequence sequence, int i) {
            double x = sequence.getX(i);
            sequence.setOrdinate(i, CoordinateSequence.X, sequence.getY(i));
            sequence.setOrdinate(i, CoordinateSequence.Y, x);
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

    private static final class Finite implements CoordinateSequenceFilter {
        private boolean all = true;

        @Override
        public void filter(CoordinateSequence sequence, int i) {
            all &= Double.isFinite(sequence.getX(i)) && Double.isFinite(sequence.getY(i));
        }

        @Override
        public boolean isDone() {
            return !all;
        }

        @Override
        public boolean isGeometryChanged() {
            return false;
        }
    }
}
