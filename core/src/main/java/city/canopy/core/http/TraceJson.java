package city.canopy.core.http;

import city.canopy.core.packs.Packs;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.rules.RuleSentence;
import city.canopy.core.rules.SeenSentence;
import city.canopy.core.series.RawFrame;
import city.canopy.core.series.SeriesQuery;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.TicketEvent;
import city.canopy.core.tickets.TicketId;
import city.canopy.core.tickets.TicketTrace;
import city.canopy.core.tickets.Witness;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The chain from a ticket back to the raw frames, as JSON. */
public final class TraceJson {
    private final PgTicketStore tickets;
    private final SeriesQuery series;
    private final Supplier<RuleBook> rules;
    private final Supplier<Packs> packs;

    public TraceJson(PgTicketStore tickets, SeriesQuery series, Supplier<RuleBook> rules, Supplier<Packs> packs) {
        this.tickets = tickets;
        this.series = series;
        this.rules = rules;
        this.packs = packs;
    }

    /** The chain of a ticket; empty when there is no such ticket. */
    Optional<ObjectNode> of(TicketId id) {
        return tickets.trace(id).map(this::json);
    }

    private ObjectNode json(TicketTrace trace) {
        ObjectNode json = Json.object().put("ticket", trace.ticket().id().value());
        ArrayNode steps = json.putArray("witnesses");
        trace.steps().forEach(step -> steps.add(step(step)));
        json.set("events", events(trace.ticket().id()));
        return json;
    }

    private ObjectNode step(TicketTrace.Step step) {
        Witness witness = step.witness();
        ObjectNode json = Json.object()
                .put("kind", witness.kind().wire())
                .put("at", witness.at().toString())
                .put("ref", witness.ref());
        witness.cleared().ifPresent(at -> json.put("cleared_at", at.toString()));
        witness.sensed().ifPresent(sensed -> {
            ObjectNode rule = json.putObject("rule").put("id", sensed.rule()).put("version", sensed.version());
            step.ruleText().ifPresent(text -> rule.put("text", text));
            rules.get().find(sensed.rule()).ifPresent(known -> {
                rule.set("sentence", texts(new RuleSentence(packs.get().vocabulary()).of(known)));
                // The rule of today may no longer be the one that judged; its text above is.
                Map<String, String> saw = new SeenSentence(packs.get().vocabulary()).of(known, sensed.seen());
                if (known.head().version() == sensed.version() && !saw.isEmpty()) {
                    rule.set("saw", texts(saw));
                }
            });
            ObjectNode seen = rule.putObject("seen");
            sensed.seen().forEach((name, value) -> seen.putPOJO(name, value));
            ObjectNode reading = json.putObject("reading");
            step.quantity().ifPresent(quantity -> reading.put("quantity", quantity));
            sensed.value().ifPresent(value -> reading.put("value", value));
            step.unit().ifPresent(unit -> reading.put("unit", unit));
            reading.put("measured_at", sensed.measuredAt().toString());
            if (sensed.datastream() != 0) {
                reading.put("datastream", Long.toString(sensed.datastream()));
            }
            reading.put("device", witness.ref());
            if (sensed.frame() != 0) {
                json.set("frame", frame(sensed.frame()));
            }
        });
        return json;
    }

    /** A raw frame, or that its retention is over. */
    ObjectNode frame(long id) {
        ObjectNode json = Json.object().put("id", Long.toString(id));
        Optional<RawFrame> frame = series.frame(id);
        if (frame.isEmpty()) {
            return json.put("gone", true);
        }
        json.put("device", frame.get().device())
                .put("topic", frame.get().topic())
                .put("content_type", frame.get().contentType())
                .put("received_at", instant(frame.get().receivedAtMicros()).toString())
                .put(
                        "payload_base64",
                        Base64.getEncoder().encodeToString(frame.get().payload()));
        return json;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    /** The ticket's history. */
    ArrayNode events(TicketId id) {
        ArrayNode list = Json.array();
        for (TicketEvent event : tickets.events(id)) {
            ObjectNode detail = list.addObject()
                    .put("at", event.at().toString())
                    .put("actor", event.actor())
                    .put("kind", event.kind())
                    .putObject("detail");
            event.detail().forEach(detail::putPOJO);
        }
        return list;
    }

    static ObjectNode texts(Map<String, String> texts) {
        ObjectNode json = Json.object();
        json.put("vi", texts.get("vi"));
        json.put("en", texts.get("en"));
        return json;
    }
}
