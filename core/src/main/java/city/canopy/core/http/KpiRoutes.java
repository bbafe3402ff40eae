package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.kpi.Kpi;
import city.canopy.core.kpi.Measure;
import city.canopy.core.kpi.Period;
import city.canopy.core.kpi.PgKpis;
import city.canopy.core.kpi.Schedule;
import city.canopy.core.packs.Packs;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The packs' figures over a period, and what comes again and again by their schedules. */
public final class KpiRoutes implements Routes {
    /** How many days ahead a schedule tells. */
    static final int NEXT = 10;

    private final Supplier<Packs> packs;
    private final PgKpis kpis;
    private final Clock clock;
    private final ZoneId zone;

    /** @param zone in which days begin */
    public KpiRoutes(Supplier<Packs> packs, PgKpis kpis, Clock clock, ZoneId zone) {
        this.packs = packs;
        this.kpis = kpis;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/kpis")
                .named("listKpis", "The packs' figures over a period, with the period before; null: nothing to count")
                .needs(Role.VIEWER)
                .query("from", Schema.time(), "30 days before \"to\" when not given; 1096 days at most")
                .query("to", Schema.time(), "now when not given")
                .answers(200, "figures", Schema.page(Schema.any()))
                .blocking(this::figures);
        api.get("/api/v1/schedules")
                .named("listSchedules", "Collections and inspections, with the next " + NEXT + " days of each")
                .needs(Role.VIEWER)
                .answers(200, "schedules", Schema.page(Schema.any()))
                .blocking(call -> schedules());
    }

    private Answer figures(Call call) {
        Instant to = call.query("to")
                .map(text -> TicketRoutes.Parameters.time("to", text))
                .orElseGet(clock::instant);
        Instant from = call.query("from")
                .map(text -> TicketRoutes.Parameters.time("from", text))
                .orElseGet(() -> to.minus(Period.DEFAULT));
        Period period;
        try {
            period = new Period(from, to);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_parameter", e.getMessage() + ".");
        }
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        packs.get().kpis().forEach(kpi -> items.add(json(kpi, period)));
        return Answer.json(json);
    }

    private ObjectNode json(Kpi kpi, Period period) {
        ObjectNode json = Json.object().put("id", kpi.id()).put("pack", kpi.pack());
        json.set("title", TraceJson.texts(kpi.title()));
        json.put("unit", kpi.unit());
        put(json, "value", kpis.value(kpi.measure(), period));
        put(json, "previous", kpis.value(kpi.measure(), period.previous()));
        json.put("target", kpi.target().orElse(null)).put("better", kpi.better().wire());
        json.putObject("period")
                .put("from", period.from().toString())
                .put("to", period.to().toString());
        json.put("rows", rows(kpi.measure(), period).orElse(null));
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        if (value.isPresent()) {
            json.put(name, value.getAsDouble());
        } else {
            json.putNull(name);
        }
    }

    /** Where the tickets behind a figure are; for figures by due date or end it is those opened in the period. */
    private static Optional<String> rows(Measure measure, Period period) {
        if (!(measure instanceof Measure.OfTickets tickets)) {
            return Optional.empty();
        }
        String services = tickets.services().isEmpty()
                ? ""
                : "service=" + String.join(",", new TreeSet<>(tickets.services())) + "&";
        return Optional.of(
                "/api/v1/tickets?" + services + "opened_from=" + period.from() + "&opened_to=" + period.to());
    }

    private Answer schedules() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        for (Schedule schedule : packs.get().schedules()) {
            ObjectNode item = items.addObject().put("id", schedule.id()).put("pack", schedule.pack());
            item.set("title", TraceJson.texts(schedule.title()));
            item.put("layer", schedule.layer())
                    .put("filter", schedule.filter().orElse(null))
                    .put("kind", schedule.rhythm().kind());
            ArrayNode next = item.putArray("next");
            schedule.next(today, NEXT).forEach(day -> next.add(day.toString()));
        }
        return Answer.json(json);
    }
}
