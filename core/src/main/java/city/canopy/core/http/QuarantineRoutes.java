package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.ingest.Quarantine;
import city.canopy.core.ingest.QuarantineRow;
import city.canopy.core.ingest.Replay;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Messages that were not taken: looking, and taking them again. */
public final class QuarantineRoutes implements Routes {
    private final Quarantine quarantine;
    private final Replay replay;

    public QuarantineRoutes(Quarantine quarantine, Replay replay) {
        this.quarantine = quarantine;
        this.replay = replay;
    }

    @Override
    public void mount(Api api) {
        ObjectNode row = Schema.object(
                "id",
                Schema.text(),
                "device",
                Schema.text(),
                "door",
                Schema.text(),
                "topic",
                Schema.text(),
                "content_type?",
                Schema.text(),
                "code",
                Schema.text(),
                "detail",
                Schema.text(),
                "received_at",
                Schema.time(),
                "last_received_at",
                Schema.time(),
                "times",
                Schema.integer(),
                "payload_base64",
                Schema.text(),
                "replayed_at?",
                Schema.time(),
                "outcome?",
                Schema.text());
        api.get("/api/v1/quarantine")
                .named("listQuarantine", "Messages that were not taken, the newest first")
                .needs(Role.VIEWER)
                .query("device", Schema.text(), "only of this device")
                .query("code", Schema.text(), "only for this reason")
                .paged()
                .answers(200, "a page", Schema.page(row))
                .blocking(this::list);
        api.get("/api/v1/quarantine/{id}")
                .named("getQuarantine", "One of them")
                .needs(Role.VIEWER)
                .answers(200, "the message", row)
                .blocking(call -> Answer.json(json(get(call))));
        api.post("/api/v1/quarantine/{id}/replay")
                .named("replayQuarantine", "Take it through the line once more")
                .needs(Role.DISPATCHER)
                .answers(200, "what became of it", row)
                .async(call -> api.blocking().run(() -> begin(call)).compose(Future::fromCompletionStage));
    }

    private Answer list(Call call) {
        Paging paging = Paging.of(call);
        long before = paging.key().map(QuarantineRoutes::number).orElse(Long.MAX_VALUE);
        List<QuarantineRow> rows = quarantine.list(call.query("device"), call.query("code"), before, paging.fetch());
        return Answer.json(paging.page(call, rows, QuarantineRoutes::json, row -> Long.toString(row.id())));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Paging.badCursor();
        }
    }

    private QuarantineRow get(Call call) {
        Optional<QuarantineRow> row = call.path("id").matches("\\d{1,18}")
                ? quarantine.find(Long.parseLong(call.path("id")))
                : Optional.empty();
        return row.orElseThrow(() -> ProblemException.notFound("There is no such row in quarantine."));
    }

    private CompletionStage<Answer> begin(Call call) {
        QuarantineRow row = get(call);
        CompletionStage<QuarantineRow> done = replay.replay(row.id())
                .orElseThrow(() -> ProblemException.conflict(
                        "already_replayed",
                        "This message has been taken since " + row.replayedAt().orElse(null) + "."));
        return done.thenApply(after -> Answer.json(json(after)));
    }

    private static ObjectNode json(QuarantineRow row) {
        ObjectNode json = Json.object()
                .put("id", Long.toString(row.id()))
                .put("device", row.device())
                .put("door", row.door())
                .put("topic", row.topic())
                .put("content_type", row.contentType())
                .put("code", row.code())
                .put("detail", row.detail())
                .put("received_at", row.receivedAt().toString())
                .put("last_received_at", row.lastReceivedAt().toString())
                .put("times", row.times())
                .put(
                        "payload_base64",
                        Base64.getEncoder().encodeToString(row.payload().bytes()));
        row.replayedAt().ifPresent(at -> json.put("replayed_at", at.toString()));
        row.outcome().ifPresent(outcome -> json.put("outcome", outcome));
        return json;
    }
}
