package city.canopy.core.packs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A layer that a pack brings.
 *
 * @param name its name, {@code [a-z][a-z0-9_]{0,62}}
 * @param pack the pack that brings it
 * @param kind what its features are
 * @param title its name for people, by language
 * @param isPublic whether it may be read without a log-in
 * @param attributes what is known of each feature
 * @param content a GeoJSON file with its first features, if the pack has one
 */
public record PackLayer(
        String name,
        String pack,
        Kind kind,
        Map<String, String> title,
        boolean isPublic,
        List<Attribute> attributes,
        Optional<Path> content) {
    /** What the features of a layer are. The wire form is the name in lower case. */
    public enum Kind {
        POINT,
        LINE,
        POLYGON,
        ANY
    }

    /**
     * Something known of each feature.
     *
     * @param type {@code text}, {@code number}, {@code boolean} or {@code date}
     */
    public record Attribute(String name, String type, Map<String, String> title) {
        public Attribute {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
            title = Map.copyOf(title);
        }
    }

    public PackLayer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(kind, "kind");
        title = Map.copyOf(title);
        attributes = List.copyOf(attributes);
        Objects.requireNonNull(content, "content");
    }
}
