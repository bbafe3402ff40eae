package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.style.LayerStyles;
import city.canopy.core.style.Theme;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Envelope;

/**
 * How each layer is drawn, by OGC API – Styles, as MapLibre styles with the legend in {@code metadata}. A layer that is
 * not public is for those who are logged in.
 */
public final class StyleRoutes implements Routes {
    /** The relation of a link to a layer's styles. */
    public static final String RELATION = "http://www.opengis.net/def/rel/ogc/1.0/styles";

    private static final String STYLE = "application/vnd.mapbox.style+json";
    private static final String BELOW = "/ogc/collections/{layer}/styles";

    private final PgLayers layers;
    private final LayerStyles styles;
    private final BasemapRoutes basemap;
    private final Supplier<Optional<Envelope>> city;

    /**
     * @param basemap what lies below the layers
     * @param city the box that the whole city lies in just now, lon/lat
     */
    public StyleRoutes(PgLayers layers, LayerStyles styles, BasemapRoutes basemap, Supplier<Optional<Envelope>> city) {
        this.layers = layers;
        this.styles = styles;
        this.basemap = basemap;
        this.city = city;
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
        api.get("/api/v1/map")
                .named(
                        "getMap",
                        "How the map is drawn: where the city lies, what lies below the layers and, with a theme, every layer's style")
                .needs(Role.VIEWER)
                .query("theme", Schema.oneOf("light", "dark"), "in which colours")
                .answers(
                        200,
                        "the city's box (west, south, east, north) and the address of the street map, or null, and the styles by layer",
                        Schema.any())
                .blocking(this::map);
    }

    /** In one answer what a page needs before it can draw anything. */
    private Answer map(Call call) {
        ObjectNode json = Json.object();
        city.get()
                .ifPresentOrElse(
                        box -> json.putArray("box")
                                .add(box.getMinX())
                                .add(box.getMinY())
                                .add(box.getMaxX())
                                .add(box.getMaxY()),
                        () -> json.putNull("box"));
        json.put("basemap", basemap.address().orElse(null));
        call.query("theme").map(StyleRoutes::theme).ifPresent(theme -> {
            ObjectNode all = json.putObject("styles");
            layers.listDefinitions()
                    .forEach(layer -> all.set(
                            layer.name(),
                            styles.style(layer, theme, call.origin().url())));
        });
        return Gzip.answer(call, "application/json", Json.bytes(json)).with("cache-control", "private, no-cache");
    }

    private static Theme theme(String name) {
        return Theme.find(name)
                .orElseThrow(() ->
                        ProblemException.badRequest("bad_parameter", "\"theme\" is light or dark, not " + name + "."));
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
