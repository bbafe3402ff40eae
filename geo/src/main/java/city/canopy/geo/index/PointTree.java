package city.canopy.geo.index;

import city.canopy.geo.layer.GeoFeature;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;

/**
 * A k-d tree of points without nodes: the points lie in two arrays, halved by x and by y in turn around their middle, down
 * to buckets of {@value #BUCKET}. Built once; afterwards read by any number of threads.
 */
final class PointTree {
    private static final int BUCKET = 8;

    private final GeoFeature[] features;
    private final double[] xs;
    private final double[] ys;

    PointTree(List<GeoFeature> points, List<Coordinate> onPlane) {
        int n = points.size();
        features = points.toArray(new GeoFeature[0]);
        xs = new double[n];
        ys = new double[n];
        for (int i = 0; i < n; i++) {
            xs[i] = onPlane.get(i).x;
            ys[i] = onPlane.get(i).y;
        }
        build(0, n - 1, true);
    }

    int size() {
        return xs.length;
    }

    private void build(int from, int to, boolean byX) {
        if (to - from < BUCKET) {
            return;
        }
        int middle = (from + to) >>> 1;
        select(byX ? xs : ys, from, to, middle);
        build(from, middle - 1, !byX);
        build(middle + 1, to, !byX);
    }

    /** Hoare's selection: afterwards the key at the middle is where it belongs, with no greater one before it. */
    private void select(double[] keys, int from, int to, int middle) {
        int left = from;
        int right = to;
        while (left < right) {
            double pivot = keys[(left + right) >>> 1];
            int i = left;
            int j = right;
            while (i <= j) {
                while (keys[i] < pivot) {
                    i++;
                }
                while (keys[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (j < middle) {
                left = i;
            }
            if (middle < i) {
                right = j;
            }
        }
    }

    private void swap(int a, int b) {
        double x = xs[a];
        xs[a] = xs[b];
        xs[b] = x;
        double y = ys[a];
        ys[a] = ys[b];
        ys[b] = y;
        GeoFeature feature = features[a];
        features[a] = features[b];
        features[b] = feature;
    }

    void nearest(double x, double y, Nearest best) {
        nearest(0, xs.length - 1, true, x, y, best);
    }

    private void nearest(int from, int to, boolean byX, double x, double y, Nearest best) {
        if (to - from < BUCKET) {
            for (int i = from; i <= to; i++) {
                offer(i, x, y, best);
            }
            return;
        }
        int middle = (from + to) >>> 1;
        double ahead = byX ? x - xs[middle] : y - ys[middle];
        if (ahead <= 0) {
            nearest(from, middle - 1, !byX, x, y, best);
        } else {
            nearest(middle + 1, to, !byX, x, y, best);
        }
        // Not only nearer ones: a tie on the other side may have the smaller id.
        if (ahead * ahead <= best.worstSquare()) {
            offer(middle, x, y, best);
            if (ahead <= 0) {
                nearest(middle + 1, to, !byX, x, y, best);
            } else {
                nearest(from, middle - 1, !byX, x, y, best);
            }
        }
    }

    private void offer(int i, double x, double y, Nearest best) {
        double dx = x - xs[i];
        double dy = y - ys[i];
        best.offer(features[i], dx * dx + dy * dy);
    }

    void inBox(Envelope box, FoundPoint found) {
        inBox(0, xs.length - 1, true, box, found);
    }

    private void inBox(int from, int to, boolean byX, Envelope box, FoundPoint found) {
        if (to - from < BUCKET) {
            for (int i = from; i <= to; i++) {
                check(i, box, found);
            }
            return;
        }
        int middle = (from + to) >>> 1;
        double key = byX ? xs[middle] : ys[middle];
        if ((byX ? box.getMinX() : box.getMinY()) <= key) {
            inBox(from, middle - 1, !byX, box, found);
        }
        check(middle, box, found);
        if ((byX ? box.getMaxX() : box.getMaxY()) >= key) {
            inBox(middle + 1, to, !byX, box, found);
        }
    }

    private void check(int i, Envelope box, FoundPoint found) {
        if (box.covers(xs[i], ys[i])) {
            found.accept(features[i], xs[i], ys[i]);
        }
    }

    interface FoundPoint {
        void accept(GeoFeature feature, double x, double y);
    }
}
