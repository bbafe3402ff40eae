package city.canopy.core.search;

import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A value that features have, such as a species or a street, kept once however many have it.
 *
 * @param property the property that has it
 * @param value as it stands in the feature
 * @param titles what the value is called, by language; empty where nobody has said
 */
public record SearchText(String property, String value, Map<String, String> titles) {
    public SearchText {
        Objects.requireNonNull(property, "property");
        Objects.requireNonNull(value, "value");
        titles = Map.copyOf(titles);
    }

    /** What it is found by. */
    String folded() {
        if (titles.isEmpty()) {
            return Folding.fold(value);
        }
        StringJoiner all = new StringJoiner("\n").add(value);
        titles.values().forEach(all::add);
        return Folding.fold(all.toString());
    }
}
