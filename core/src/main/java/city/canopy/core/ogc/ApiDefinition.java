package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.Schema;
import city.canopy.core.layers.LayerDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The OpenAPI 3.0 document of what is below {@code /ogc}, as it is for one caller: with a path for each layer that they may
 * see, the layer's own properties as parameters, and everything inline.
 */
final class ApiDefinition {
    static final String MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0";

    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private final ServedLayers layers;

    ApiDefinition(ServedLayers layers) {
        this.layers = layers;
    }

    ObjectNode document(Call call) {
        boolean vietnamese = Form.inVietnamese(call);
        ObjectNode document = Json.object().put("openapi", "3.0.3");
        document.putObject("info")
                .put("title", vietnamese ? "Các lớp bản đồ của Canopy" : "The map layers of Canopy")
                .put("version", "1.0.0")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("url", "https://www.apache.org/licenses/LICENSE-2.0");
        document.putArray("servers").addObject().put("url", call.origin().url() + "/ogc");
        ObjectNode paths = document.putObject("paths");
        plain(paths, "/", "getLandingPage", "Where everything begins", JSON);
        plain(paths, "/conformance", "getConformance", "What the service conforms to", JSON);
        plain(paths, "/api", "getApiDefinition", "This document", MEDIA_TYPE);
        plain(paths, "/collections", "getCollections", "The layers", JSON);
        TilePaths.ofAll(paths);
        layers.seenBy(call).forEach(layer -> layer(paths, layer, vietnamese));
        ObjectNode schemes = document.putObject("components").putObject("securitySchemes");
        schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
        if (Form.of(call) == Form.HTML) {
            document.set("links", Links.of(call, Form.HTML, MEDIA_TYPE).json());
        }
        return document;
    }

    /** A document that is JSON or a page. */
    static ObjectNode plain(ObjectNode paths, String path, String id, String summary) {
        return plain(paths, path, id, summary, JSON);
    }

    private static ObjectNode plain(ObjectNode paths, String path, String id, String summary, String type) {
        ObjectNode get = operation(paths.putObject(path), "get", id, summary);
        ArrayNode parameters = get.putArray("parameters");
        query(parameters, "f", "the form", Schema.oneOf("json", "html"));
        answer(get, "200", "the document", type, Form.HTML_TYPE);
        problems(get, "400", "404", "500");
        return get;
    }

    private void layer(ObjectNode paths, LayerDefinition layer, boolean vietnamese) {
        String name = layer.name();
        String base = "/collections/" + name;
        String title = ServedLayers.title(layer.title(), name, vietnamese);
        plain(paths, base, "describe_" + name, title, JSON);
        plain(paths, base + "/queryables", "queryables_" + name, title + ": queryables", CollectionJson.SCHEMA_JSON);
        plain(paths, base + "/schema", "schema_" + name, title + ": schema", CollectionJson.SCHEMA_JSON);
        ObjectNode items = paths.putObject(base + "/items");
        ObjectNode get = operation(items, "get", "list_" + name, title);
        itemParameters(get.putArray("parameters"), layers.queryables(layer, layers.snapshot(layer), vietnamese));
        answer(get, "200", "a page of features", CollectionJson.GEO_JSON, Form.HTML_TYPE);
        problems(get, "400", "404", "500");
        edit(items, "post", "create_" + name, title, CollectionJson.GEO_JSON, "201");
        item(paths.putObject(base + "/items/{featureId}"), name, title);
        TilePaths.ofLayer(paths, base, name, title);
    }

    /** One that needs a log-in. */
    private static void edit(ObjectNode path, String method, String id, String title, String type, String status) {
        ObjectNode edit = operation(path, method, id, title);
        if (type != null) {
            ObjectNode body = edit.putObject("requestBody").put("required", true);
            body.putObject("content").putObject(type).set("schema", Schema.any());
        }
        answer(edit, status, "done");
        problems(edit, "400", "401", "403", "404", "412", "415", "422");
        edit.putArray("security").addObject().putArray("bearer");
    }

