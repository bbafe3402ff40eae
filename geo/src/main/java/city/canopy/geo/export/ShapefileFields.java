package city.canopy.geo.export;

import city.canopy.geo.layer.AttributeKind;
import city.canopy.geo.layer.GeoFeature;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How a layer's attributes fit the table of a Shapefile: names of ten letters without marks, texts of 254 bytes, days
 * without a time of day. Used for one file; counts what it had to cut.
 */
final class ShapefileFields {
    private static final int MAX_NAME = 10;
    private static final int MAX_BYTES = 254;
    /** dBASE itself takes 255 fields; the id is one of them. */
    private static final int MAX_FIELDS = 254;

    private final List<Field> fields = new ArrayList<>();
    private int cut;

    /** A field of the table and the attribute that stands in it. */
    record Field(String name, String attribute, Class<?> type) {}

    ShapefileFields(LayerExtract extract) throws java.io.IOException {
        if (extract.attributes().size() > MAX_FIELDS) {
            throw new java.io.IOException(
                    "the layer has " + extract.attributes().size() + " attributes and a Shapefile takes " + MAX_FIELDS
                            + "; export it as gpkg or geojson");
        }
        Set<String> days = days(extract);
        Set<String> taken = new HashSet<>(Set.of("id", "the_geom"));
        for (LayerExtract.Attribute attribute : extract.attributes()) {
            fields.add(new Field(name(attribute.name(), taken), attribute.name(), type(attribute, days)));
        }
    }

    List<Field> fields() {
        return fields;
    }

    private static Class<?> type(LayerExtract.Attribute attribute, Set<String> days) {
        return switch (attribute.kind()) {
            case NUMBER -> Double.class;
            case WHOLE -> Long.class;
            case BOOLEAN -> Boolean.class;
            case TEXT, MIXED -> days.contains(attribute.name()) ? Date.class : String.class;
        };
    }

    /** The attributes of which every value is a day. */
    private static Set<String> days(LayerExtract extract) {
        Set<String> days = new HashSet<>();
        extract.attributes().stream()
                .filter(attribute -> attribute.kind() == AttributeKind.TEXT)
                .forEach(attribute -> days.add(attribute.name()));
        Set<String> seen = new HashSet<>();
        for (GeoFeature feature : extract.features()) {
            days.removeIf(name -> {
                Object value = feature.properties().get(name);
                if (value != null) {
                    seen.add(name);
                }
                return value != null && day(value.toString()) == null;
            });
        }
        days.retainAll(seen);
        return days;
    }

    private static LocalDate day(String text) {
        if (text.length() != 10) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** A name of at most ten letters, digits and underscores that no other field has. */
    private static String name(String attribute, Set<String> taken) {
        String plain = Normalizer.normalize(attribute.replace('đ', 'd').replace('Đ', 'D'), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^A-Za-z0-9_]", "_");
        plain = plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "a" + plain : plain;
        String name = plain.substring(0, Math.min(MAX_NAME, plain.length()));
        for (int i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
            String number = "_" + i;
            name = plain.substring(0, Math.min(MAX_NAME - number.length(), plain.length())) + number;
        }
        return name;
    }

    /** The value of a field as the store takes it. */
    Object value(Field field, GeoFeature feature) {
        Object value = feature.properties().get(field.attribute());
        if (value == null) {
            return null;
        }
        if (field.type() == Date.class) {
            return new Date(LocalDate.parse(value.toString())
                    .atStartOfDay(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli());
        }
        if (field.type() == Double.class) {
            return ((Number) value).doubleValue();
        }
        if (field.type() == Long.class) {
            return ((Number) value).longValue();
        }
        return field.type() == Boolean.class ? value : cut(value.toString());
    }

    /** A text that fits, whole letters only. */
    String cut(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            return text;
        }
        cut++;
        int end = 0;
        for (int bytes = 0; end < text.length(); ) {
            int letter = text.codePointAt(end);
            bytes += Character.toString(letter).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                break;
            }
            end += Character.charCount(letter);
        }
        return text.substring(0, end);
    }

    /** What the table does not hold as the layer does. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Field field : fields) {
            if (!field.name().equals(field.attribute())) {
                notes.add("The attribute " + field.attribute() + " is called " + field.name() + ".");
            }
        }
        if (cut > 0) {
            notes.add(cut + " texts of more than 254 bytes are cut.");
        }
        return notes;
    }
}
