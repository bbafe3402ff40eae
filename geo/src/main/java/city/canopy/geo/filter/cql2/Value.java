package city.canopy.geo.filter.cql2;

import city.canopy.geo.layer.GeoFeature;
import java.util.function.Function;

/**
 * Something that has a value for each feature.
 *
 * @param kind what its values are
 * @param property the name of the property that it is, else null
 * @param constant whether it is the same for all features
 * @param of the value, or null where there is none
 */
record Value(Kind kind, String property, boolean constant, Function<GeoFeature, Object> of) {
    /** Classes of values: String, Double, Boolean, {@link Span} and Geometry. */
    enum Kind {
        TEXT("a text"),
        NUMBER("a number"),
        FLAG("true or false"),
        TIME("a time"),
        SHAPE("a geometry");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static Value constant(Kind kind, Object value) {
        return new Value(kind, null, true, feature -> value);
    }

    /** @throws IllegalStateException when it is not constant */
    Object constantValue() {
        if (!constant) {
            throw new IllegalStateException("the value depends on the feature");
        }
        return of.apply(null);
    }
}
