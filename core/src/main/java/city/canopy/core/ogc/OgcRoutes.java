package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.core.http.Api;
import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.Operation;
import city.canopy.core.http.Routes;
import city.canopy.core.http.Schema;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** OGC API – Features: what there is to be had, as JSON and as pages. The features themselves: {@link ItemRoutes}. */
public final class OgcRoutes implements Routes {
    private static final String FEATURES_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/";
    private static final String FEATURES_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/";
    private static final String FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/";
    private static final String CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/";
    private static final String FEATURES_4 = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/";
    private static final String COMMON_5 = "http://www.opengis.net/spec/ogcapi-common-5/1.0/conf/";
    private static final String FEATURES_5 = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/";

    /** Only what is whole. */
    static final List<String> CONFORMANCE = List.of(
            FEATURES_1 + "core",
            FEATURES_1 + "oas30",
            FEATURES_1 + "html",
            FEATURES_1 + "geojson",
            FEATURES_2 + "crs",
            FEATURES_3 + "queryables",
            FEATURES_3 + "queryables-query-parameters",
            FEATURES_3 + "filter",
            FEATURES_3 + "features-filter",
            CQL2 + "cql2-text",
            CQL2 + "cql2-json",
            CQL2 + "basic-cql2",
            CQL2 + "advanced-comparison-operators",
            CQL2 + "case-insensitive-comparison",
            CQL2 + "accent-insensitive-comparison",
            CQL2 + "basic-spatial-functions",
            CQL2 + "basic-spatial-functions-plus",
            CQL2 + "spatial-functions",
            CQL2 + "temporal-functions",
            CQL2 + "property-property",
            CQL2 + "arithmetic",
            FEATURES_4 + "create-replace-delete",
            FEATURES_4 + "update",
            FEATURES_4 + "features",
            FEATURES_4 + "optimistic-locking-etags",
            // The later drafts of Part 4 share what is not of features alone with OGC API – Common, under its name.
            COMMON_5 + "create-replace-delete",
            COMMON_5 + "update",
            COMMON_5 + "optimistic-locking-etags",
            COMMON_5 + "handling",
            FEATURES_5 + "schemas",
            FEATURES_5 + "core-roles-features",
            FEATURES_5 + "returnables-and-receivables",
            FEATURES_5 + "queryables");

    private static final String JSON = "application/json";

    private final CollectionJson collections;
    private final ApiDefinition definition;

    public OgcRoutes(ServedLayers layers) {
        this.collections = new CollectionJson(layers);
        this.definition = new ApiDefinition(layers);
    }

    @Override
    public void mount(Api api) {
        describe(api.get("/ogc"), "getLandingPage", "Where everything begins")
                .blocking(call -> shown(call, JSON, title(call), landing(call)));
        describe(api.get("/ogc/conformance"), "getConformance", "What the service conforms to")
                .blocking(call -> shown(call, JSON, title(call), conformance(call)));
        describe(api.get("/ogc/api"), "getApiDefinition", "The OpenAPI 3.0 document of all this")
                .blocking(call -> shown(call, ApiDefinition.MEDIA_TYPE, title(call), definition.document(call)));
        describe(api.get("/ogc/collections"), "getCollections", "The layers that one may see")
                .blocking(call -> shown(call, JSON, title(call), collections.collections(call, Form.of(call))));
        describe(api.get("/ogc/collections/{layer}"), "getCollection", "One layer")
                .blocking(call -> {
                    ObjectNode json = collections.collection(call, Form.of(call));
                    return shown(call, JSON, json.path("title").asText(), json);
                });
        describe(api.get("/ogc/collections/{layer}/queryables"), "getQueryables", "What can be asked for by")
                .blocking(call -> schema(call, collections.queryables(call)));
        describe(api.get("/ogc/collections/{layer}/schema"), "getSchema", "What features have, and of which type")
                .blocking(call -> schema(call, collections.schema(call)));
    }

    private static Answer schema(Call call, ObjectNode json) {
        return shown(call, CollectionJson.SCHEMA_JSON, json.path("title").asText(), json);
    }

    private static Operation describe(Operation operation, String name, String summary) {
        return operation
                .named(name, summary)
                .open()
                .query("f", Schema.oneOf("json", "html"), "the form; without it as Accept says")
                .answers(200, "the document", Schema.any());
    }

    private static Answer shown(Call call, String jsonType, String title, JsonNode json) {
        if (Form.of(call) == Form.HTML) {
            return Html.answer(call, title, json);
        }
        return Answer.bytes(200, jsonType, Json.bytes(json))
                .with("vary", "accept, accept-language, authorization, cookie")
                .with("cache-control", "private, no-cache");
    }

    private static String title(Call call) {
        return Form.inVietnamese(call) ? "Các lớp bản đồ của Canopy" : "The map layers of Canopy";
    }

    private static ObjectNode landing(Call call) {
        boolean vietnamese = Form.inVietnamese(call);
        ObjectNode json = Json.object()
                .put("title", title(call))
                .put(
                        "description",
                        vietnamese
                                ? "Cây xanh, điểm rác, đường và mọi lớp khác của thành phố, theo OGC API."
                                : "Trees, waste points, roads and all other layers of the city, by OGC API.");
        Links links = Links.of(call, Form.of(call), JSON)
                .below("service-desc", ApiDefinition.MEDIA_TYPE, "The OpenAPI document", "/api")
                .below("service-doc", Form.HTML_TYPE, "The OpenAPI document as a page", "/api?f=html")
                .below("conformance", JSON, "What the service conforms to", "/conformance")
                .below("data", JSON, "The layers", "/collections")
                .below("data", Form.HTML_TYPE, "The layers as a page", "/collections?f=html")
                .below(TileSetRoutes.REL_TILESETS, JSON, "Vector tiles of all layers", "/tiles")
                .below(TileSetRoutes.REL_SCHEMES, JSON, "Into which squares tiles are cut", "/tileMatrixSets");
        json.set("links", links.json());
        return json;
    }

    private static ObjectNode conformance(Call call) {
        ObjectNode json = Json.object();
        ArrayNode classes = json.putArray("conformsTo");
        CONFORMANCE.forEach(classes::add);
        TileSetRoutes.CONFORMANCE.forEach(classes::add);
        if (Form.of(call) == Form.HTML) {
            json.set("links", Links.of(call, Form.HTML, JSON).json());
        }
        return json;
    }
}
