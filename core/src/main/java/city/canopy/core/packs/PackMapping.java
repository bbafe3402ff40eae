package city.canopy.core.packs;

import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.OsmTags;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How files of one kind become a layer, under a name of its own.
 *
 * @param id its name, as {@code --mapping} takes it
 * @param pack the pack that brings it
 * @param title its name for people, by language
 * @param layer the layer that it is for
 * @param attributes how the attributes of a file become those of the layer
 * @param tags which objects of OpenStreetMap make the layer; empty where it is not for such files
 */
public record PackMapping(
        String id,
        String pack,
        Map<String, String> title,
        String layer,
        AttributeMapping attributes,
        Optional<OsmTags> tags) {
    public PackMapping {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pack, "pack");
        title = Map.copyOf(title);
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(attributes, "attributes");
        Objects.requireNonNull(tags, "tags");
    }
}
