package city.canopy.geo.filter;

import city.canopy.geo.layer.GeoFeature;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;

/** A scope for tests: some values, perhaps a feature or a position, perhaps layers. */
record Values(Map<String, Object> values, GeoFeature featureOrNull, Coordinate positionOrNull, Spatial spatial)
        implements Scope {
    static Values of(Map<String, Object> values) {
        return new Values(values, null, null, null);
    }

    @Override
    public Object value(String name) {
        return values.get(name);
    }
}
