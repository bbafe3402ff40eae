package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.series.Chart;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.PgCharts;
import city.canopy.core.series.SeriesBucket;
import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Readings as lines of a chart: min, mean, max and count of each point. */
public final class SeriesRoutes implements Routes {
    private static final Duration DEFAULT_SPAN = Duration.ofHours(24);

    private final PgCharts charts;
    private final Datastreams streams;
    private final Clock clock;

    public SeriesRoutes(PgCharts charts, Datastreams streams, Clock clock) {
        this.charts = charts;
        this.streams = streams;
        this.clock = clock;
    }

    @Override
    public void mount(Api api) {
        charted(api.get("/api/v1/layers/{layer}/{featureId}/series")
                        .named("getFeatureSeries", "What was measured about a feature, for a chart"))
                .blocking(call -> chart(call, streams.list(new Subject(call.path("layer"), call.path("featureId")))));
        charted(api.get("/api/v1/devices/{id}/series")
                        .named("getDeviceSeries", "What a device has measured, for a chart"))
                .blocking(call -> chart(call, ofDevice(call.path("id"))));
    }

    private static Operation charted(Operation operation) {
        ObjectNode line = Schema.object(
                "device",
                Schema.text(),
                "quantity",
                Schema.text(),
                "unit",
                Schema.text(),
                "instance",
                Schema.integer(),
                "step_s",
                Schema.says(Schema.integer(), "0 where each point is a reading"),
                "points",
                Schema.list(Schema.says(Schema.list(Schema.number()), "[epoch_ms, min, mean, max, count]")));
        return operation
                .needs(Role.VIEWER)
                .query("quantity", Schema.text(), "only this quantity")
                .query("from", Schema.time(), "measured at or after; a day before \"to\" when not given")
                .query("to", Schema.time(), "measured before; now when not given")
                .query(
                        "points",
                        Schema.integer(2, PgCharts.MAX_POINTS),
                        "how many points a line may have; " + PgCharts.DEFAULT_POINTS + " when not given")
                .answers(
                        200,
                        "the lines that have readings, " + PgCharts.MAX_LINES + " at most",
                        Schema.object(
                                "from",
                                Schema.time(),
                                "to",
                                Schema.time(),
                                "step_s",
                                Schema.integer(),
                                "series",
                                Schema.list(line)));
    }

    private List<Datastream> ofDevice(String id) {
        if (!DeviceId.isValid(id)) {
            throw ProblemException.notFound("No device " + id + " is enrolled.");
        }
        return streams.list(new DeviceId(id));
    }

    private Answer chart(Call call, List<Datastream> all) {
        Instant to = call.query("to")
                .map(text -> TicketRoutes.Parameters.time("to", text))
                .orElseGet(clock::instant);
        Instant from = call.query("from")
                .map(text -> TicketRoutes.Parameters.time("from", text))
                .orElseGet(() -> to.minus(DEFAULT_SPAN));
        Optional<String> quantity = call.query("quantity");
        List<Datastream> wanted = all.stream()
                .filter(stream -> quantity.isEmpty()
                        || quantity.get().equals(stream.quantity().name()))
                .toList();
        try {
            return Answer.json(json(charts.chart(wanted, from, to, points(call))));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_parameter", e.getMessage() + ".");
        }
    }

    private static int points(Call call) {
        String text = call.query("points").orElse(Integer.toString(PgCharts.DEFAULT_POINTS));
        if (!text.matches("\\d{1,6}")) {
            throw ProblemException.badRequest(
                    "bad_parameter", "\"points\" is a whole number from 2 to " + PgCharts.MAX_POINTS + ".");
        }
        return Integer.parseInt(text);
    }

    private static ObjectNode json(Chart chart) {
        ObjectNode json = Json.object()
                .put("from", chart.from().toString())
                .put("to", chart.to().toString())
                .put("step_s", chart.stepSeconds());
        ArrayNode lines = json.putArray("series");
        for (Chart.Line line : chart.lines()) {
            Datastream stream = line.stream();
            ArrayNode points = lines.addObject()
                    .put("device", stream.device().value())
                    .put("quantity", stream.quantity().name())
                    .put("unit", stream.unit())
                    .put("instance", stream.instance())
                    .put("step_s", line.raw() ? 0 : chart.stepSeconds())
                    .putArray("points");
            for (SeriesBucket point : line.points()) {
                points.addArray()
                        .add(point.start().toEpochMilli())
                        .add(point.min())
                        .add(point.mean())
                        .add(point.max())
                        .add(point.n());
            }
        }
        return json;
    }
}
