package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.core.http.Api;
import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.Operation;
import city.canopy.core.http.Routes;
import city.canopy.core.http.Schema;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.tile.TileAddress;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.locationtech.jts.geom.Envelope;

/**
 * OGC API – Tiles, Part 1 (20-057): which vector tiles there are of one layer and of all. The tiles themselves are served
 * beside these addresses.
 */
public final class TileSetRoutes implements Routes {
    private static final String TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/";
    private static final String MATRIX_SETS = "http://www.opengis.net/spec/tms/2.0/conf/";

    /** Each is whole: what is declared here is held to by a test. */
    static final List<String> CONFORMANCE = List.of(
            TILES + "core",
            TILES + "tileset",
            TILES + "tilesets-list",
            TILES + "dataset-tilesets",
            TILES + "geodata-tilesets",
            TILES + "collections-selection",
            TILES + "mvt",
            TILES + "oas30",
            MATRIX_SETS + "tilematrixset",
            MATRIX_SETS + "json-tilematrixset");

    static final String REL_TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    static final String REL_SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
    private static final String REL_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    private static final String REL_DATA = "http://www.opengis.net/def/rel/ogc/1.0/geodata";

    static final String QUAD = "WebMercatorQuad";
    private static final String QUAD_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
    private static final String MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857";
    private static final String MVT = "application/vnd.mapbox-vector-tile";
    private static final String JSON = "application/json";

    /** Half of the world's side, in metres of EPSG:3857. */
    private static final double HALF_WORLD = 20_037_508.342_789_244;

    private static final int TILE_PIXELS = 256;
    /** The standard's size of a pixel, in metres. */
    private static final double PIXEL_METERS = 0.000_28;

    private final ServedLayers layers;

    public TileSetRoutes(ServedLayers layers) {
        this.layers = Objects.requireNonNull(layers, "layers");
    }

    @Override
    public void mount(Api api) {
        describe(api.get("/ogc/tileMatrixSets"), "getTileMatrixSets", "Into which squares tiles are cut")
                .blocking(call -> shown(call, "Tile matrix sets", matrixSets(call)));
        describe(api.get("/ogc/tileMatrixSets/" + QUAD), "getTileMatrixSet", "The squares of Web Mercator")
                .blocking(call -> shown(call, QUAD, matrixSet()));
        describe(api.get("/ogc/tiles"), "getTileSets", "The tiles of all layers")
                .blocking(call -> shown(call, "Tiles", list(call, "All layers", "/tiles")));
        describe(api.get("/ogc/tiles/" + QUAD), "getTileSet", "The tiles of all layers, in the squares of Web Mercator")
                .query(
                        "collections",
                        Schema.text(),
                        "these layers, separated by commas; without it all that one may see")
                .blocking(call -> shown(call, "Tiles", tileSet(call, "All layers", "", layers.seenBy(call))));
        describe(api.get("/ogc/collections/{layer}/tiles"), "getLayerTileSets", "The tiles of a layer")
                .blocking(call -> {
                    LayerDefinition layer = layers.get(call);
                    return shown(call, title(call, layer), list(call, title(call, layer), base(layer) + "/tiles"));
                });
        describe(
                        api.get("/ogc/collections/{layer}/tiles/" + QUAD),
                        "getLayerTileSet",
                        "The tiles of a layer, in the squares of Web Mercator")
                .blocking(call -> {
                    LayerDefinition layer = layers.get(call);
                    return shown(
                            call, title(call, layer), tileSet(call, title(call, layer), base(layer), List.of(layer)));
                });
    }

    private static Operation describe(Operation operation, String name, String summary) {
        return operation
                .named(name, summary)
                .open()
                .query("f", Schema.oneOf("json", "html"), "the form; without it as Accept says")
                .answers(200, "the document", Schema.any());
    }

    private static Answer shown(Call call, String title, ObjectNode json) {
        if (Form.of(call) == Form.HTML) {
            return Html.answer(call, title, json);
        }
        return Answer.json(json)
                .with("vary", "accept, accept-language, authorization, cookie")
                .with("cache-control", "private, no-cache");
    }

    private static String base(LayerDefinition layer) {
        return "/collections/" + layer.name();
    }

    private static String title(Call call, LayerDefinition layer) {
        return ServedLayers.title(layer.title(), layer.name(), Form.inVietnamese(call));
    }

    private static ObjectNode list(Call call, String title, String path) {
        ObjectNode json = Json.object();
        ArrayNode sets = json.putArray("tilesets");
        ObjectNode set = describeSet(sets.addObject(), title);
        set.set(
                "links",
                Links.none(call)
                        .below("self", JSON, title, path + "/" + QUAD)
                        .below(REL_SCHEME, JSON, QUAD, "/tileMatrixSets/" + QUAD)
                        .json());
        json.set("links", Links.of(call, Form.of(call), JSON).json());
        return json;
    }

