package city.canopy.geo.attach;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.Hit;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;

/**
 * Finds the feature that a place belongs to. Immutable; used by any number of threads; every call looks at the layers as
 * they stand at that moment.
 *
 * <p>The rules are asked in their order, and the first that finds a feature wins. A rule finds the area that the place lies
 * in or on the edge of (the smallest, when areas overlap, then by id); else, with a distance above 0, the nearest feature
 * within it (of two equally near ones the one with the smaller id).
 *
 * <p>How sure an {@link Attachment.Near} or {@link Attachment.OnLine} is, with d the distance, L the rule's limit and r the distance of the runner-up in
 * the same layer: <pre>certainty = (r &lt;= L ? r / (d + r) : 1) · (1 − d / (2 L))</pre> So it is 1 right on a feature with
 * no other within the limit, 0.5 at the limit with no other, 0.5 where two features lie on the very place, and 0.25 at the
 * limit between two.
 */
public final class Attacher {
    private final LayerSource layers;
    private final WorkingPlane plane;

    public Attacher(LayerSource layers, WorkingPlane plane) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.plane = Objects.requireNonNull(plane, "plane");
    }

    /**
     * @param lon degrees east
     * @param lat degrees north
     * @param rules where to look, in order; one for a layer that is not there finds nothing
     * @return {@link Attachment.None} also for a place that is NaN or beyond the plane's reach
     */
    public Attachment attach(double lon, double lat, List<AttachRule> rules) {
        if (rules.isEmpty() || !plane.reaches(lon, lat)) {
            return new Attachment.None();
        }
        Coordinate place = plane.toPlane(lon, lat);
        for (AttachRule rule : rules) {
            if (layers.names().contains(rule.layer())) {
                Attachment found = attach(place, rule);
                if (!(found instanceof Attachment.None)) {
                    return found;
                }
            }
        }
        return new Attachment.None();
    }

    private Attachment attach(Coordinate place, AttachRule rule) {
        SpatialIndex index = layers.snapshot(rule.layer()).index(plane);
        List<GeoFeature> areas = index.containing(place.x, place.y);
        if (!areas.isEmpty()) {
            return new Attachment.Inside(rule.layer(), areas.get(0).id());
        }
        if (rule.maxMeters() == 0) {
            return new Attachment.None();
        }
        List<Hit> hits = index.nearest(place.x, place.y, 2, rule.maxMeters());
        return hits.isEmpty()
                ? new Attachment.None()
                : near(place, rule, hits.get(0), certainty(hits, rule.maxMeters()));
    }

    private Attachment near(Coordinate place, AttachRule rule, Hit hit, double certainty) {
        String id = hit.feature().id();
        Geometry geometry = hit.feature().geometry();
        return Chainage.isFor(geometry)
                ? new Attachment.OnLine(
                        rule.layer(), id, hit.meters(), Chainage.of(plane.toPlane(geometry), place), certainty)
                : new Attachment.Near(rule.layer(), id, hit.meters(), certainty);
    }

    /**
     * The features of one layer that a place may belong to: areas that it lies in first, the smallest of them first, then
     * the others by distance, ties by id. Of each it is said how sure one could be if it were meant: an area by 1, another
     * by its distance and that of the nearest of the rest.
     *
     * @param count how many at most, 1 to {@value SpatialIndex#MAX_NEAREST}
     * @return empty for a layer that is not there and a place that is NaN or beyond the plane's reach
     */
    public List<Attachment> nearest(double lon, double lat, AttachRule rule, int count) {
        if (count < 1 || count > SpatialIndex.MAX_NEAREST) {
            throw new IllegalArgumentException("ask for 1 to " + SpatialIndex.MAX_NEAREST + " features, not " + count);
        }
        if (!layers.names().contains(rule.layer()) || !plane.reaches(lon, lat)) {
            return List.of();
        }
        Coordinate place = plane.toPlane(lon, lat);
        SpatialIndex index = layers.snapshot(rule.layer()).index(plane);
        List<Attachment> found = new ArrayList<>();
        Set<String> inside = new HashSet<>();
        for (GeoFeature area : index.containing(place.x, place.y)) {
            inside.add(area.id());
            found.add(new Attachment.Inside(rule.layer(), area.id()));
        }
        if (rule.maxMeters() > 0 && found.size() < count) {
            // One more than asked for is the runner-up of the last.
            int wanted = Math.min(SpatialIndex.MAX_NEAREST, count + inside.size() + 1);
            List<Hit> hits = index.nearest(place.x, place.y, wanted, rule.maxMeters()).stream()
                    .filter(hit -> !inside.contains(hit.feature().id()))
                    .toList();
            for (int i = 0; i < hits.size(); i++) {
                // The nearest has its runner-up behind it, every other one the nearest before it.
                List<Hit> pair = i == 0 ? hits.subList(0, Math.min(2, hits.size())) : List.of(hits.get(i), hits.get(0));
                found.add(near(place, rule, hits.get(i), certainty(pair, rule.maxMeters())));
            }
        }
        return List.copyOf(found.subList(0, Math.min(count, found.size())));
    }

    private static double certainty(List<Hit> hits, double limit) {
        double distance = hits.get(0).meters();
        double closeness = 1 - distance / (2 * limit);
        if (hits.size() == 1) {
            return closeness;
        }
        double runnerUp = hits.get(1).meters();
        return distance + runnerUp == 0 ? 0.5 : runnerUp / (distance + runnerUp) * closeness;
    }
}
