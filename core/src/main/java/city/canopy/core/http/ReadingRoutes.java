package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.db.Database;
import city.canopy.core.ingest.Stats;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Quality;
import city.canopy.core.series.ReadingsFilter;
import city.canopy.core.series.ReadingsPage;
import city.canopy.core.series.SeriesQuery;
import city.canopy.core.series.StoredReading;
import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Readings, the state of features, raw frames, and what the line has done. */
public final class ReadingRoutes implements Routes {
    private final SeriesQuery series;
    private final TraceJson traces;
    private final Database database;
    private final Stats stats;
    private final Clock clock;

    public ReadingRoutes(SeriesQuery series, TraceJson traces, Database database, Stats stats, Clock clock) {
        this.series = series;
        this.traces = traces;
        this.database = database;
        this.stats = stats;
        this.clock = clock;
    }

    @Override
    public void mount(Api api) {
        ObjectNode reading = Schema.object(
                "quantity",
                Schema.text(),
                "value",
                Schema.number(),
                "unit",
                Schema.text(),
                "measured_at",
                Schema.time(),
                "received_at",
                Schema.time(),
                "quality",
                Schema.text(),
                "layer?",
                Schema.text(),
                "feature_id?",
                Schema.text());
        api.get("/api/v1/devices/{id}/readings")
                .named("listReadings", "What a device has measured; CSV by Accept: text/csv")
                .needs(Role.VIEWER)
                .query("quantity", Schema.text(), "only this quantity")
                .query("from", Schema.time(), "measured at or after")
                .query("to", Schema.time(), "measured before")
                .query("order", Schema.oneOf("asc", "desc"), "by time; desc when not given")
                .paged()
                .answers(200, "a page", Schema.page(reading))
                .answers(200, "a page", "text/csv", Schema.text())
                .blocking(this::readings);
        api.get("/api/v1/layers/{layer}/{featureId}/state")
                .named("getFeatureState", "The latest value of each quantity of a feature")
                .needs(Role.VIEWER)
                .answers(200, "values", Schema.page(reading))
                .blocking(this::state);
        api.get("/api/v1/devices/{id}/state")
                .named("getDeviceState", "The latest value of each quantity of a device")
                .needs(Role.VIEWER)
                .answers(200, "values", Schema.page(reading))
                .blocking(call -> latest(series.latest(device(call))));
        api.get("/api/v1/frames/{id}")
                .named("getFrame", "A message as it came in")
                .needs(Role.VIEWER)
                .answers(200, "the frame", Schema.any())
                .blocking(this::frame);
        api.get("/api/v1/stats")
                .named("getStats", "What the line has done, since the start and in all")
                .needs(Role.VIEWER)
                .answers(200, "counts", Schema.any())
                .blocking(call -> stats());
    }

    private Answer readings(Call call) {
        Paging paging = Paging.of(call);
        Optional<Instant> from = call.query("from").map(text -> TicketRoutes.Parameters.time("from", text));
        Optional<Instant> to = call.query("to").map(text -> TicketRoutes.Parameters.time("to", text));
        boolean newestFirst = newestFirst(call.query("order").orElse("desc"));
        ReadingsPage page;
        try {
            page = series.readings(
                    new ReadingsFilter(
                            device(call),
                            call.query("quantity").map(Quantity::new).orElse(null),
                            from.orElse(null),
                            to.orElse(null),
                            newestFirst,
                            paging.limit(),
                            paging.key().orElse(null)),
                    clock.instant());
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_parameter", e.getMessage() + ".");
        }
        String next = page.next() == null ? null : paging.next(call, page.next());
        if (call.prefers("text/csv")) {
            Answer csv = Answer.text(200, "text/csv; charset=utf-8", csv(page.items()));
            return next == null ? csv : csv.with("link", "<" + next + ">; rel=\"next\"");
        }
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.items().forEach(item -> items.add(json(item)));
        if (next != null) {
            json.put("next", next);
        }
        return Answer.json(json);
    }

    private static boolean newestFirst(String order) {
        return switch (order) {
            case "desc" -> true;
            case "asc" -> false;
            default ->
                throw ProblemException.badRequest("bad_parameter", "\"order\" is asc or desc, not \"" + order + "\".");
        };
    }

    private static String csv(List<StoredReading> items) {
        StringBuilder csv =
                new StringBuilder("quantity,instance,value,unit,measured_at,received_at,quality,layer,feature_id\r\n");
        for (StoredReading item : items) {
            Datastream stream = item.stream();
            csv.append(stream.quantity())
                    .append(',')
                    .append(stream.instance())
                    .append(',')
                    .append(item.value());
            csv.append(',').append(field(stream.unit())).append(',').append(item.measuredAt());
            csv.append(',').append(item.receivedAt()).append(',').append(quality(item.quality()));
            csv.append(',').append(field(stream.layer())).append(',').append(field(stream.featureId()));
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static String field(String text) {
        if (text == null) {
            return "";
        }
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String quality(int bits) {
        if ((bits & Quality.LATE) != 0) {
            return (bits & Quality.UNTIMED) != 0 ? "late,untimed" : "late";
        }
        return (bits & Quality.UNTIMED) != 0 ? "untimed" : "good";
    }

    static ObjectNode json(StoredReading item) {
        Datastream stream = item.stream();
        ObjectNode json = Json.object()
                .put("quantity", stream.quantity().name())
                .put("instance", stream.instance())
                .put("value", item.value())
                .put("unit", stream.unit())
                .put("measured_at", item.measuredAt().toString())
                .put("received_at", item.receivedAt().toString())
                .put("quality", quality(item.quality()))
                .put("device", stream.device().value())
                .put("frame", Long.toString(item.frame()));
        if (stream.layer() != null) {
            json.put("layer", stream.layer()).put("feature_id", stream.featureId());
        }
        return json;
    }

    private Answer state(Call call) {
        return latest(series.latest(new Subject(call.path("layer"), call.path("featureId"))));
    }

    private static Answer latest(List<StoredReading> readings) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        readings.forEach(reading -> items.add(json(reading)));
        return Answer.json(json);
    }

    private Answer frame(Call call) {
        if (!call.path("id").matches("\\d{1,18}")) {
            throw ProblemException.notFound("There is no raw frame with this id.");
        }
        ObjectNode frame = traces.frame(Long.parseLong(call.path("id")));
        if (frame.has("gone")) {
            throw ProblemException.notFound("There is no raw frame with this id, or its retention is over.");
        }
        return Answer.json(frame);
    }

    private Answer stats() {
        Map<Stats.Count, Long> all = database.read(Stats::inAll);
        ObjectNode json = Json.object();
        ObjectNode since = json.putObject("since_start");
        ObjectNode total = json.putObject("in_all");
        for (Stats.Count count : Stats.Count.values()) {
            since.put(count.wire(), stats.sinceStart(count));
            total.put(count.wire(), all.get(count));
        }
        return Answer.json(json);
    }

    private static DeviceId device(Call call) {
        if (!DeviceId.isValid(call.path("id"))) {
            throw ProblemException.notFound("No device " + call.path("id") + " is enrolled.");
        }
        return new DeviceId(call.path("id"));
    }
}
