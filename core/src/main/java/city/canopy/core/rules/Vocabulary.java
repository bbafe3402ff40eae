package city.canopy.core.rules;

import city.canopy.devices.profile.QuantityCatalog;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the names in rules are called by people. Every title is by language, {@code vi} and {@code en}. Immutable.
 *
 * @param quantities what can be measured
 * @param layers the layers' titles, by name
 * @param attributes the titles of their attributes, by {@code layer.attribute}
 * @param values what values are called, by {@code attribute.value} or {@code quantity.value}
 * @param things the titles of profiles and schedules, by id
 */
public record Vocabulary(
        QuantityCatalog quantities,
        Map<String, Map<String, String>> layers,
        Map<String, Map<String, String>> attributes,
        Map<String, Map<String, String>> values,
        Map<String, Map<String, String>> things) {
    private static final Map<String, String> SIGNS = Map.of("Cel", "°C", "deg", "°", "ug/m3", "µg/m³", "1", "");
    private static final Map<String, Map<String, String>> CLOCK = Map.of(
            ReadingScope.HOUR, Map.of("vi", "giờ trong ngày", "en", "hour of the day"),
            ReadingScope.WEEKDAY, Map.of("vi", "thứ trong tuần (1 là thứ hai)", "en", "day of the week (1 is Monday)"));

    public Vocabulary {
        Objects.requireNonNull(quantities, "quantities");
        layers = Map.copyOf(layers);
        attributes = Map.copyOf(attributes);
        values = Map.copyOf(values);
        things = Map.copyOf(things);
    }

    /** What a name in a condition on a layer is called, in the middle of a sentence; empty where nobody has said. */
    Optional<String> name(String layer, String name, String language) {
        return quantities
                .find(name)
                .map(spec -> spec.title().get(language))
                .or(() -> Optional.ofNullable(CLOCK.get(name)).map(title -> title.get(language)))
                .or(() ->
                        Optional.ofNullable(attributes.get(layer + "." + name)).map(title -> title.get(language)))
                .map(Words::inSentence);
    }

    /** What a value is called, in the middle of a sentence; the value itself where nobody has said. */
    String value(String name, String value, String language) {
        Map<String, String> title = values.get(name + "." + value);
        return title == null ? value : Words.inSentence(title.get(language));
    }

    boolean hasValue(String name, String value) {
        return values.containsKey(name + "." + value);
    }

    String layer(String name, String language) {
        Map<String, String> title = layers.get(name);
        return title == null ? name : Words.inSentence(title.get(language));
    }

    String thing(String id, String language) {
        Map<String, String> title = things.get(id);
        return title == null ? id : Words.inSentence(title.get(language));
    }

    /** A quantity's unit as people write it, after a number: empty, or with a space before it where one belongs. */
    String unit(String quantity) {
        String unit = quantities.find(quantity).map(spec -> spec.unit()).orElse("");
        String sign = SIGNS.getOrDefault(unit, unit);
        return sign.isEmpty() || sign.equals("°") ? sign : " " + sign;
    }
}
