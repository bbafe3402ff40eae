package city.canopy.geo.filter;

import city.canopy.geo.layer.GeoFeature;
import org.locationtech.jts.geom.Coordinate;

/** What a condition is judged on: the values by name, and the place. Used by one thread for the time of one call. */
public interface Scope {
    /** A Double or another Number, a String, a Boolean, or null where there is no such value. Never throws. */
    Object value(String name);

    /**
     * The value as a number, NaN where it is missing or no number. Scopes that hold primitive numbers answer it without
     * boxing.
     */
    default double number(String name) {
        return value(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The feature that the values are about, or null. */
    GeoFeature featureOrNull();

    /** Where the reading was taken, lon/lat, or null; it is the place when there is no feature. */
    default Coordinate positionOrNull() {
        return null;
    }

    /** Judges spatial terms. */
    Spatial spatial();
}
