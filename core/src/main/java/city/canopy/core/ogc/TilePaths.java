package city.canopy.core.ogc;

import city.canopy.core.http.Schema;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The vector tiles in the OpenAPI document: of all layers and of one. By the standard's table a client knows what an operation
 * does by how its id ends, such as {@code .collection.vector.getTile}.
 */
final class TilePaths {
    private static final String MVT = "application/vnd.mapbox-vector-tile";
    private static final List<String> PLACE = List.of("tileMatrix", "tileRow", "tileCol");

    private TilePaths() {}

    static void ofAll(ObjectNode paths) {
        ApiDefinition.plain(paths, "/tileMatrixSets", "getTileMatrixSetsList", "Into which squares tiles are cut");
        ApiDefinition.plain(
                paths, "/tileMatrixSets/" + TileSetRoutes.QUAD, "getTileMatrixSet", "The squares of Web Mercator");
        add(paths, "/tiles", "all.dataset.vector", "All layers");
    }

    /** @param base the layer's address below {@code /ogc} */
    static void ofLayer(ObjectNode paths, String base, String name, String title) {
        add(paths, base + "/tiles", name + ".collection.vector", title);
    }

    private static void add(ObjectNode paths, String base, String id, String title) {
        boolean all = id.endsWith(".dataset.vector");
        ApiDefinition.plain(paths, base, id + ".getTileSetsList", title + ": tile sets");
        String set = base + '/' + TileSetRoutes.QUAD;
        ObjectNode described = ApiDefinition.plain(paths, set, id + ".getTileSet", title + ": the tile set");
        ObjectNode path = paths.putObject(set + "/{tileMatrix}/{tileRow}/{tileCol}");
        ObjectNode get = ApiDefinition.operation(path, "get", id + ".getTile", title + ": a tile");
        for (String part : PLACE) {
            get.withArray("/parameters")
                    .addObject()
                    .put("name", part)
                    .put("in", "path")
                    .put("required", true)
                    .set("schema", Schema.integer().put("minimum", 0));
        }
        ApiDefinition.query(
                get.withArray("/parameters"),
                "properties",
                "only these properties, separated by commas",
                Schema.text());
        if (all) {
            String says = "only these layers, separated by commas";
            ApiDefinition.query(described.withArray("/parameters"), "collections", says, Schema.text());
            ApiDefinition.query(get.withArray("/parameters"), "collections", says, Schema.text());
        }
        ApiDefinition.answer(get, "200", "the tile; with no bytes where nothing is", MVT);
        ApiDefinition.problems(get, "400", "404", "500");
    }
}