    private static void item(ObjectNode path, String name, String title) {
        ObjectNode id =
                path.putArray("parameters").addObject().put("name", "featureId").put("in", "path");
        id.put("required", true).set("schema", Schema.text());
        ObjectNode get = operation(path, "get", "get_" + name, title);
        ArrayNode parameters = get.putArray("parameters");
        query(parameters, "f", "the form", Schema.oneOf("json", "html"));
        query(parameters, "crs", "the system of the coordinates", Schema.text().put("format", "uri"));
        answer(get, "200", "the feature", CollectionJson.GEO_JSON, Form.HTML_TYPE);
        problems(get, "400", "404", "500");
        edit(path, "put", "replace_" + name, title, CollectionJson.GEO_JSON, "204");
        edit(path, "patch", "update_" + name, title, ItemEditRoutes.MERGE_PATCH, "204");
        edit(path, "delete", "delete_" + name, title, null, "204");
    }

    private static void itemParameters(ArrayNode parameters, Map<String, Queryable> queryables) {
        query(parameters, "f", "the form", Schema.oneOf("json", "html"));
        query(
                parameters,
                "limit",
                "how many at most",
                Schema.integer(1, ItemsRequest.MAX_LIMIT).put("default", ItemsRequest.DEFAULT_LIMIT));
        query(parameters, "bbox", "only what touches this box: the lower corner, then the upper one", bbox());
        query(parameters, "bbox-crs", "the system of bbox", Schema.text().put("format", "uri"));
        query(parameters, "crs", "the system of the coordinates", Schema.text().put("format", "uri"));
        query(parameters, "datetime", "only what holds at this moment or in this interval", Schema.text());
        query(parameters, "filter", "only what meets this filter in CQL2", Schema.text());
        query(parameters, "filter-lang", "how the filter is written", FilterParameter.language());
        query(
                parameters,
                "filter-crs",
                "the system of the filter's geometries",
                Schema.text().put("format", "uri"));
        query(parameters, "offset", "how many are passed over", Schema.integer().put("minimum", 0));
        query(parameters, "cursor", "from a link of another page", Schema.text());
        queryables.values().stream()
                .filter(queryable -> !ItemsRequest.OWN.contains(queryable.name()))
                .forEach(queryable -> query(
                        parameters,
                        queryable.name(),
                        queryable.title(),
                        Json.object().put("type", queryable.type())));
    }

    private static ObjectNode bbox() {
        ObjectNode schema = Json.object().put("type", "array");
        ArrayNode sizes = schema.putArray("oneOf");
        for (int size : List.of(4, 6)) {
            sizes.addObject().put("minItems", size).put("maxItems", size);
        }
        schema.set("items", Schema.number());
        return schema;
    }

    static ObjectNode operation(ObjectNode path, String method, String id, String summary) {
        ObjectNode operation = path.putObject(method).put("operationId", id).put("summary", summary);
        operation.putObject("responses");
        return operation;
    }

    static void query(ArrayNode parameters, String name, String says, ObjectNode schema) {
        parameters
                .addObject()
                .put("name", name)
                .put("in", "query")
                .put("description", says)
                .put("required", false)
                .put("style", "form")
                .put("explode", false)
                .set("schema", schema);
    }

    static void answer(ObjectNode operation, String status, String says, String... types) {
        ObjectNode answer = operation.withObject("/responses").putObject(status).put("description", says);
        if (types.length > 0) {
            ObjectNode content = answer.putObject("content");
            for (String type : types) {
                content.putObject(type).set("schema", type.equals(Form.HTML_TYPE) ? Schema.text() : Schema.any());
            }
        }
    }

    static void problems(ObjectNode operation, String... statuses) {
        for (String status : statuses) {
            answer(operation, status, "a problem, with what to do about it", PROBLEM);
        }
    }
}
