package city.canopy.core.bench;

import city.canopy.core.demo.city.DemoCity;
import city.canopy.geo.attach.AttachRule;
import city.canopy.geo.attach.Attacher;
import city.canopy.geo.attach.Attachment;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.Hit;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.index.strtree.GeometryItemDistance;
import org.locationtech.jts.index.strtree.STRtree;

/** {@code bench attach}. One thread asks; the places are as devices stand: within 30 m of some tree. */
final class AttachBench {
    private static final int PLACES = 1 << 16;
    private static final int CHECKED = 500;
    private static final double MAX_METERS = 50;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final int trees;
    private final int seconds;
    private final Consumer<String> progress;
    private final double[] lons = new double[PLACES];
    private final double[] lats = new double[PLACES];
    private final Coordinate[] onPlane = new Coordinate[PLACES];

    /** @param progress told what is being measured, a line each */
    AttachBench(int trees, int seconds, Consumer<String> progress) {
        this.trees = trees;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** Runs it all; the keys of the answer say what each figure is. */
    Map<String, Object> run() {
        WorkingPlane plane = WorkingPlane.centredOn(105.85, 21.47);
        progress.accept("a city of " + trees + " trees");
        List<GeoFeature> city = new DemoCity(1, trees, plane).layers().get("trees");
        LayerSnapshot snapshot = new LayerSnapshot("trees", 1, city);
        place(city, plane);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("trees", city.size());
        long start = System.nanoTime();
        SpatialIndex index = snapshot.index(plane);
        report.put("index_built_ms", (System.nanoTime() - start) / 1_000_000);
        Attacher attacher = new Attacher(of(snapshot), plane);
        List<AttachRule> rules = List.of(new AttachRule("trees", MAX_METERS));
        progress.accept("checking " + CHECKED + " answers against all distances");
        report.put("checked_against_all_distances", check(attacher, rules, city, plane));
        progress.accept("attaching: from longitude and latitude to feature, metres and certainty");
        double attached =
                rate(i -> used += attacher.attach(lons[i], lats[i], rules) instanceof Attachment.Near ? 1 : 0);
        report.put("attach_per_s", Math.round(attached));
        progress.accept("the nearest feature of a place on the plane");
        double nearest = rate(i -> used += index.nearest(onPlane[i].x, onPlane[i].y, 1, Double.POSITIVE_INFINITY)
                .size());
        report.put("nearest_per_s", Math.round(nearest));
        report.put(
                "nearest_10_per_s",
                Math.round(rate(i -> used += index.nearest(onPlane[i].x, onPlane[i].y, 10, Double.POSITIVE_INFINITY)
                        .size())));
        progress.accept("the same by the tree of JTS");
        double jts = jts(city, plane);
        report.put("jts_strtree_nearest_per_s", Math.round(jts));
        report.put("nearest_to_jts", Math.round(100 * nearest / jts) / 100.0);
        report.put("attach_to_jts", Math.round(100 * attached / jts) / 100.0);
        return report;
    }

    /** So that no answer is thrown away unseen by the compiler. */
    private long used;

    private void place(List<GeoFeature> city, WorkingPlane plane) {
        Random random = new Random(5);
        for (int i = 0; i < PLACES; i++) {
            Point tree = (Point) city.get(random.nextInt(city.size())).geometry();
            lons[i] = tree.getX() + (random.nextDouble() - 0.5) * 0.0004;
            lats[i] = tree.getY() + (random.nextDouble() - 0.5) * 0.0004;
            onPlane[i] = plane.toPlane(lons[i], lats[i]);
        }
    }

    private int check(Attacher attacher, List<AttachRule> rules, List<GeoFeature> city, WorkingPlane plane) {
        Coordinate[] all = city.stream()
                .map(tree -> plane.toPlane(((Point) tree.geometry()).getX(), ((Point) tree.geometry()).getY()))
                .toArray(Coordinate[]::new);
        for (int i = 0; i < CHECKED; i++) {
            Hit best = null;
            for (int t = 0; t < all.length; t++) {
                Hit hit = new Hit(city.get(t), all[t].distance(onPlane[i]));
                best = best == null || hit.compareTo(best) < 0 ? hit : best;
            }
            Attachment found = attacher.attach(lons[i], lats[i], rules);
            boolean same = found instanceof Attachment.Near near
                    && best != null
                    && near.featureId().equals(best.feature().id())
                    && Math.abs(near.meters() - best.meters()) < 1e-6;
            if (!same) {
                throw new IllegalStateException("the nearest tree of " + lons[i] + ", " + lats[i] + " is " + best
                        + ", not " + found + ": the index is wrong");
            }
        }
        return CHECKED;
    }

    /** Answers a second, after a warm-up of half the time. */
    private double rate(IntConsumer question) {
        ask(question, seconds / 2.0);
        return ask(question, seconds);
    }

    private static double ask(IntConsumer question, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long asked = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 1024; i++) {
                question.accept((int) (asked++ & PLACES - 1));
            }
        }
        return asked * 1e9 / (System.nanoTime() - start);
    }

    private double jts(List<GeoFeature> city, WorkingPlane plane) {
        STRtree tree = new STRtree();
        for (GeoFeature feature : city) {
            var point = plane.toPlane(feature.geometry());
            tree.insert(point.getEnvelopeInternal(), point);
        }
        tree.build();
        GeometryItemDistance distance = new GeometryItemDistance();
        Point[] places = new Point[PLACES];
        for (int i = 0; i < PLACES; i++) {
            places[i] = GEOMETRIES.createPoint(onPlane[i]);
        }
        return rate(i ->
                used += tree.nearestNeighbour(places[i].getEnvelopeInternal(), places[i], distance) == null ? 0 : 1);
    }

    private static LayerSource of(LayerSnapshot snapshot) {
        return new LayerSource() {
            @Override
            public Set<String> names() {
                return Set.of(snapshot.layer());
            }

            @Override
            public LayerSnapshot snapshot(String layer) {
                return snapshot;
            }
        };
    }
}
