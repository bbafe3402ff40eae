package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.ProblemException;
import city.canopy.core.layers.PgLayers;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerProblem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** A feature, or a change of one, as it came in a body. What is wrong with it is answered 422 with the member and why. */
final class FeatureBody {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final GeoJsonReader READER = new GeoJsonReader().withLimits(1, PgLayers.MAX_VERTICES);

    private final ObjectNode json;
    private final ServedCrs crs;

    private FeatureBody(ObjectNode json, ServedCrs crs) {
        this.json = json;
        this.crs = crs;
    }

    /**
     * @param ownId whether features of the layer have a property {@code id} besides their id
     * @throws ProblemException 400 when the body is no JSON object or {@code Content-Crs} is not served, 422 when it bears two
     *     ids
     */
    static FeatureBody of(Call call, boolean ownId) {
        if (!(Json.read(call.body()) instanceof ObjectNode object)) {
            throw ProblemException.badRequest("not_an_object", "The body must be a GeoJSON feature, a JSON object.");
        }
        if (!ownId) {
            takeIdOutOfProperties(object);
        }
        return new FeatureBody(object, contentCrs(call));
    }

    /** GeoJSON has the id beside the properties; the layer's schema, which clients fill in, lists it among them. */
    private static void takeIdOutOfProperties(ObjectNode feature) {
        if (!(feature.get("properties") instanceof ObjectNode properties) || !properties.has("id")) {
            return;
        }
        JsonNode inside = properties.remove("id");
        if (inside.isNull()) {
            return;
        }
        if (!feature.hasNonNull("id")) {
            feature.set("id", inside);
        } else if (!feature.get("id").asText().equals(inside.asText())) {
            throw bad(
                    "properties.id",
                    "is \"" + inside.asText() + "\", but \"id\" is \""
                            + feature.get("id").asText() + "\": leave one of them out.");
        }
    }

    private static ServedCrs contentCrs(Call call) {
        return call.header("content-crs")
                .map(value -> value.strip().replaceAll("^<|>$", ""))
                .map(uri -> ServedCrs.find(uri)
                        .orElseThrow(() -> ProblemException.badRequest(
                                "unknown_crs", "Content-Crs names no system that is served here: \"" + uri + "\".")))
                .orElse(ServedCrs.crs84());
    }

    /** Its properties as they were sent; nothing in their place has none. */
    JsonNode properties() {
        return json.path("properties");
    }

    /** The type of its geometry; empty when it has none. */
    String geometryType() {
        return json.path("geometry").path("type").asText();
    }

    /** The id that it bears, if any. */
    Optional<String> id() {
        JsonNode id = json.path("id");
        if (id.isMissingNode() || id.isNull()) {
            return Optional.empty();
        }
        if (!id.isTextual() && !id.isIntegralNumber()
                || id.asText().isEmpty()
                || id.asText().length() > 200) {
            throw bad("id", "must be a text of 1 to 200 characters or a whole number.");
        }
        return Optional.of(id.asText());
    }

    /** @throws ProblemException 422 when it bears another id than the one in the address */
    void expectId(String id) {
        id().filter(own -> !own.equals(id)).ifPresent(own -> {
            throw bad("id", "is \"" + own + "\", but the address says \"" + id + "\".");
        });
    }

    /** The whole feature. */
    GeoFeature whole(String layer, String id) {
        if (!json.path("type").asText().equals("Feature")) {
            throw bad("type", "must be \"Feature\".");
        }
        return read(layer, id, json.get("geometry"), json.get("properties"));
    }

    /** The feature after this merge patch (RFC 7396): what is not named stays, null takes away. */
    GeoFeature mergedInto(GeoFeature before) {
        if (json.has("type") && !json.path("type").asText().equals("Feature")) {
            throw bad("type", "must be \"Feature\".");
        }
        JsonNode patch = json.get("properties");
        if (patch != null && !patch.isObject() && !patch.isNull()) {
            throw bad("properties", "must be an object.");
        }
        ObjectNode set = Json.object();
        Map<String, Object> properties = new LinkedHashMap<>();
        if (patch == null || patch.isObject()) {
            properties.putAll(before.properties());
        }
        if (patch != null && patch.isObject()) {
            patch.properties().forEach(member -> {
                if (member.getValue().isNull()) {
                    properties.remove(member.getKey());
                } else {
                    set.set(member.getKey(), member.getValue());
                }
            });
        }
        GeoFeature read = json.has("geometry")
                ? read(before.layer(), before.id(), json.get("geometry"), set)
                : new FeatureBody(json, ServedCrs.crs84())
                        .read(before.layer(), before.id(), asJson(before.geometry()), set);
        properties.putAll(read.properties());
        // The writer rounds: a geometry that is not spoken of stays to the last digit.
        Geometry geometry = json.has("geometry") ? read.geometry() : before.geometry();
        return new GeoFeature(before.layer(), before.id(), geometry, properties, before.version());
    }

    private static JsonNode asJson(Geometry geometry) {
        return Json.read(GeoJsonWriter.toJson(geometry).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private GeoFeature read(String layer, String id, JsonNode geometry, JsonNode properties) {
        if (geometry == null || !geometry.isObject()) {
            throw bad("geometry", "must be a GeoJSON geometry: a feature of a layer has one.");
        }
        if (properties != null && !properties.isObject() && !properties.isNull()) {
            throw bad("properties", "must be an object.");
        }
        ObjectNode feature = Json.object().put("type", "Feature").put("id", id);
        feature.set("geometry", crs.isLonLat() ? geometry : lonLat(geometry.deepCopy()));
        feature.set("properties", properties == null ? Json.object() : properties);
        GeoJsonReader.Result result;
        try {
            result = READER.read(new ByteArrayInputStream(Json.bytes(feature)), layer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!result.problems().isEmpty()) {
            LayerProblem problem = result.problems().get(0);
            throw ProblemException.unacceptable(
                    problem.code(), "The feature is not taken: " + problem.detail() + ". " + problem.remedy());
        }
        return result.features().get(0);
    }

    private JsonNode lonLat(ObjectNode geometry) {
        if (geometry.get("coordinates") instanceof ArrayNode coordinates) {
            bring(coordinates);
        }
        for (JsonNode part : geometry.path("geometries")) {
            if (part instanceof ObjectNode object) {
                lonLat(object);
            }
        }
        return geometry;
    }

    private void bring(ArrayNode coordinates) {
        if (coordinates.size() >= 2
                && coordinates.get(0).isNumber()
                && coordinates.get(1).isNumber()) {
            Coordinate at = new Coordinate(
                    coordinates.get(0).asDouble(), coordinates.get(1).asDouble());
            try {
                Coordinate lonLat = crs.toLonLat(GEOMETRIES.createPoint(at)).getCoordinate();
                coordinates.set(0, lonLat.getX());
                coordinates.set(1, lonLat.getY());
            } catch (IllegalArgumentException e) {
                throw bad(
                        "geometry",
                        "has a position that cannot be in the system of Content-Crs: " + at.x + ", " + at.y);
            }
            return;
        }
        for (JsonNode part : coordinates) {
            if (part instanceof ArrayNode array) {
                bring(array);
            }
        }
    }

    private static ProblemException bad(String member, String why) {
        return ProblemException.unacceptable("bad_member", "\"" + member + "\" " + why);
    }
}
