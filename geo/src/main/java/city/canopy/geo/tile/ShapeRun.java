package city.canopy.geo.tile;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.index.strtree.STRtree;

/** Lines, areas and everything else that is no single point, on the Mercator world. Built once; any thread. */
final class ShapeRun {
    private final STRtree tree = new STRtree();
    private final int size;

    /**
     * One shape.
     *
     * @param feature which of the layer's features
     * @param world its geometry on a world of side 1; not to be changed
     */
    record Shape(int feature, Geometry world) {}

    /** @param all the layer's features; single points are left out */
    ShapeRun(List<GeoFeature> all) {
        int n = 0;
        for (int i = 0; i < all.size(); i++) {
            Geometry geometry = all.get(i).geometry();
            if (!(geometry instanceof Point) && !geometry.isEmpty()) {
                Geometry world = geometry.copy();
                world.apply(new ToWorld());
                tree.insert(world.getEnvelopeInternal(), new Shape(i, world));
                n++;
            }
        }
        tree.build();
        size = n;
    }

    int size() {
        return size;
    }

    /** Those whose box touches a box on the world, in the layer's order. */
    List<Shape> in(Envelope world) {
        List<Shape> found = new ArrayList<>();
        if (size > 0) {
            tree.query(world, item -> found.add((Shape) item));
            found.sort(Comparator.comparingInt(Shape::feature));
        }
        return found;
    }

    private static final class ToWorld implements CoordinateSequenceFilter {
        @Override
        public void filter(CoordinateSequence sequence, int i) {
            double lon = sequence.getX(i);
            double lat = sequence.getY(i);
            sequence.setOrdinate(i, CoordinateSequence.X, Mercator.x(lon));
            sequence.setOrdinate(i, CoordinateSequence.Y, Mercator.y(lat));
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
