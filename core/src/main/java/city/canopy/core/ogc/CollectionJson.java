package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.StyleRoutes;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.LayerSnapshot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/** Layers as the standard describes collections. */
final class CollectionJson {
    static final String GEO_JSON = "application/geo+json";
    static final String SCHEMA_JSON = "application/schema+json";

    private final ServedLayers layers;

    CollectionJson(ServedLayers layers) {
        this.layers = layers;
    }

    ObjectNode collections(Call call, Form form) {
        ObjectNode all = Json.object();
        all.set("links", Links.of(call, form, "application/json").json());
        crs(all);
        ArrayNode collections = all.putArray("collections");
        layers.seenBy(call).forEach(layer -> {
            Links links =
                    Links.none(call).below("self", "application/json", "This layer", "/collections/" + layer.name());
            collections.add(describe(call, layer, links));
        });
        return all;
    }

    ObjectNode collection(Call call, Form form) {
        LayerDefinition layer = layers.get(call);
        return describe(call, layer, Links.of(call, form, "application/json"));
    }

    private ObjectNode describe(Call call, LayerDefinition layer, Links links) {
        LayerSnapshot snapshot = layers.snapshot(layer);
        String base = "/collections/" + layer.name();
        links.below("items", GEO_JSON, "Its features as GeoJSON", base + "/items")
                .below("items", Form.HTML_TYPE, "Its features as a page", base + "/items?f=html")
                .below(
                        "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                        SCHEMA_JSON,
                        "What its features can be asked for by",
                        base + "/queryables")
                .below(
                        "http://www.opengis.net/def/rel/ogc/1.0/schema",
                        SCHEMA_JSON,
                        "What its features have, and of which type",
                        base + "/schema")
                .below(TileSetRoutes.REL_TILESETS, "application/json", "Its vector tiles", base + "/tiles")
                .below(StyleRoutes.RELATION, "application/json", "How it is drawn", base + "/styles");
        ObjectNode json = Json.object()
                .put("id", layer.name())
                .put("title", ServedLayers.title(layer.title(), layer.name(), Form.inVietnamese(call)))
                .put("itemType", "feature");
        ObjectNode extent = layers.extent(snapshot).json();
        if (!extent.isEmpty()) {
            json.set("extent", extent);
        }
        crs(json);
        json.put("storageCrs", ServedCrs.CRS84);
        json.set("links", links.json());
        return json;
    }

    private static void crs(ObjectNode json) {
        ArrayNode crs = json.putArray("crs");
        ServedCrs.uris().forEach(crs::add);
    }

    /** What the features can be asked for by, as JSON Schema 2020-12. */
    ObjectNode queryables(Call call) {
        return schema(call, "queryables").put("additionalProperties", false);
    }

    /**
     * What the features have and take, as JSON Schema 2020-12: the queryables in their order. Others are taken and given back
     * as well, so that a layer's source loses nothing.
     */
    ObjectNode schema(Call call) {
        ObjectNode schema = schema(call, "schema");
        int place = 1;
        for (JsonNode property : schema.path("properties")) {
            ((ObjectNode) property).put("x-ogc-propertySeq", place++);
        }
        return schema.put("additionalProperties", true);
    }

    private ObjectNode schema(Call call, String resource) {
        LayerDefinition layer = layers.get(call);
        LayerSnapshot snapshot = layers.snapshot(layer);
        boolean vietnamese = Form.inVietnamese(call);
        ObjectNode schema = Json.object()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", call.origin().url() + "/ogc/collections/" + layer.name() + "/" + resource)
                .put("type", "object")
                .put("title", ServedLayers.title(layer.title(), layer.name(), vietnamese));
        ObjectNode properties = schema.putObject("properties");
        properties
                .putObject("geometry")
                .put("title", vietnamese ? "Hình học" : "Geometry")
                .put("x-ogc-role", "primary-geometry")
                .put("format", geometryFormat(layer, snapshot));
        layers.queryables(layer, snapshot, vietnamese)
                .values()
                .forEach(queryable -> properties.set(queryable.name(), queryable.schema()));
        return schema;
    }

    /** Where all are single ones so far, that is said: a program that is told "or multi" makes multi ones of all. */
    static String geometryFormat(LayerDefinition layer, LayerSnapshot snapshot) {
        Class<?> all = snapshot.schema().geometry();
        return switch (layer.kind()) {
            case POINT -> all == Point.class ? "geometry-point" : "geometry-point-or-multipoint";
            case LINE -> all == LineString.class ? "geometry-linestring" : "geometry-linestring-or-multilinestring";
            case POLYGON -> all == Polygon.class ? "geometry-polygon" : "geometry-polygon-or-multipolygon";
            case ANY -> "geometry-any";
        };
    }
}
