package city.canopy.geo.query;

import city.canopy.geo.layer.GeoFeature;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.locationtech.jts.geom.Envelope;

/**
 * Which features of a layer are wanted: those that meet all of this.
 *
 * @param boxes the feature's geometry touches one of these, lon/lat; none for everywhere
 * @param bound holds every geometry that {@code test} can be true for, lon/lat; empty when that is not known
 * @param ids the only ids that {@code test} can be true for; empty when that is not known
 * @param test must hold; empty for all
 */
public record FeatureQuery(
        List<Envelope> boxes,
        Optional<Envelope> bound,
        Optional<Set<String>> ids,
        Optional<Predicate<GeoFeature>> test) {
    /** Every feature. */
    public static final FeatureQuery ALL =
            new FeatureQuery(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public FeatureQuery {
        boxes = List.copyOf(boxes);
        ids = ids.map(Set::copyOf);
    }

    boolean isAll() {
        return boxes.isEmpty() && ids.isEmpty() && test.isEmpty();
    }
}
