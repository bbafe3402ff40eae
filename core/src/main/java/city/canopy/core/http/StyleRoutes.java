package city.canopy.core.http;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.style.LayerStyles;
import city.canopy.core.style.Theme;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How each layer is drawn, by OGC API – Styles, as MapLibre styles with the legend in {@code metadata}. A layer that is
 * not public is for those who are logged in.
 */
public final class StyleRoutes implements Routes {
    static final String RELATION = "http://www.opengis.net/def/rel/ogc/1.0/styles";
    private static final String STYLE = "application/vnd.mapbox.style+json";
    private static final String BELOW = "/ogc/collections/{layer}/styles";

    private final PgLayers layers;
    private final LayerStyles styles;

    public StyleRoutes(PgLayers layers, LayerStyles styles) {
        this.layers = layers;
        this.styles = styles;
    }

    /** Where a layer's styles are listed. */
    static String address(Call call, String layer) {
        return call.origin().url() + "/ogc/collections/" + layer + "/styles";
    }

    @Override
    public void mount(Api api) {
        api.get(BELOW)
                .named("listStyles", "A layer's styles")
                .open()
                .answers(200, "the styles and which one is meant when nobody says", Schema.any())
                .blocking(this::list);
        api.get(BELOW + "/{style}")
                .named("getStyle", "A layer's style for MapLibre, with the legend in its metadata")
                .open()
                .answers(200, "the style", STYLE, Schema.any())
                .blocking(this::get);
    }

    private LayerDefinition layer(Call call) {
        String name = call.path("layer");
        return layers.findDefinition(name)
                .filter(found -> found.isPublic() || call.caller().isPresent())
                .orElseThrow(() -> ProblemException.notFound(
                        "There is no layer " + name + " for everybody; log in if there is one for you."));
    }

    private Answer list(Call call) {
        String layer = layer(call).name();
        ObjectNode json = Json.object().put("default", Theme.LIGHT.wire());
        ArrayNode list = json.putArray("styles");
        for (Theme theme : Theme.values()) {
            ObjectNode style = list.addObject().put("id", theme.wire()).put("title", layer + ", " + theme.wire());
            link(style.putArray("links"), "stylesheet", STYLE, address(call, layer) + "/" + theme.wire());
        }
        link(json.putArray("links"), "self", "application/json", address(call, layer));
        return Answer.json(json);
    }

    private static void link(ArrayNode links, String relation, String type, String address) {
        links.addObject().put("rel", relation).put("type", type).put("href", address);
    }

    private Answer get(Call call) {
        LayerDefinition layer = layer(call);
        Theme theme = Theme.find(call.path("style"))
                .orElseThrow(() -> ProblemException.notFound(
                        "The styles of a layer are light and dark, not " + call.path("style") + "."));
        byte[] bytes = Json.bytes(styles.style(layer, theme, call.origin().url()));
        return Gzip.answer(call, STYLE, bytes).with("cache-control", "private, no-cache");
    }
}
