package city.canopy.core.style;

import city.canopy.core.layers.LayerDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How each layer is drawn, as MapLibre styles: the map page and other programs take them from here alike. A layer's own
 * style is the resource {@code /styles/LAYER.json}: its colours, each for {@link Theme#LIGHT} and {@link Theme#DARK}, the
 * style's layers, which name a colour as {@code @name} and no source, and the legend. A layer without one is drawn in one
 * colour by the kind of its geometries. Any thread.
 */
public final class LayerStyles {
    /** The zoom whose tiles serve those beyond. */
    public static final int MAX_ZOOM = 15;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** In which part of {@code any.json} each kind of geometry is. */
    private static final List<String> PARTS = List.of("polygon", "line", "point");

    private final Map<String, Optional<JsonNode>> read = new ConcurrentHashMap<>();

    /**
     * The style of a layer, whole.
     *
     * @param origin the service's address as the client knows it, such as {@code https://canopy.example}; all addresses
     *     in the style begin with it
     */
    public ObjectNode style(LayerDefinition layer, Theme theme, String origin) {
        JsonNode file = file(layer.name()).orElseGet(() -> general(layer));
        JsonNode colors = file.path("colors");
        ObjectNode style = JsonNodeFactory.instance.objectNode();
        style.put("version", 8);
        style.put("name", layer.title().getOrDefault("vi", layer.name()));
        style.put("glyphs", origin + "/glyphs/{fontstack}/{range}.pbf");
        ObjectNode metadata = style.putObject("metadata");
        metadata.put("canopy:layer", layer.name());
        metadata.put("canopy:theme", theme.wire());
        metadata.set("canopy:legend", legend(layer, colored(file.path("legend"), colors, theme)));
        ObjectNode source = style.putObject("sources").putObject(layer.name());
        source.put("type", "vector");
        source.putArray("tiles")
                .add(origin + "/ogc/collections/" + layer.name() + "/tiles/WebMercatorQuad/{z}/{y}/{x}");
        source.put("minzoom", 0).put("maxzoom", MAX_ZOOM);
        ArrayNode layers = style.putArray("layers");
        for (JsonNode one : colored(file.path("layers"), colors, theme)) {
            layers.add(drawn(layer.name(), (ObjectNode) one));
        }
        return style;
    }

    private static ObjectNode drawn(String layer, ObjectNode part) {
        ObjectNode drawn = JsonNodeFactory.instance.objectNode();
        String id = part.get("id").asText();
        drawn.put("id", PARTS.contains(id) ? layer + "-" + id : id);
        drawn.set("type", part.get("type"));
        drawn.put("source", layer).put("source-layer", layer);
        part.properties().forEach(field -> {
            if (!drawn.has(field.getKey())) {
                drawn.set(field.getKey(), field.getValue());
            }
        });
        return drawn;
    }

    /** Where the file says nothing of what a sign stands for, it stands for the layer. */
    private static JsonNode legend(LayerDefinition layer, JsonNode signs) {
        for (JsonNode sign : signs) {
            if (!sign.has("title")) {
                ObjectNode title = ((ObjectNode) sign).putObject("title");
                layer.title().forEach(title::put);
            }
        }
        return signs;
    }

    /** The parts of {@code any.json} that the layer can need. */
    private JsonNode general(LayerDefinition layer) {
        ObjectNode all = file("any").orElseThrow().deepCopy();
        String kind = layer.kind().word();
        if (PARTS.contains(kind)) {
            int at = PARTS.indexOf(kind);
            JsonNode part = all.get("layers").get(at);
            JsonNode sign = all.get("legend").get(at);
            all.putArray("layers").add(part);
            all.putArray("legend").add(sign);
        }
        return all;
    }

    private Optional<JsonNode> file(String name) {
        return read.computeIfAbsent(name, LayerStyles::readFile);
    }

    private static Optional<JsonNode> readFile(String name) {
        try (InputStream in = LayerStyles.class.getResourceAsStream("/styles/" + name + ".json")) {
            return in == null ? Optional.empty() : Optional.of(MAPPER.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the style of the layer " + name, e);
        }
    }

    /** A copy with the theme's colours in the places of their names. */
    private static JsonNode colored(JsonNode node, JsonNode colors, Theme theme) {
        if (node.isTextual() && node.asText().startsWith("@")) {
            return colors.required(node.asText().substring(1)).required(theme.ordinal());
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(one -> copy.add(colored(one, colors, theme)));
            return copy;
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(one -> copy.set(one.getKey(), colored(one.getValue(), colors, theme)));
            return copy;
        }
        return node;
    }
}
