package city.canopy.geo.index;

import city.canopy.geo.layer.GeoFeature;

/**
 * A feature and how far it is. Ordered by distance, then by the feature's id, so that ties always fall the same way.
 *
 * @param feature the feature
 * @param meters the distance in the working plane, 0 when the place lies in it
 */
public record Hit(GeoFeature feature, double meters) implements Comparable<Hit> {
    @Override
    public int compareTo(Hit other) {
        int byDistance = Double.compare(meters, other.meters);
        return byDistance != 0 ? byDistance : feature.id().compareTo(other.feature.id());
    }
}
