package city.canopy.geo.attach;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.Hit;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSource;
import java.util.List;
import java.util.Objects;
import org.locationtech.jts.geom.Coordinate;

/**
 * Finds the feature that a place belongs to. Immutable; used by any number of threads; every call looks at the layers as
 * they stand at that moment.
 *
 * <p>The rules are asked in their order, and the first that finds a feature wins. A rule finds the area that the place lies
 * in or on the edge of (the smallest, when areas overlap, then by id); else, with a distance above 0, the nearest feature
 * within it (of two equally near ones the one with the smaller id).
 *
 * <p>How sure a {@link Attachment.Near} is, with d the distance, L the rule's limit and r the distance of the runner-up in
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
        if (hits.isEmpty()) {
            return new Attachment.None();
        }
        Hit nearest = hits.get(0);
        return new Attachment.Near(
                rule.layer(), nearest.feature().id(), nearest.meters(), certainty(hits, rule.maxMeters()));
    }

    private static double certainty(List<Hit> hits, double limit) {
        double distance = hits.get(0).meters();
        double closeness = 1 - distance / (2 * limit);
        if (hits.size() == 1) {
            return closeness;
        }
        double runnerUp = hits.get(1).meters();
        return runnerUp == 0 ? 0.5 : runnerUp / (distance + runnerUp) * closeness;
    }
}
