package city.canopy.geo.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;

/**
 * What the features of a layer are made of: one kind of geometry, and attributes.
 *
 * @param geometry the class that all geometries are of
 * @param attributes in their order, each name once
 */
public record LayerSchema(Class<? extends Geometry> geometry, List<Attribute> attributes) {
    public LayerSchema {
        attributes = List.copyOf(attributes);
        if (attributes.stream().map(Attribute::name).distinct().count() != attributes.size()) {
            throw new IllegalArgumentException("an attribute is named twice: " + attributes);
        }
    }

    /**
     * One attribute.
     *
     * @param name any text; {@code geometry} is taken
     * @param kind what its values are; missing ones are allowed everywhere
     */
    public record Attribute(String name, Kind kind) {
        public Attribute {
            if (name.isEmpty() || name.equals("geometry")) {
                throw new IllegalArgumentException("an attribute cannot be named \"" + name + "\"");
            }
        }
    }

    /** What values can be. */
    public enum Kind {
        TEXT(String.class),
        NUMBER(Double.class),
        WHOLE(Long.class),
        BOOLEAN(Boolean.class);

        private final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }

        /** The class of its values. */
        public Class<?> type() {
            return type;
        }

        /** A value as one of this kind, or null where it is not one; as TEXT everything is one. */
        Object cast(Object value) {
            return switch (this) {
                case TEXT -> value == null ? null : value.toString();
                case NUMBER -> value instanceof Number number ? (Double) number.doubleValue() : null;
                case WHOLE -> value instanceof Number number && isWhole(number) ? (Long) number.longValue() : null;
                case BOOLEAN -> value instanceof Boolean ? value : null;
            };
        }

        private static Kind of(Object value) {
            if (value instanceof Boolean) {
                return BOOLEAN;
            }
            return value instanceof Number number ? isWhole(number) ? WHOLE : NUMBER : TEXT;
        }

        private static boolean isWhole(Number number) {
            return number instanceof Long
                    || number instanceof Integer
                    || number instanceof Short
                    || number instanceof Byte;
        }

        /** The narrowest kind that holds values of both. */
        private Kind and(Kind other) {
            if (this == other) {
                return this;
            }
            boolean numbers = (this == NUMBER || this == WHOLE) && (other == NUMBER || other == WHOLE);
            return numbers ? NUMBER : TEXT;
        }
    }

    /** The schema that all of these features fit; an attribute that is null everywhere is a text. */
    public static LayerSchema of(Collection<GeoFeature> features) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        Class<? extends Geometry> geometry = null;
        for (GeoFeature feature : features) {
            Class<? extends Geometry> one = feature.geometry().getClass();
            geometry = geometry == null || geometry == one ? one : Geometry.class;
            for (Map.Entry<String, Object> property : feature.properties().entrySet()) {
                Kind before = kinds.get(property.getKey());
                Object value = property.getValue();
                kinds.put(
                        property.getKey(),
                        value == null ? before : before == null ? Kind.of(value) : before.and(Kind.of(value)));
            }
        }
        List<Attribute> attributes = new ArrayList<>();
        kinds.forEach((name, kind) -> {
            if (!name.isEmpty() && !name.equals("geometry")) {
                attributes.add(new Attribute(name, kind == null ? Kind.TEXT : kind));
            }
        });
        return new LayerSchema(geometry == null ? Geometry.class : geometry, attributes);
    }
}
