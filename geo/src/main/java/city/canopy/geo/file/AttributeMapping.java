package city.canopy.geo.file;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the attributes of a file become those of a layer. Immutable.
 *
 * @param id the file's attribute that holds the id; empty for the file's own ids or numbers
 * @param columns what is taken, by the layer's names
 * @param keepOthers whether attributes that no column takes are kept under their own names
 * @param numbers the layer's attributes in which a text that is a plain number, with a point or a comma, becomes one
 */
public record AttributeMapping(Optional<String> id, List<Column> columns, boolean keepOthers, Set<String> numbers) {
    private static final MathContext TEN_DIGITS = new MathContext(10);

    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?[0-9]{1,15}([.,][0-9]{1,15})?");

    /** Everything under its own name. */
    public static final AttributeMapping AS_IT_IS = new AttributeMapping(Optional.empty(), List.of(), true);

    /**
     * One attribute.
     *
     * @param name its name in the layer
     * @param from its name in the file
     * @param factor a number is multiplied by it; 1 for as it is
     * @param values the layer's word for each of the file's, numbers as they are written; what is not among them stays
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
        numbers = Set.copyOf(numbers);
    }

    /** Where no attribute is known to be a number. */
    public AttributeMapping(Optional<String> id, List<Column> columns, boolean keepOthers) {
        this(id, columns, keepOthers, Set.of());
    }

    /** The same where these attributes of the layer are numbers. */
    public AttributeMapping withNumbers(Set<String> names) {
        return new AttributeMapping(id, columns, keepOthers, names);
    }

    /**
     * The same with more columns, which count before those that stand in it under the same name.
     *
     * @param otherId another attribute with the id, where one is said
     */
    public AttributeMapping with(Optional<String> otherId, List<Column> more, boolean keep) {
        List<Column> all = new ArrayList<>(more);
        columns.stream()
                .filter(column -> more.stream().noneMatch(each -> each.name().equals(column.name())))
                .forEach(all::add);
        return new AttributeMapping(otherId.isPresent() ? otherId : id, all, keepOthers && keep, numbers);
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
        mapped.replaceAll((name, value) -> numbers.contains(name) ? number(value) : value);
        return mapped;
    }

    private static Object value(Column column, Object found) {
        Object value = column.factor() == 1 ? found : number(found);
        if (value instanceof Number number && column.factor() != 1) {
            // Ten digits are more than anybody measures; the rest is what binary arithmetic adds.
            return new BigDecimal(number.doubleValue() * column.factor(), TEN_DIGITS).doubleValue();
        }
        String word = value == null || column.values().isEmpty()
                ? null
                : column.values().get(value.toString().strip());
        return word == null ? value : word;
    }

    private static Object number(Object value) {
        return value instanceof String text
                        && PLAIN_NUMBER.matcher(text.strip()).matches()
                ? (Object) Double.valueOf(text.strip().replace(',', '.'))
                : value;
    }
}
