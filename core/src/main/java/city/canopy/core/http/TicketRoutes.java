package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.announce.Announcer;
import city.canopy.core.db.Database;
import city.canopy.core.photos.Photo;
import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import city.canopy.core.tickets.ActOutcome;
import city.canopy.core.tickets.NewTicket;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.Ticket;
import city.canopy.core.tickets.TicketChange;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketFilter;
import city.canopy.core.tickets.TicketId;
import city.canopy.core.tickets.TicketJson;
import city.canopy.core.tickets.TicketState;
import city.canopy.core.tickets.Witness;
import city.canopy.devices.model.Position;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;

/** Tickets: looking, acting, opening by hand, and the whole chain behind each. */
public final class TicketRoutes implements Routes {
    private final Database database;
    private final TicketDesk desk;
    private final PgTicketStore store;
    private final TraceJson traces;
    private final ActorNames actors;
    private final Announcer announcer;
    private final Clock clock;

    public TicketRoutes(
            Database database,
            TicketDesk desk,
            PgTicketStore store,
            TraceJson traces,
            ActorNames actors,
            Announcer announcer,
            Clock clock) {
        this.database = database;
        this.desk = desk;
        this.store = store;
        this.traces = traces;
        this.actors = actors;
        this.announcer = announcer;
        this.clock = clock;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/tickets")
                .named("listTickets", "Tickets, the newest first")
                .needs(Role.VIEWER)
                .query("status", Schema.text(), "one or more, separated by commas")
                .query("layer", Schema.text(), "about features of this layer")
                .query("feature", Schema.text(), "about this feature or device")
                .query("rule", Schema.text(), "opened by this rule")
                .query("service", Schema.text(), "calling for one of these services, separated by commas")
                .query("opened_from", Schema.time(), "opened at or after this")
                .query("opened_to", Schema.time(), "opened before this")
                .query("bbox", Schema.text(), "west,south,east,north in degrees")
                .query("updated_after", Schema.time(), "changed later than this")
                .paged()
                .answers(200, "a page", Schema.page(TicketSchema.ticket()))
                .blocking(this::list);
        api.post("/api/v1/tickets")
                .named("openTicket", "Open a ticket by hand")
                .needs(Role.DISPATCHER)
                .json(Schema.object(
                        "service",
                        Schema.text(),
                        "layer?",
                        Schema.text(),
                        "feature_id?",
                        Schema.text(),
                        "device?",
                        Schema.text(),
                        "position?",
                        Schema.position(),
                        "note?",
                        Schema.text(),
                        "priority?",
                        TicketSchema.priority(),
                        "title?",
                        Schema.bilingual(),
                        "comment?",
                        Schema.text()))
                .answers(201, "the ticket", TicketSchema.ticket())
                .blocking(this::open);
        api.get("/api/v1/tickets/{id}")
                .named("getTicket", "One ticket with its history")
                .needs(Role.VIEWER)
                .answers(200, "the ticket", TicketSchema.withHistory())
                .blocking(this::get);
        api.patch("/api/v1/tickets/{id}")
                .named(
                        "changeTicket",
                        "Move, merge, assign, prioritise or comment; If-Match guards against another's change")
                .needs(Role.DISPATCHER)
                .json(TicketChangeBody.schema())
                .answers(200, "the ticket", TicketSchema.ticket())
                .answers(409, "somebody else has changed it, or it cannot move so", Schema.any())
                .blocking(this::change);
        api.post("/api/v1/tickets/{id}/comments")
                .named("commentTicket", "Say something about a ticket")
                .needs(Role.DISPATCHER)
                .json(Schema.object("text", Schema.text()))
                .answers(201, "the ticket", TicketSchema.ticket())
                .blocking(this::comment);
        api.get("/api/v1/tickets/{id}/trace")
                .named("traceTicket", "The whole chain: witnesses, rules as they stood, readings, raw frames")
                .needs(Role.VIEWER)
                .answers(200, "the chain", Schema.any())
                .blocking(call -> Answer.json(traces.of(id(call)).orElseThrow(TicketRoutes::unknown)));
    }

