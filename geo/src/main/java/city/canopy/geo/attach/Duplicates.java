package city.canopy.geo.attach;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.Hit;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Point;

/**
 * Finds trees that may be one and the same: points of the same {@code species} no further apart than their places may be
 * off, which is the sum of both {@code accuracy_m}. Who says no accuracy may be off by {@value #DEFAULT_METERS} m. They are
 * told, never merged. Stateless; any thread.
 */
public final class Duplicates {
    /** How far off a place may be of which nobody says it, in metres. */
    public static final double DEFAULT_METERS = 1;

    /** Two trees further apart than this are never one, however badly they were measured. */
    public static final double MAX_METERS = 50;

    private static final String SPECIES = "species";
    private static final String ACCURACY = "accuracy_m";

    private Duplicates() {}

    /**
     * A tree that may be there already.
     *
     * @param id the one that comes in
     * @param other the other one's id
     * @param standing whether the other one stands in the layer; else it comes in too, before this one
     * @param meters how far they are apart
     * @param allowedMeters how far both places together may be off
     */
    public record Duplicate(String id, String other, boolean standing, double meters, double allowedMeters) {}

    /** The first ones, in the order in which they come in, and how many trees there are that may be there already. */
    public record Found(List<Duplicate> first, int count) {
        /** None. */
        public static final Found NONE = new Found(List.of(), 0);

        public Found {
            first = List.copyOf(first);
        }
    }

    /**
     * Of features that come in, which may stand in the layer, or come in twice. One that takes the place of another with
     * its id is no duplicate of that. For each only the nearest is told.
     *
     * @param most how many are listed
     */
    public static Found find(Collection<GeoFeature> coming, LayerSnapshot layer, WorkingPlane plane, int most) {
        Map<String, GeoFeature> byId = new HashMap<>();
        coming.stream().filter(Duplicates::isTree).forEach(tree -> byId.put(tree.id(), tree));
        if (byId.isEmpty()) {
            return Found.NONE;
        }
        SpatialIndex standing = layer.index(plane);
        double mostComing = worst(byId.values());
        double mostStanding = worst(layer.features());
        Neighbours neighbours = new Neighbours(Math.min(MAX_METERS, 2 * mostComing));
        List<Duplicate> first = new ArrayList<>();
        int count = 0;
        for (GeoFeature tree : coming) {
            Coordinate place = isTree(tree) ? place(tree, plane) : null;
            if (place == null) {
                continue;
            }
            double reach = Math.min(MAX_METERS, accuracy(tree) + mostStanding);
            Duplicate found = nearest(tree, standing.within(place.x, place.y, reach), true, byId);
            found = nearer(found, nearest(tree, neighbours.around(place), false, Map.of()));
            neighbours.add(tree, place);
            if (found != null) {
                count++;
                if (first.size() < most) {
                    first.add(found);
                }
            }
        }
        return new Found(first, count);
    }

    /** Whether one feature that comes in may stand in the layer under another id. */
    public static Optional<Duplicate> find(GeoFeature coming, LayerSnapshot layer, WorkingPlane plane) {
        return find(List.of(coming), layer, plane, 1).first().stream().findFirst();
    }

    private static boolean isTree(GeoFeature feature) {
        return feature.geometry() instanceof Point && species(feature) != null;
    }

    private static String species(GeoFeature feature) {
        return feature.properties().get(SPECIES) instanceof String text && !text.isBlank()
                ? text.strip().toLowerCase(Locale.ROOT)
                : null;
    }

    private static Coordinate place(GeoFeature tree, WorkingPlane plane) {
        Coordinate lonLat = tree.geometry().getCoordinate();
        return plane.reaches(lonLat.x, lonLat.y) ? plane.toPlane(lonLat.x, lonLat.y) : null;
    }

    private static double accuracy(GeoFeature tree) {
        return tree.properties().get(ACCURACY) instanceof Number meters
                ? Math.max(0, meters.doubleValue())
                : DEFAULT_METERS;
    }

    /** How far off the place of any of them may be, in metres; more than nothing. */
    private static double worst(Collection<GeoFeature> features) {
        double worst = DEFAULT_METERS;
        for (GeoFeature feature : features) {
            worst = Math.max(worst, accuracy(feature));
        }
        return worst;
    }

    /** @param replaced features that will not stand any more as they do */
    private static Duplicate nearest(
            GeoFeature tree, List<Hit> hits, boolean standing, Map<String, GeoFeature> replaced) {
        Duplicate nearest = null;
        String species = hits.isEmpty() ? null : species(tree);
        for (Hit hit : hits) {
            GeoFeature other = hit.feature();
            double allowed = Math.min(MAX_METERS, accuracy(tree) + accuracy(other));
            if (!replaced.containsKey(other.id())
                    && !other.id().equals(tree.id())
                    && hit.meters() <= allowed
                    && species.equals(species(other))) {
                nearest = nearer(nearest, new Duplicate(tree.id(), other.id(), standing, hit.meters(), allowed));
            }
        }
        return nearest;
    }

    private static Duplicate nearer(Duplicate one, Duplicate other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.meters() < one.meters() ? other : one;
    }

    /** Trees by squares, as wide as two of them that are one may be apart. */
    private static final class Neighbours {
        private final double side;
        private final Map<Long, List<Placed>> squares = new HashMap<>();

        private record Placed(GeoFeature tree, Coordinate place) {}

        Neighbours(double side) {
            this.side = side;
        }

        void add(GeoFeature tree, Coordinate place) {
            squares.computeIfAbsent(square(place, 0, 0), square -> new ArrayList<>())
                    .add(new Placed(tree, place));
        }

        List<Hit> around(Coordinate place) {
            List<Hit> hits = new ArrayList<>();
            for (int dx = -1; dx <= 1; dx++) {
                for (int dy = -1; dy <= 1; dy++) {
                    for (Placed each : squares.getOrDefault(square(place, dx, dy), List.of())) {
                        hits.add(new Hit(each.tree(), each.place().distance(place)));
                    }
                }
            }
            return hits;
        }

        private long square(Coordinate place, int dx, int dy) {
            long x = (long) Math.floor(place.x / side) + dx;
            long y = (long) Math.floor(place.y / side) + dy;
            return x << 32 ^ y & 0xFFFFFFFFL;
        }
    }
}
