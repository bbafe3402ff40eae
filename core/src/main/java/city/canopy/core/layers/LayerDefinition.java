package city.canopy.core.layers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.locationtech.jts.geom.Geometry;

/**
 * What a layer is, apart from its features. Comes from a pack or from an import.
 *
 * @param name lower case letters, digits and underscores, starting with a letter, at most 63
 * @param pack the pack that brought it, or null
 * @param kind which geometries it takes
 * @param title its name for people, by language ({@code vi}, {@code en})
 * @param isPublic whether it may be read without log-in
 * @param attributes what is known of its features' properties; a property that is not named here is kept all the same
 */
public record LayerDefinition(
        String name, String pack, Kind kind, Map<String, String> title, boolean isPublic, List<Attribute> attributes) {

    /** Which geometries a layer takes; each also in its {@code Multi} form. */
    public enum Kind {
        POINT,
        LINE,
        POLYGON,
        ANY;

        /** The word in the database and in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        boolean takes(Geometry geometry) {
            return switch (this) {
                case POINT -> geometry.getDimension() == 0;
                case LINE -> geometry.getDimension() == 1;
                case POLYGON -> geometry.getDimension() == 2;
                case ANY -> true;
            };
        }
    }

    /**
     * A property that features of the layer have.
     *
     * @param name its name
     * @param type {@code text}, {@code number}, {@code boolean} or {@code date}
     * @param title its name for people, by language
     */
    public record Attribute(String name, String type, Map<String, String> title) {
        public Attribute {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
            title = Map.copyOf(title);
        }
    }

    public LayerDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("a layer's name is a lower case letter, then letters, digits or _, "
                    + "63 in all at most; not " + name);
        }
        title = Map.copyOf(title);
        attributes = List.copyOf(attributes);
    }
}
