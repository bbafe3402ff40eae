package city.canopy.geo.file;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the attributes of a file become those of a layer. Immutable.
 *
 * @param id the file's attribute that holds the id; empty for the file's own ids or numbers
 * @param columns what is taken, by the layer's names
 * @param keepOthers whether attributes that no column takes are kept under their own names
 */
public record AttributeMapping(Optional<String> id, List<Column> columns, boolean keepOthers) {
    private static final MathContext TEN_DIGITS = new MathContext(10);

    /** Everything under its own name. */
    public static final AttributeMapping AS_IT_IS = new AttributeMapping(Optional.empty(), List.of(), true);

    /**
     * One attribute.
     *
     * @param name its name in the layer
     * @param from its name in the file
     * @param factor a number is multiplied by it; 1 for as it is
     * @param values the layer's word for each of the file's; a word that is not among them stays as it is
     */
    public record Column(String name, String from, double factor, Map<String, String> values) {
        public Column {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(from, "from");
            values = Map.copyOf(values);
            if (!Double.isFinite(factor) || factor == 0) {
                throw new IllegalArgumentException("the factor of " + name + " must be a number other than 0");
            }
        }
    }

    public AttributeMapping {
        Objects.requireNonNull(id, "id");
        columns = List.copyOf(columns);
    }

    /** The layer's attributes of a feature of the file. */
    Map<String, Object> apply(Map<String, Object> properties) {
        Map<String, Object> mapped = new LinkedHashMap<>();
        for (Column column : columns) {
            Object value = value(column, properties.get(column.from()));
            if (value != null) {
                mapped.put(column.name(), value);
            }
        }
        if (keepOthers) {
            properties.forEach((name, value) -> {
                boolean taken =
                        columns.stream().anyMatch(column -> column.from().equals(name));
                if (!taken && value != null) {
                    mapped.putIfAbsent(name, value);
                }
            });
        }
        return mapped;
    }

    private static Object value(Column column, Object value) {
        if (value instanceof Number number && column.factor() != 1) {
            // Ten digits are more than anybody measures; the rest is what binary arithmetic adds.
            return new BigDecimal(number.doubleValue() * column.factor(), TEN_DIGITS).doubleValue();
        }
        return value instanceof String text ? column.values().getOrDefault(text, text) : value;
    }
}
