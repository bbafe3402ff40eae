package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.core.http.Api;
import city.canopy.core.http.Call;
import city.canopy.core.http.Gzip;
import city.canopy.core.http.Json;
import city.canopy.core.http.ProblemException;
import city.canopy.core.http.Routes;
import city.canopy.core.http.Schema;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.query.FeaturePage;
import city.canopy.geo.query.FeatureSearch;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** OGC API – Features: the features of a layer, page by page or one at a time, in any system that is served. */
public final class ItemRoutes implements Routes {
    private static final JsonFactory JSON = new JsonFactory();

    private final ServedLayers layers;
    private final Clock clock;

    /** @param clock for the time that an answer bears */
    public ItemRoutes(ServedLayers layers, Clock clock) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public void mount(Api api) {
        api.get("/ogc/collections/{layer}/items")
                .named("getItems", "Features of a layer")
                .open()
                .anyQuery()
                .answers(200, "a page of features", CollectionJson.GEO_JSON, Schema.any())
                .blocking(this::items);
        api.get("/ogc/collections/{layer}/items/{id}")
                .named("getItem", "One feature of a layer")
                .open()
                .query("f", Schema.oneOf("json", "html"), "the form; without it as Accept says")
                .query("crs", Schema.text(), "the system of its coordinates")
                .answers(200, "the feature", CollectionJson.GEO_JSON, Schema.any())
                .answers(304, "it has not changed", null)
                .blocking(this::item);
    }

    private Answer items(Call call) throws IOException {
        LayerDefinition layer = layers.get(call);
        LayerSnapshot snapshot = layers.snapshot(layer);
        Form form = Form.of(call);
        ItemsRequest request = ItemsRequest.of(call, layers, layer, snapshot);
        List<GeoFeature> found = new FeatureSearch(snapshot, layers.plane()).find(request.query());
        FeaturePage page = FeaturePage.of(found, request.place(), request.limit());
        Links links = pageLinks(call, form, layer, page);
        byte[] json = write(page, request.crs(), links);
        if (form == Form.HTML) {
            return Html.answer(call, layerTitle(call, layer), Json.read(json));
        }
        return Gzip.answer(call, CollectionJson.GEO_JSON, json)
                .with("content-crs", "<" + request.crs().uri() + ">")
                .with("vary", "accept, accept-encoding, authorization, cookie")
                .with("cache-control", "private, no-cache");
    }

    private static String layerTitle(Call call, LayerDefinition layer) {
        return ServedLayers.title(layer.title(), layer.name(), Form.inVietnamese(call));
    }

    private static Links pageLinks(Call call, Form form, LayerDefinition layer, FeaturePage page) {
        String type = form == Form.JSON ? CollectionJson.GEO_JSON : Form.HTML_TYPE;
        Links links = Links.of(call, form, CollectionJson.GEO_JSON);
        Map<String, String> there = new HashMap<>(Map.of("f", form.word(), "offset", ""));
        List<GeoFeature> features = page.features();
        if (page.after() && !features.isEmpty()) {
            there.put("cursor", ItemsRequest.after(features.get(features.size() - 1)));
            links.add("next", type, "The next page", links.here(there));
        }
        if (page.before() && !features.isEmpty()) {
            there.put("cursor", ItemsRequest.before(features.get(0)));
            links.add("prev", type, "The page before", links.here(there));
        }
        return links.below("collection", "application/json", "The layer", "/collections/" + layer.name());
    }

    private byte[] write(FeaturePage page, ServedCrs crs, Links links) throws IOException {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(1024 + 300 * page.features().size());
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("type", "FeatureCollection");
            out.writeStringField(
                    "timeStamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            out.writeNumberField("numberMatched", page.matched());
            out.writeNumberField("numberReturned", page.features().size());
            out.writeFieldName("links");
            out.writeRawValue(links.json().toString());
            out.writeArrayFieldStart("features");
            for (GeoFeature feature : page.features()) {
                GeoJsonWriter.write(in(crs, feature), out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    static GeoFeature in(ServedCrs crs, GeoFeature feature) {
        if (crs.isLonLat()) {
            return feature;
        }
        try {
            return new GeoFeature(
                    feature.layer(),
                    feature.id(),
                    crs.fromLonLat(feature.geometry()),
                    feature.properties(),
                    feature.version());
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(
                    "crs_out_of_reach", "Feature " + feature.id() + " cannot be had in " + crs.uri() + ".");
        }
    }

    private Answer item(Call call) {
        LayerDefinition layer = layers.get(call);
        Form form = Form.of(call);
        ServedCrs crs = ItemsRequest.crs(call, "crs");
        GeoFeature feature = layers.snapshot(layer).find(call.path("id")).orElseThrow(() -> gone(call, layer));
        ETag tag = new ETag(feature.version());
        Links links = Links.of(call, form, CollectionJson.GEO_JSON)
                .below("collection", "application/json", "The layer", "/collections/" + layer.name());
        if (form == Form.HTML) {
            return Html.answer(call, layerTitle(call, layer) + " " + feature.id(), json(feature, crs, links));
        }
        Answer answer = tag.isNamedBy(call.header("if-none-match"))
                ? Answer.bytes(304, CollectionJson.GEO_JSON, new byte[0])
                : Gzip.answer(call, CollectionJson.GEO_JSON, Json.bytes(json(feature, crs, links)));
        return answer.with("etag", tag.toString())
                .with("content-crs", "<" + crs.uri() + ">")
                .with("vary", "accept, accept-encoding, authorization, cookie")
                .with("cache-control", "private, no-cache");
    }

    static ProblemException gone(Call call, LayerDefinition layer) {
        return ProblemException.notFound("The layer " + layer.name() + " has no feature " + call.path("id") + ".");
    }

    static ObjectNode json(GeoFeature feature, ServedCrs crs, Links links) {
        ObjectNode json =
                (ObjectNode) Json.read(GeoJsonWriter.toJson(in(crs, feature)).getBytes(StandardCharsets.UTF_8));
        json.set("links", links.json());
        return json;
    }
}
