package city.canopy.core.rules;

import city.canopy.geo.layer.GeoFeature;
import java.util.Map;
import java.util.Objects;

/**
 * A number in a condition that may differ from feature to feature.
 *
 * @param name how conditions call it
 * @param attribute the feature's attribute that decides, or null for a plain constant
 * @param fallback the number where the attribute decides nothing, or there is no feature
 * @param title what people call it, by language; empty where it goes by the attribute's title or as "the limit"
 * @param values the number for each value of the attribute. Where it is empty the attribute's own number is taken
 */
public record RuleParameter(
        String name, Map<String, String> title, String attribute, double fallback, Map<String, Double> values) {
    public RuleParameter {
        Objects.requireNonNull(name, "name");
        title = Map.copyOf(title);
        values = Map.copyOf(values);
        if (!Double.isFinite(fallback)) {
            throw new IllegalArgumentException("parameter " + name + ": the default must be a number");
        }
    }

    /** The number that holds for a feature, which may be null. */
    public double of(GeoFeature feature) {
        if (feature == null || attribute == null) {
            return fallback;
        }
        Object value = feature.properties().get(attribute);
        if (value == null) {
            return fallback;
        }
        if (!values.isEmpty()) {
            return values.getOrDefault(value.toString(), fallback);
        }
        double own = value instanceof Number number ? number.doubleValue() : Double.NaN;
        return Double.isFinite(own) ? own : fallback;
    }
}