    private Answer list(Call call) {
        Paging paging = Paging.of(call);
        Optional<TicketId> after = paging.key().map(key -> {
            if (!TicketId.isValid(key)) {
                throw Paging.badCursor();
            }
            return new TicketId(key);
        });
        PgTicketStore.Page page = store.list(filter(call), after, paging.limit());
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.entries().forEach(entry -> items.add(json(entry)));
        page.next().ifPresent(next -> json.put("next", paging.next(call, next.value())));
        return Answer.json(json);
    }

    private static TicketFilter filter(Call call) {
        Set<TicketState> statuses = new HashSet<>();
        call.query("status").ifPresent(text -> {
            for (String status : text.split(",")) {
                statuses.add(TicketState.find(status.strip())
                        .orElseThrow(() -> ProblemException.badRequest(
                                "bad_parameter", "There is no ticket status \"" + status + "\".")));
            }
        });
        return new TicketFilter(
                statuses,
                call.query("layer"),
                call.query("feature"),
                call.query("rule"),
                call.query("bbox").map(Parameters::bbox),
                call.query("updated_after").map(text -> Parameters.time("updated_after", text)),
                new TicketFilter.Opened(
                        call.query("service")
                                .map(text -> new HashSet<>(List.of(text.split(","))))
                                .orElseGet(HashSet::new),
                        call.query("opened_from").map(text -> Parameters.time("opened_from", text)),
                        call.query("opened_to").map(text -> Parameters.time("opened_to", text))));
    }

    private Answer get(Call call) {
        PgTicketStore.Entry entry = store.find(id(call)).orElseThrow(TicketRoutes::unknown);
        ObjectNode json = json(entry);
        json.set("events", actors.addTo(traces.events(entry.ticket().id())));
        ArrayNode merged = json.putArray("merged_from");
        store.mergedInto(entry.ticket().id()).forEach(id -> merged.add(id.value()));
        return Answer.json(json).with("etag", "\"" + entry.ticket().version() + "\"");
    }

    private Answer change(Call call) {
        return Answer.json(act(call, TicketChangeBody.read(call.json())));
    }

    private Answer comment(Call call) {
        JsonBody body = call.json();
        String text = body.text("text");
        body.done();
        try {
            return Answer.json(201, act(call, List.of(new TicketChange.Comment(text))));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_member", e.getMessage() + ".");
        }
    }

    /** All of the changes, in one transaction, or none. */
    private ObjectNode act(Call call, List<TicketChange> changes) {
        TicketId id = id(call);
        ObjectNode json = database.inTransaction(c -> {
            OptionalLong expected = expected(call);
            ObjectNode last = null;
            for (TicketChange change : changes) {
                last = done(desk.act(c, id, change, call.actor(), expected, clock.instant()));
                expected = OptionalLong.empty();
            }
            return last;
        });
        announcer.wake();
        return json;
    }

