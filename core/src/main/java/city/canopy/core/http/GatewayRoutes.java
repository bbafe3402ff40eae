package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.gateways.Gateway;
import city.canopy.core.gateways.GatewayException;
import city.canopy.core.gateways.Gateways;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Edge gateways: making them, their one-time tokens, and how they stand. */
public final class GatewayRoutes implements Routes {
    private final Gateways gateways;
    private final Supplier<Map<DeviceId, Integer>> tooLarge;
    private final Audit audit;
    private final Clock clock;

    /** @param tooLarge the gateways whose configuration is more than can be sent, with its bytes */
    public GatewayRoutes(Gateways gateways, Supplier<Map<DeviceId, Integer>> tooLarge, Audit audit, Clock clock) {
        this.gateways = gateways;
        this.tooLarge = tooLarge;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public void mount(Api api) {
        ObjectNode gateway = schema();
        api.get("/api/v1/gateways")
                .named("listGateways", "Edge gateways by id")
                .needs(Role.VIEWER)
                .paged()
                .answers(200, "a page", Schema.page(gateway))
                .blocking(this::list);
        api.post("/api/v1/gateways")
                .named("createGateway", "Make a gateway with its device; its one-time token is shown once")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.object("id", Schema.text(), "title", Schema.text()))
                .answers(201, "the gateway with its token", gateway)
                .blocking(this::create);
        api.get("/api/v1/gateways/{id}")
                .named("getGateway", "One gateway")
                .needs(Role.VIEWER)
                .answers(200, "the gateway", gateway)
                .blocking(call -> Answer.json(json(get(call))));
        api.patch("/api/v1/gateways/{id}")
                .named("changeGateway", "Give it another title, or take it out of service")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.object("title?", Schema.text(), "disabled?", Schema.flag()))
                .answers(200, "the gateway", gateway)
                .blocking(this::change);
        api.delete("/api/v1/gateways/{id}")
                .named("removeGateway", "Remove a gateway that nothing is behind")
                .needs(Role.ADMINISTRATOR)
                .answers(204, "removed", null)
                .blocking(this::remove);
        api.post("/api/v1/gateways/{id}/token")
                .named("renewGatewayToken", "Another one-time token; one that was not used is void")
                .needs(Role.ADMINISTRATOR)
                .forgetsKeys()
                .answers(201, "the token", Schema.object("token", Schema.text(), "token_expires_at", Schema.time()))
                .blocking(this::renewToken);
        api.delete("/api/v1/gateways/{id}/certificate")
                .named(
                        "revokeGatewayCertificate",
                        "Refuse its certificates from now on; a new token lets it enrol again")
                .needs(Role.ADMINISTRATOR)
                .answers(204, "revoked", null)
                .blocking(this::revoke);
    }

    private static ObjectNode schema() {
        ObjectNode store = Schema.object("store", Schema.text(), "seq", Schema.integer(), "updated_at", Schema.time());
        return Schema.object(
                "id",
                Schema.text(),
                "title",
                Schema.text(),
                "created_at",
                Schema.time(),
                "disabled",
                Schema.flag(),
                "enrolled",
                Schema.flag(),
                "certificate_ends_at?",
                Schema.time(),
                "token_ends_at?",
                Schema.time(),
                "online?",
                Schema.flag(),
                "last_heard_at?",
                Schema.time(),
                "waiting?",
                Schema.says(Schema.integer(), "messages that waited in it when it last said so, once a minute"),
                "stores",
                Schema.list(store),
                "config_version",
                Schema.integer(),
                "config_made_at?",
                Schema.time(),
                "config_acknowledged?",
                Schema.integer(),
                "config_too_large?",
                Schema.says(
                        Schema.integer(),
                        "the bytes of what it is not told, as there is more than can be sent; it goes on with what it knows"),
                "devices",
                Schema.integer(),
                "token?",
                Schema.text(),
                "token_expires_at?",
                Schema.time());
    }

    private Answer list(Call call) {
        Paging paging = Paging.of(call);
        List<Gateway> rows = gateways.list(paging.key().orElse(""), paging.fetch());
        return Answer.json(paging.page(call, rows, this::json, row -> row.id().value()));
    }

    private Answer create(Call call) {
        JsonBody body = call.json();
        String text = body.text("id");
        String title = body.text("title");
        body.done();
        if (!DeviceId.isValid(text)) {
            throw body.wrong("id", "1 to 64 of letters, digits, '.', '_', ':' and '-'");
        }
        DeviceId id = new DeviceId(text);
        Gateways.Token token = DeviceRoutes.attempt(() -> attempt(() -> gateways.create(id, title)));
        audit.write(call.actor(), "gateway.create", text);
        return Answer.created(
                "/api/v1/gateways/" + text, told(json(gateways.find(id).orElseThrow()), token));
    }

    private Answer change(Call call) {
        Gateway gateway = get(call);
        JsonBody body = call.json();
        String title = body.optionalText("title").orElse(gateway.title());
        boolean disabled = body.optionalFlag("disabled").orElse(gateway.disabled());
        body.done();
        attempt(() -> {
            gateways.update(gateway.id(), title, disabled);
            return null;
        });
        audit.write(call.actor(), "gateway.change", gateway.id().value());
        return Answer.json(json(get(call)));
    }

    private Answer remove(Call call) {
        DeviceId id = get(call).id();
        DeviceRoutes.attempt(() -> {
            gateways.remove(id);
            return null;
        });
        audit.write(call.actor(), "gateway.remove", id.value());
        return Answer.none();
    }

    private Answer renewToken(Call call) {
        DeviceId id = get(call).id();
        Gateways.Token token = gateways.renewToken(id);
        audit.write(call.actor(), "gateway.token", id.value());
        return Answer.json(201, told(Json.object(), token));
    }

    private Answer revoke(Call call) {
        DeviceId id = get(call).id();
        gateways.revoke(id);
        audit.write(call.actor(), "gateway.revoke", id.value());
        return Answer.none();
    }

    private static ObjectNode told(ObjectNode json, Gateways.Token token) {
        return json.put("token", token.value())
                .put("token_expires_at", token.expiresAt().toString());
    }

    private Gateway get(Call call) {
        String id = call.path("id");
        return (DeviceId.isValid(id) ? gateways.find(new DeviceId(id)) : Optional.<Gateway>empty())
                .orElseThrow(() -> ProblemException.notFound("There is no gateway " + id + "."));
    }

    /** Says a refusal as a problem. */
    static <T> T attempt(Supplier<T> work) {
        try {
            return work.get();
        } catch (GatewayException e) {
            throw switch (e.code()) {
                case "wrong_token", "wrong_proof" -> new ProblemException(401, e.code(), e.getMessage());
                case "too_many" -> ProblemException.conflict(e.code(), e.getMessage());
                default -> ProblemException.unacceptable(e.code(), e.getMessage());
            };
        } catch (Gateways.WaitException e) {
            throw ProblemException.tooMany("Too many failed enrolments. Wait, then try again.", e.waitFor());
        }
    }

    private ObjectNode json(Gateway gateway) {
        ObjectNode json = Json.object()
                .put("id", gateway.id().value())
                .put("title", gateway.title())
                .put("created_at", gateway.createdAt().toString())
                .put("disabled", gateway.disabled())
                .put(
                        "enrolled",
                        gateway.enrolled()
                                .certificateEndsAt()
                                .filter(end -> end.isAfter(clock.instant()))
                                .isPresent());
        gateway.enrolled().certificateEndsAt().ifPresent(at -> json.put("certificate_ends_at", at.toString()));
        gateway.enrolled().tokenEndsAt().ifPresent(at -> json.put("token_ends_at", at.toString()));
        gateway.seen().online().ifPresent(online -> json.put("online", online));
        gateway.seen().heardAt().ifPresent(at -> json.put("last_heard_at", at.toString()));
        gateway.seen().waiting().ifPresent(waiting -> json.put("waiting", waiting));
        ArrayNode stores = json.putArray("stores");
        gateway.seen()
                .stores()
                .forEach(store -> stores.addObject()
                        .put("store", store.id())
                        .put("seq", store.seq())
                        .put("updated_at", store.updatedAt().toString()));
        json.put("config_version", gateway.configured().version());
        gateway.configured().at().ifPresent(at -> json.put("config_made_at", at.toString()));
        gateway.configured().acknowledged().ifPresent(version -> json.put("config_acknowledged", version));
        Optional.ofNullable(tooLarge.get().get(gateway.id())).ifPresent(bytes -> json.put("config_too_large", bytes));
        return json.put("devices", gateway.devices());
    }
}
