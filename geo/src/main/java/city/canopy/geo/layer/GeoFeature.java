package city.canopy.geo.layer;

import java.util.Map;
import java.util.Objects;
import org.locationtech.jts.geom.Geometry;

/**
 * One feature of a layer, as it stands in one snapshot. Immutable by agreement: nobody changes the geometry.
 *
 * @param layer the layer's name
 * @param id its id within the layer, 1 to 200 characters
 * @param geometry in WGS 84, longitude first
 * @param properties attributes by name; values are String, Number, Boolean or null
 * @param version grows by one with every edit
 */
public record GeoFeature(String layer, String id, Geometry geometry, Map<String, Object> properties, long version) {
    public GeoFeature {
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(geometry, "geometry");
        properties = CompactMap.copyOf(properties);
    }
}