    private static OptionalLong expected(Call call) {
        Optional<String> tag = call.header("if-match").map(text -> text.replace("\"", ""));
        if (tag.isEmpty() || tag.get().equals("*")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(tag.get()));
        } catch (NumberFormatException e) {
            throw ProblemException.badRequest("bad_header", "If-Match holds the ETag that the ticket was read with.");
        }
    }

    private Answer open(Call call) {
        JsonBody body = call.json();
        Optional<String> device = body.optionalText("device");
        Optional<Position> position = body.find("position").map(node -> DeviceJson.position(body, node));
        Optional<String> layer = body.optionalText("layer");
        if ((device.isPresent() ? 1 : 0) + (position.isPresent() ? 1 : 0) + (layer.isPresent() ? 1 : 0) > 1) {
            throw ProblemException.unacceptable(
                    "bad_member",
                    "Give \"layer\" and \"feature_id\", or \"position\", or \"device\"; only one of them.");
        }
        Subject subject = device.map(id -> new Subject(Subject.DEVICE_LAYER, id))
                .or(() -> position.map(Subject::of))
                .orElseGet(() -> feature(body));
        Map<String, String> title = body.optionalObject("title")
                .map(texts -> Map.of("vi", texts.text("vi"), "en", texts.text("en")))
                .orElse(Map.of());
        NewTicket wish;
        try {
            wish = new NewTicket(
                    body.text("service"),
                    subject,
                    body.optionalText("priority")
                            .map(text -> Priority.find(text)
                                    .orElseThrow(() -> body.wrong("priority", "low, normal, high or urgent"))),
                    title,
                    note(body));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_member", e.getMessage() + ".");
        }
        body.done();
        ObjectNode json = database.inTransaction(c -> done(desk.open(c, wish, call.actor(), clock.instant())));
        announcer.wake();
        return Answer.created("/api/v1/tickets/" + json.get("id").asText(), json);
    }

    /** Names that begin with @ stand for what is no layer. */
    private static Subject feature(JsonBody body) {
        String layer = body.text("layer");
        if (layer.startsWith("@")) {
            throw body.wrong("layer", "the name of a layer");
        }
        return new Subject(layer, body.text("feature_id"));
    }

    private static Optional<String> note(JsonBody body) {
        Optional<String> note = body.optionalText("note");
        Optional<String> comment = body.optionalText("comment");
        if (note.isPresent() && comment.isPresent()) {
            throw ProblemException.unacceptable("bad_member", "\"note\" and \"comment\" are the same; give one.");
        }
        return note.or(() -> comment);
    }

    static ObjectNode done(ActOutcome outcome) {
        if (outcome instanceof ActOutcome.Done done) {
            return json(done.ticket(), done.witnesses(), done.photos());
        } else if (outcome instanceof ActOutcome.AlreadyOpen open) {
            throw ProblemException.conflict(
                    "already_open", "The ticket " + open.ticket().id() + " is open for this already; add to that one.");
        } else if (outcome instanceof ActOutcome.Stale stale) {
            throw ProblemException.conflict(
                    "changed_meanwhile",
                    "Somebody else has changed the ticket (version " + stale.version() + "). Look at it again.");
        } else if (outcome instanceof ActOutcome.Refused refused) {
            throw refused.code().equals("move_not_allowed")
                    ? ProblemException.conflict(refused.code(), refused.detail())
                    : ProblemException.unacceptable(refused.code(), refused.detail());
        }
        throw unknown();
    }

    static ObjectNode json(PgTicketStore.Entry entry) {
        return json(entry.ticket(), entry.witnesses(), entry.photos());
    }

    private static ObjectNode json(Ticket ticket, List<Witness> witnesses, List<Photo> photos) {
        return (ObjectNode)
                Json.read(TicketJson.write(ticket, witnesses, photos).getBytes(StandardCharsets.UTF_8));
    }

    static TicketId id(Call call) {
        if (!TicketId.isValid(call.path("id"))) {
            throw unknown();
        }
        return new TicketId(call.path("id"));
    }

    static ProblemException unknown() {
        return ProblemException.notFound("There is no ticket with this id.");
    }

    /** Query parameters that several operations know. */
    static final class Parameters {
        private Parameters() {}

        static Envelope bbox(String text) {
            String[] parts = text.split(",");
            try {
                if (parts.length == 4) {
                    Envelope box = new Envelope(
                            Double.parseDouble(parts[0]),
                            Double.parseDouble(parts[2]),
                            Double.parseDouble(parts[1]),
                            Double.parseDouble(parts[3]));
                    if (Double.isFinite(box.getArea())
                            && Math.abs(box.getMaxY()) <= 90
                            && Math.abs(box.getMinY()) <= 90) {
                        return box;
                    }
                }
            } catch (NumberFormatException e) {
                throw badBox();
            }
            throw badBox();
        }

        private static ProblemException badBox() {
            return ProblemException.badRequest("bad_parameter", "\"bbox\" is west,south,east,north in degrees.");
        }

        static Instant time(String name, String text) {
            try {
                return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            } catch (DateTimeException e) {
                throw ProblemException.badRequest(
                        "bad_parameter", "\"" + name + "\" is a time such as 2026-01-31T08:00:00Z.");
            }
        }
    }
}
