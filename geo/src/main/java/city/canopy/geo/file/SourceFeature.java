package city.canopy.geo.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;

/**
 * A feature as it stands in a file, before anything is made of it.
 *
 * @param number which it is, counted from 1
 * @param id its id in the file, or null
 * @param geometry in the file's coordinate system, x (easting or longitude) first; or null
 * @param properties in the file's order; values are String, Number, Boolean or null
 */
public record SourceFeature(int number, String id, Geometry geometry, Map<String, Object> properties) {
    public SourceFeature {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }
}