    private static ObjectNode describeSet(ObjectNode json, String title) {
        return json.put("title", title)
                .put("dataType", "vector")
                .put("crs", MERCATOR)
                .put("tileMatrixSetURI", QUAD_URI);
    }

    /** @param base the layer's address below {@code /ogc}, or none for all layers */
    private ObjectNode tileSet(Call call, String title, String base, List<LayerDefinition> shown) {
        ObjectNode json = describeSet(Json.object(), title);
        Links links = Links.of(call, Form.of(call), JSON)
                .below(REL_SCHEME, JSON, QUAD, "/tileMatrixSets/" + QUAD)
                .below(base.isEmpty() ? "data" : REL_DATA, JSON, title, base.isEmpty() ? "/collections" : base);
        if (!base.isEmpty()) {
            links.below("describedby", JSON, "As TileJSON", base + "/tiles/" + QUAD + "/tilejson.json");
        }
        json.set("links", links.json());
        ((ArrayNode) json.get("links"))
                .addObject()
                .put(
                        "href",
                        call.origin().url() + "/ogc" + base + "/tiles/" + QUAD + "/{tileMatrix}/{tileRow}/{tileCol}")
                .put("rel", "item")
                .put("type", MVT)
                .put("title", title)
                .put("templated", true);
        limits(json.putArray("tileMatrixSetLimits"));
        ArrayNode inside = json.putArray("layers");
        Envelope box = new Envelope();
        shown.forEach(layer -> {
            inside.addObject()
                    .put("id", layer.name())
                    .put("title", title(call, layer))
                    .put("dataType", "vector")
                    .put("minTileMatrix", "0")
                    .put("maxTileMatrix", Integer.toString(TileAddress.MAX_ZOOM));
            box.expandToInclude(layers.extent(layers.snapshot(layer)).box());
        });
        if (!box.isNull()) {
            ObjectNode bounds = json.putObject("boundingBox");
            bounds.putArray("lowerLeft").add(box.getMinX()).add(box.getMinY());
            bounds.putArray("upperRight").add(box.getMaxX()).add(box.getMaxY());
            bounds.put("crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        }
        return json;
    }

    /** Which tiles may be asked for: all of each zoom that is served; where nothing is, a tile is empty. */
    private static void limits(ArrayNode limits) {
        for (int zoom = 0; zoom <= TileAddress.MAX_ZOOM; zoom++) {
            int last = (1 << zoom) - 1;
            limits.addObject()
                    .put("tileMatrix", Integer.toString(zoom))
                    .put("minTileRow", 0)
                    .put("maxTileRow", last)
                    .put("minTileCol", 0)
                    .put("maxTileCol", last);
        }
    }

    private static ObjectNode matrixSets(Call call) {
        ObjectNode json = Json.object();
        ObjectNode set = json.putArray("tileMatrixSets")
                .addObject()
                .put("id", QUAD)
                .put("title", "Google Maps Compatible for the World")
                .put("uri", QUAD_URI)
                .put("crs", MERCATOR);
        set.set(
                "links",
                Links.none(call)
                        .below("self", JSON, QUAD, "/tileMatrixSets/" + QUAD)
                        .below("item", JSON, QUAD, "/tileMatrixSets/" + QUAD)
                        .json());
        json.set("links", Links.of(call, Form.of(call), JSON).json());
        return json;
    }

    /** As 17-083r4 has it: a zoom is a matrix of squares of 256 pixels, from the north west. */
    private static ObjectNode matrixSet() {
        ObjectNode json = Json.object()
                .put("id", QUAD)
                .put("title", "Google Maps Compatible for the World")
                .put("uri", QUAD_URI)
                .put("crs", MERCATOR)
                .put("wellKnownScaleSet", "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible");
        json.putArray("orderedAxes").add("X").add("Y");
        ArrayNode matrices = json.putArray("tileMatrices");
        for (int zoom = 0; zoom <= TileAddress.MAX_ZOOM; zoom++) {
            double cell = 2 * HALF_WORLD / TILE_PIXELS / (1 << zoom);
            ObjectNode matrix = matrices.addObject()
                    .put("id", Integer.toString(zoom))
                    .put("scaleDenominator", cell / PIXEL_METERS)
                    .put("cellSize", cell)
                    .put("cornerOfOrigin", "topLeft");
            matrix.putArray("pointOfOrigin").add(-HALF_WORLD).add(HALF_WORLD);
            matrix.put("tileWidth", TILE_PIXELS)
                    .put("tileHeight", TILE_PIXELS)
                    .put("matrixWidth", 1 << zoom)
                    .put("matrixHeight", 1 << zoom);
        }
        return json;
    }
}
