package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.search.FeatureSearch;
import city.canopy.core.search.SearchHit;
import city.canopy.core.search.SearchQuery;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Point;

/** Search over all layers. */
public final class SearchRoutes implements Routes {
    private static final int USUAL = 20;

    private final FeatureSearch search;

    public SearchRoutes(FeatureSearch search) {
        this.search = search;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/search")
                .named("searchFeatures", "Features of all layers by id, name, ward and the text of their attributes")
                .needs(Role.VIEWER)
                .query(
                        "q",
                        Schema.text().put("minLength", 1).put("maxLength", SearchQuery.MAX_LENGTH),
                        "words that all must begin a word of the feature; case and diacritics do not matter, and where nothing"
                                + " is found one wrong letter in each; at most " + SearchQuery.MAX_WORDS)
                .query("limit", Schema.integer(1, FeatureSearch.MAX_HITS), "how many, " + USUAL + " when not given")
                .answers(200, "the best, the best first, and how many there are in all", Schema.page(Schema.any()))
                .blocking(this::find);
    }

    private Answer find(Call call) {
        SearchQuery query;
        try {
            query = SearchQuery.of(call.query("q").orElse(""));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_query", "The parameter \"q\": " + e.getMessage());
        }
        FeatureSearch.Found found = search.find(query, limit(call));
        ObjectNode json = Json.object().put("count", found.count()).put("nearly", found.nearly());
        ArrayNode items = json.putArray("items");
        found.hits().forEach(hit -> items.add(json(hit)));
        return Answer.json(json);
    }

    private static int limit(Call call) {
        int limit;
        try {
            limit = call.query("limit").map(Integer::parseInt).orElse(USUAL);
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > FeatureSearch.MAX_HITS) {
            throw ProblemException.badRequest(
                    "bad_parameter", "The parameter \"limit\" is 1 to " + FeatureSearch.MAX_HITS + ".");
        }
        return limit;
    }

    private static ObjectNode json(SearchHit hit) {
        ObjectNode json = Json.object()
                .put("layer", hit.feature().layer())
                .put("id", hit.feature().id());
        if (hit.feature().properties().get("name") instanceof String name) {
            json.put("name", name);
        }
        Point inside = hit.feature().geometry().getInteriorPoint();
        json.putArray("position").add(inside.getX()).add(inside.getY());
        Envelope box = hit.feature().geometry().getEnvelopeInternal();
        if (box.getArea() > 0) {
            json.putArray("bbox")
                    .add(box.getMinX())
                    .add(box.getMinY())
                    .add(box.getMaxX())
                    .add(box.getMaxY());
        }
        ArrayNode matched = json.putArray("matched");
        hit.matched().forEach(text -> {
            ObjectNode one =
                    matched.addObject().put("property", text.property()).put("value", text.value());
            if (!text.titles().isEmpty()) {
                one.set("title", TraceJson.texts(text.titles()));
            }
        });
        return json;
    }
}
