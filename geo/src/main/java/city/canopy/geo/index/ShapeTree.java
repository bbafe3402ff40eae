package city.canopy.geo.index;

import java.util.List;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.index.strtree.STRtree;

/** Lines and areas by their boxes. Built once; afterwards read by any number of threads. */
final class ShapeTree {
    private final STRtree tree;
    private final int size;
    private final Envelope bounds = new Envelope();

    ShapeTree(List<Shape> shapes) {
        size = shapes.size();
        tree = new STRtree();
        for (Shape shape : shapes) {
            Envelope box = shape.onPlane().getEnvelopeInternal();
            bounds.expandToInclude(box);
            tree.insert(box, shape);
        }
        tree.build();
    }

    int size() {
        return size;
    }

    void inBox(Envelope box, Consumer<Shape> found) {
        if (size > 0) {
            tree.query(box, item -> found.accept((Shape) item));
        }
    }

    /** Looks in a window that doubles until it holds enough or the limit is reached. */
    void nearest(double x, double y, double maxMeters, Nearest best) {
        if (size == 0) {
            return;
        }
        double farthest = Math.min(maxMeters, reach(x, y));
        double radius = Math.min(farthest, Math.max(1, spacing()));
        double done = -1;
        while (true) {
            // worstSquare shrinks as good ones come in: nothing beyond it is worth a look.
            double useful = Math.min(radius, Math.sqrt(best.worstSquare()));
            Envelope window = new Envelope(x - useful, x + useful, y - useful, y + useful);
            double from = done;
            inBox(window, shape -> {
                double square = shape.squareTo(x, y);
                if (square <= useful * useful && square > from) {
                    best.offer(shape.feature(), square);
                }
            });
            if (useful < radius || radius >= farthest) {
                return;
            }
            done = useful * useful;
            radius = Math.min(farthest, radius * 2);
        }
    }

    /** From a place to the farthest corner of all the boxes, and a little more. */
    private double reach(double x, double y) {
        double dx = Math.max(Math.abs(x - bounds.getMinX()), Math.abs(x - bounds.getMaxX()));
        double dy = Math.max(Math.abs(y - bounds.getMinY()), Math.abs(y - bounds.getMaxY()));
        return Math.hypot(dx, dy) + 1;
    }

    private double spacing() {
        return Math.sqrt(bounds.getWidth() * bounds.getHeight() / size);
    }
}
