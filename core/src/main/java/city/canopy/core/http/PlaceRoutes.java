package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.Ward;
import city.canopy.core.layers.Wards;
import city.canopy.geo.attach.AttachRule;
import city.canopy.geo.attach.Attacher;
import city.canopy.geo.attach.Attachment;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is at a place: the nearest features of a layer, and the ward, now or on another day. */
public final class PlaceRoutes implements Routes {
    private static final int MAX_COUNT = 100;
    private static final int DEFAULT_COUNT = 5;
    private static final double DEFAULT_METERS = 100;
    private static final String LON = "degrees east, WGS 84";
    private static final String LAT = "degrees north, WGS 84";

    private final PgLayers layers;
    private final Attacher attacher;
    private final Wards wards;
    private final Clock clock;

    public PlaceRoutes(PgLayers layers, Attacher attacher, Wards wards, Clock clock) {
        this.layers = layers;
        this.attacher = attacher;
        this.wards = wards;
        this.clock = clock;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/layers/{layer}/nearest")
                .named(
                        "listNearest",
                        "The features of a layer that a place may belong to: areas around it, then by distance")
                .needs(Role.VIEWER)
                .query("lon", Schema.number(), LON)
                .query("lat", Schema.number(), LAT)
                .query("count", Schema.integer(1, MAX_COUNT), "how many at most; " + DEFAULT_COUNT + " when not given")
                .query("max_meters", Schema.number(), "how far at most, 0 to 10000 m; 100 when not given")
                .answers(200, "each with metres, certainty and, on a line, the chainage", Schema.any())
                .blocking(this::nearest);
        api.get("/api/v1/ward")
                .named("findWard", "In which ward a place is, or was on another day")
                .needs(Role.VIEWER)
                .query("lon", Schema.number(), LON)
                .query("lat", Schema.number(), LAT)
                .query("at", Schema.time(), "when; now when not given")
                .answers(
                        200,
                        "code and name; codes have been used again, so that one means something only with a date",
                        Schema.any())
                .answers(404, "it was in no ward that is known", Schema.problem())
                .blocking(this::ward);
    }

    private Answer nearest(Call call) {
        String layer = call.path("layer");
        if (!layers.names().contains(layer)) {
            throw ProblemException.notFound("There is no layer " + layer + ".");
        }
        int count = call.query("count")
                .map(text -> (int) number("count", text, 1, MAX_COUNT))
                .orElse(DEFAULT_COUNT);
        double meters = call.query("max_meters")
                .map(text -> number("max_meters", text, 0, 10_000))
                .orElse(DEFAULT_METERS);
        List<Attachment> found = attacher.nearest(lon(call), lat(call), new AttachRule(layer, meters), count);
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        found.forEach(each -> items.add(json(each)));
        return Answer.json(json);
    }

    private static ObjectNode json(Attachment attachment) {
        ObjectNode json = Json.object();
        if (attachment instanceof Attachment.Inside inside) {
            json.put("feature_id", inside.featureId())
                    .put("relation", "inside")
                    .put("meters", 0)
                    .put("certainty", 1);
        } else if (attachment instanceof Attachment.Near near) {
            json.put("feature_id", near.featureId())
                    .put("relation", "near")
                    .put("meters", near.meters())
                    .put("certainty", near.certainty());
        } else if (attachment instanceof Attachment.OnLine onLine) {
            json.put("feature_id", onLine.featureId())
                    .put("relation", "on_line")
                    .put("meters", onLine.meters())
                    .put("chainage_m", onLine.chainageMeters())
                    .put("certainty", onLine.certainty());
        }
        return json;
    }

    private Answer ward(Call call) {
        Instant at = call.query("at")
                .map(text -> TicketRoutes.Parameters.time("at", text))
                .orElseGet(clock::instant);
        Optional<Ward> ward = wards.find(lon(call), lat(call), at);
        return ward.map(found ->
                        Answer.json(Json.object().put("code", found.code()).put("name", found.name())))
                .orElseThrow(() -> ProblemException.notFound("The place was in no ward that is known at " + at + "."));
    }

    private static double lon(Call call) {
        return number("lon", call.query("lon").orElse(""), -180, 180);
    }

    private static double lat(Call call) {
        return number("lat", call.query("lat").orElse(""), -90, 90);
    }

    private static double number(String name, String text, double least, double most) {
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(name, least, most);
        }
        throw bad(name, least, most);
    }

    private static ProblemException bad(String name, double least, double most) {
        return ProblemException.badRequest(
                "bad_parameter", "\"" + name + "\" is a number from " + (long) least + " to " + (long) most + ".");
    }
}
