package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.announce.webhook.Delivery;
import city.canopy.core.announce.webhook.OutboundRules;
import city.canopy.core.announce.webhook.Webhook;
import city.canopy.core.announce.webhook.Webhooks;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Webhooks and what became of their deliveries; for administrators. */
public final class WebhookRoutes implements Routes {
    private static final int MAX_KINDS = 20;
    private static final Pattern KIND = Pattern.compile("[a-z_]{1,40}(\\.[a-z_]{1,40})?");

    private final Webhooks webhooks;
    private final OutboundRules outbound;
    private final Audit audit;

    public WebhookRoutes(Webhooks webhooks, OutboundRules outbound, Audit audit) {
        this.webhooks = webhooks;
        this.outbound = outbound;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        ObjectNode wish =
                Schema.object("url", Schema.text(), "kinds?", Schema.list(Schema.text()), "paused?", Schema.flag());
        api.get("/api/v1/webhooks")
                .named("listWebhooks", "Who is told of events")
                .needs(Role.ADMINISTRATOR)
                .answers(200, "webhooks", Schema.page(Schema.any()))
                .blocking(call -> list());
        api.post("/api/v1/webhooks")
                .named("createWebhook", "Tell an address of events; the secret for checking signatures is shown once")
                .needs(Role.ADMINISTRATOR)
                .json(wish)
                .answers(201, "the webhook with its secret", Schema.any())
                .blocking(this::create);
        api.patch("/api/v1/webhooks/{id}")
                .named("changeWebhook", "Another address, other kinds, pause or go on")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.optional(wish))
                .answers(200, "the webhook", Schema.any())
                .blocking(this::change);
        api.delete("/api/v1/webhooks/{id}")
                .named("removeWebhook", "Tell it no more")
                .needs(Role.ADMINISTRATOR)
                .answers(204, "removed", null)
                .blocking(this::remove);
        api.get("/api/v1/webhooks/{id}/deliveries")
                .named("listDeliveries", "Deliveries, the newest first; the dead ones are the dead-letter list")
                .needs(Role.ADMINISTRATOR)
                .query("dead", Schema.flag(), "only those that were given up")
                .paged()
                .answers(200, "a page", Schema.page(Schema.any()))
                .blocking(this::deliveries);
        api.post("/api/v1/webhooks/{id}/deliveries/{delivery}/replay")
                .named("replayDelivery", "Try a dead delivery again")
                .needs(Role.ADMINISTRATOR)
                .answers(204, "it is tried again", null)
                .blocking(this::replay);
        api.post("/api/v1/webhooks/{id}/replay")
                .named("replayDeliveries", "Try all dead deliveries again")
                .needs(Role.ADMINISTRATOR)
                .answers(200, "how many", Schema.object("replayed", Schema.integer()))
                .blocking(this::replayAll);
    }

    private Answer list() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        webhooks.list().forEach(webhook -> items.add(json(webhook)));
        return Answer.json(json);
    }

    private Answer create(Call call) {
        JsonBody body = call.json();
        URI url = url(body, body.text("url"));
        List<String> kinds = kinds(body).orElse(List.of());
        body.done();
        Webhooks.Created created = webhooks.create(url, kinds)
                .orElseThrow(() -> ProblemException.conflict("too_many", "There can be " + Webhook.MAX + " webhooks."));
        audit.write(call.actor(), "webhook.create", created.webhook().id());
        return Answer.created(
                "/api/v1/webhooks/" + created.webhook().id(),
                json(created.webhook()).put("secret", created.secret()));
    }

    private Answer change(Call call) {
        JsonBody body = call.json();
        Optional<URI> url = body.optionalText("url").map(text -> url(body, text));
        Optional<List<String>> kinds = kinds(body);
        Optional<Boolean> paused = body.optionalFlag("paused");
        body.done();
        Webhook changed = webhooks.change(call.path("id"), url.orElse(null), kinds.orElse(null), paused.orElse(null))
                .orElseThrow(WebhookRoutes::unknown);
        audit.write(call.actor(), "webhook.change", changed.id());
        return Answer.json(json(changed));
    }

    private Answer remove(Call call) {
        if (!webhooks.remove(call.path("id"))) {
            throw unknown();
        }
        audit.write(call.actor(), "webhook.remove", call.path("id"));
        return Answer.none();
    }

    private Answer deliveries(Call call) {
        webhooks.find(call.path("id")).orElseThrow(WebhookRoutes::unknown);
        Paging paging = Paging.of(call);
        Long before = paging.key().map(WebhookRoutes::number).orElse(null);
        List<Delivery> rows = webhooks.deliveries(call.path("id"), call.flag("dead"), before, paging.fetch());
        return Answer.json(paging.page(call, rows, WebhookRoutes::json, row -> Long.toString(row.seq())));
    }

    private Answer replay(Call call) {
        if (!webhooks.replay(call.path("id"), number(call.path("delivery")))) {
            throw ProblemException.notFound("There is no dead delivery with this id.");
        }
        return Answer.none();
    }

    private Answer replayAll(Call call) {
        webhooks.find(call.path("id")).orElseThrow(WebhookRoutes::unknown);
        return Answer.json(Json.object().put("replayed", webhooks.replayAll(call.path("id"))));
    }

    private static long number(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw Paging.badCursor();
        }
        return Long.parseLong(text);
    }

    private URI url(JsonBody body, String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw body.wrong("url", "an http or https address");
        }
        outbound.refuses(url).or(() -> outbound.refusesHost(url)).ifPresent(why -> {
            throw ProblemException.unacceptable("forbidden_address", "The webhook cannot be: " + why + ".");
        });
        return url;
    }

    private static Optional<List<String>> kinds(JsonBody body) {
        return body.find("kinds").map(node -> {
            if (!node.isArray() || node.size() > MAX_KINDS) {
                throw body.wrong("kinds", "a list of at most " + MAX_KINDS + " kinds");
            }
            List<String> kinds = new ArrayList<>();
            for (JsonNode kind : node) {
                if (!kind.isTextual() || !KIND.matcher(kind.textValue()).matches()) {
                    throw body.wrong("kinds", "a list of kinds such as ticket or ticket.opened");
                }
                kinds.add(kind.textValue());
            }
            return kinds;
        });
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("There is no webhook with this id.");
    }

    private static ObjectNode json(Webhook webhook) {
        ObjectNode json =
                Json.object().put("id", webhook.id()).put("url", webhook.url().toString());
        ArrayNode kinds = json.putArray("kinds");
        webhook.kinds().forEach(kinds::add);
        return json.put("paused", webhook.paused())
                .put("created_at", webhook.createdAt().toString())
                .put("waiting", webhook.waiting())
                .put("dead", webhook.dead());
    }

    private static ObjectNode json(Delivery delivery) {
        return Json.object()
                .put("id", Long.toString(delivery.id()))
                .put("seq", delivery.seq())
                .put("kind", delivery.kind())
                .put("attempts", delivery.attempts())
                .put("delivered_at", text(delivery.deliveredAt()))
                .put("dead_at", text(delivery.deadAt()))
                .put("next_at", text(delivery.nextAt()))
                .put("last_error", delivery.lastError());
    }

    private static String text(Object time) {
        return time == null ? null : time.toString();
    }
}
