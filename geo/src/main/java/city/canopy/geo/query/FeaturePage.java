package city.canopy.geo.query;

import city.canopy.geo.layer.GeoFeature;
import java.util.List;

/**
 * A part of what was found.
 *
 * @param features those on the page, in order of id
 * @param matched how many were found in all
 * @param before whether there are some before the page
 * @param after whether there are some after it
 */
public record FeaturePage(List<GeoFeature> features, int matched, boolean before, boolean after) {
    /** Where a page begins or ends. It holds to ids, so that an edit between two pages moves nothing over their border. */
    public sealed interface Place {
        /** Some at a number, counted from 0. */
        record Offset(int first) implements Place {}

        /** The next ones after this id, be it there or not. */
        record After(String id) implements Place {}

        /** The last ones before this id, be it there or not. */
        record Before(String id) implements Place {}
    }

    /** @param found in order of id */
    public static FeaturePage of(List<GeoFeature> found, Place place, int limit) {
        int size = found.size();
        int from;
        int to;
        if (place instanceof Place.Before before) {
            to = firstNotBefore(found, before.id());
            from = Math.max(0, to - limit);
        } else {
            from = place instanceof Place.After after
                    ? firstAfter(found, after.id())
                    : Math.min(size, ((Place.Offset) place).first());
            to = Math.min(size, from + limit);
        }
        return new FeaturePage(found.subList(from, to), size, from > 0, to < size);
    }

    private static int firstNotBefore(List<GeoFeature> found, String id) {
        int low = 0;
        int high = found.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (found.get(middle).id().compareTo(id) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstAfter(List<GeoFeature> found, String id) {
        int at = firstNotBefore(found, id);
        return at < found.size() && found.get(at).id().equals(id) ? at + 1 : at;
    }
}
