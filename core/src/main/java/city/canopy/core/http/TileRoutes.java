package city.canopy.core.http;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.LayerTiles;
import city.canopy.core.layers.PgLayers;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.tile.TileAddress;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;

/**
 * Vector tiles by OGC API – Tiles, with a TileJSON for each layer. A layer that is not public is for those who are logged
 * in.
 */
public final class TileRoutes implements Routes {
    private static final String MVT = "application/vnd.mapbox-vector-tile";
    private static final String PROPERTIES = "only these besides the id, separated by commas; given and empty: none";
    private static final String BELOW = "/ogc/collections/{layer}/tiles/WebMercatorQuad";

    private final PgLayers layers;
    private final LayerTiles tiles;

    public TileRoutes(PgLayers layers, LayerTiles tiles) {
        this.layers = layers;
        this.tiles = tiles;
    }

    @Override
    public void mount(Api api) {
        api.get(BELOW + "/{zoom}/{row}/{column}")
                .named("getTile", "One vector tile of a layer")
                .open()
                .query("v", Schema.text(), "any text; it makes the address of another state of the layer another one")
                .query("properties", Schema.text(), PROPERTIES)
                .answers(200, "the tile", MVT, Schema.any())
                .answers(304, "it has not changed", null)
                .async(call -> tile(api, call, List.of(layer(call).name())));
        api.get("/ogc/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
                .named("getTileOfAll", "One vector tile of several layers")
                .open()
                .query(
                        "collections",
                        Schema.text(),
                        "these layers, separated by commas; without it all that one may see")
                .query("properties", Schema.text(), PROPERTIES)
                .answers(200, "the tile", MVT, Schema.any())
                .answers(304, "it has not changed", null)
                .async(call -> tile(api, call, collections(call)));
        api.get(BELOW + "/tilejson.json")
                .named("getTileJson", "Where a layer's tiles are, as TileJSON 3.0")
                .open()
                .answers(200, "the TileJSON", Schema.any())
                .blocking(this::tileJson);
    }

    private LayerDefinition layer(Call call) {
        return layer(call, call.path("layer"));
    }

    private LayerDefinition layer(Call call, String name) {
        return layers.findDefinition(name)
                .filter(found -> maySee(call, found))
                .orElseThrow(() -> ProblemException.notFound(
                        "There is no layer " + name + " for everybody; log in if there is one for you."));
    }

    private static boolean maySee(Call call, LayerDefinition layer) {
        return layer.isPublic() || call.caller().isPresent();
    }

    private List<String> collections(Call call) {
        return call.query("collections")
                .map(names -> Arrays.stream(names.split(","))
                        .map(name -> layer(call, name.strip()).name())
                        .distinct()
                        .toList())
                .orElseGet(() -> layers.listDefinitions().stream()
                        .filter(layer -> maySee(call, layer))
                        .map(LayerDefinition::name)
                        .toList());
    }

    /** One that is kept or quickly made is answered at once; others are made on a worker thread. */
    private Future<Answer> tile(Api api, Call call, List<String> names) {
        Optional<Set<String>> properties =
                Optional.ofNullable(call.queries().get("properties")).map(FeatureRoutes::names);
        LayerTiles.Wish wish = new LayerTiles.Wish(names, properties, Gzip.isAccepted(call));
        TileAddress address = address(call);
        return tiles.findSoon(wish, address)
                .map(tile -> Future.succeededFuture(answer(call, tile)))
                .orElseGet(() -> api.blocking().run(() -> answer(call, tiles.find(wish, address))));
    }

    private static Answer answer(Call call, LayerTiles.Tile tile) {
        if (call.header("if-none-match").filter(tile.tag()::equals).isPresent()) {
            return caching(Answer.bytes(304, MVT, new byte[0]), tile);
        }
        Answer answer = Answer.bytes(200, MVT, tile.bytes());
        return caching(tile.gzipped() ? answer.with("content-encoding", "gzip") : answer, tile);
    }

    private static Answer caching(Answer answer, LayerTiles.Tile tile) {
        return answer.with("etag", tile.tag())
                .with("vary", "accept-encoding")
                .with("cache-control", "private, no-cache");
    }

    private static TileAddress address(Call call) {
        try {
            return new TileAddress(
                    Integer.parseInt(call.path("zoom")),
                    Integer.parseInt(call.path("row")),
                    Integer.parseInt(call.path("column")));
        } catch (NumberFormatException e) {
            throw ProblemException.badRequest("bad_tile", "A tile is /ZOOM/ROW/COLUMN, three whole numbers.");
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_tile", "There is no such tile: " + e.getMessage() + ".");
        }
    }

    private Answer tileJson(Call call) {
        LayerDefinition layer = layer(call);
        LayerSnapshot snapshot = layers.snapshot(layer.name());
        ObjectNode json = Json.object()
                .put("tilejson", "3.0.0")
                .put("name", layer.name())
                .put("minzoom", 0)
                .put("maxzoom", TileAddress.MAX_ZOOM);
        json.putArray("tiles")
                .add(call.origin().url() + "/ogc/collections/" + layer.name() + "/tiles/WebMercatorQuad/{z}/{y}/{x}?v="
                        + snapshot.version());
        json.putArray("links")
                .addObject()
                .put("rel", StyleRoutes.RELATION)
                .put("href", StyleRoutes.address(call, layer.name()));
        Envelope box = new Envelope();
        snapshot.features()
                .forEach(feature -> box.expandToInclude(feature.geometry().getEnvelopeInternal()));
        if (!box.isNull()) {
            ArrayNode bounds = json.putArray("bounds");
            bounds.add(box.getMinX()).add(box.getMinY()).add(box.getMaxX()).add(box.getMaxY());
        }
        ObjectNode vector = json.putArray("vector_layers").addObject().put("id", layer.name());
        ObjectNode fields = vector.putObject("fields");
        snapshot.schema()
                .attributes()
                .forEach(attribute -> fields.put(
                        attribute.name(),
                        switch (attribute.kind()) {
                            case NUMBER, WHOLE -> "Number";
                            case BOOLEAN -> "Boolean";
                            case TEXT -> "String";
                        }));
        return Answer.json(json).with("cache-control", "private, no-cache");
    }
}
