package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.commands.CommandException;
import city.canopy.core.commands.CommandSpec;
import city.canopy.core.commands.CommandWish;
import city.canopy.core.commands.Commands;
import city.canopy.core.commands.IssuedCommand;
import city.canopy.core.registry.DeviceRow;
import city.canopy.core.registry.Registry;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What devices are asked to do, and what became of it. */
public final class CommandRoutes implements Routes {
    private final Commands commands;
    private final Registry registry;
    private final ActorNames names;
    private final Audit audit;

    public CommandRoutes(Commands commands, Registry registry, ActorNames names, Audit audit) {
        this.commands = commands;
        this.registry = registry;
        this.names = names;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        ObjectNode command = schema();
        ObjectNode page = Schema.page(command);
        api.get("/api/v1/devices/{id}/commands")
                .named("listCommands", "A device's commands, the newest first")
                .needs(Role.VIEWER)
                .paged()
                .answers(200, "a page", page)
                .blocking(this::list);
        api.post("/api/v1/devices/{id}/commands")
                .named(
                        "giveCommand",
                        "Ask a device to do something; LwM2M operations as they are need an administrator")
                .needs(Role.DISPATCHER)
                .json(wishSchema())
                .answers(201, "the command", command)
                .blocking(this::give);
        api.get("/api/v1/devices/{id}/commands/{command}")
                .named("getCommand", "One command")
                .needs(Role.VIEWER)
                .answers(200, "the command", command)
                .blocking(call -> {
                    DeviceId device = device(call).device().id();
                    return Answer.json(json(attempt(() -> commands.get(device, call.path("command")))));
                });
        api.delete("/api/v1/devices/{id}/commands/{command}")
                .named("cancelCommand", "Take back a command that was not sent")
                .needs(Role.DISPATCHER)
                .answers(200, "the command, cancelled", command)
                .blocking(this::cancel);
        api.get("/api/v1/devices/{id}/offered-commands")
                .named("listOfferedCommands", "What a device can be asked to do, by its profile")
                .needs(Role.VIEWER)
                .answers(
                        200,
                        "the profile's commands; none where any name is passed through",
                        Schema.object("items", Schema.list(offeredSchema())))
                .blocking(this::offered);
    }

    private static ObjectNode schema() {
        return Schema.object(
                "id",
                Schema.text(),
                "device",
                Schema.text(),
                "rpc_request",
                Schema.text(),
                "command",
                Schema.text(),
                "parameters",
                Schema.any(),
                "lwm2m?",
                LwM2mWish.schema(),
                "created_by",
                Schema.text(),
                "created_by_name?",
                Schema.text(),
                "created_at",
                Schema.time(),
                "expires_at",
                Schema.time(),
                "state",
                Schema.oneOf("queued", "sent", "waiting", "done", "failed", "expired", "cancelled"),
                "detail",
                Schema.text(),
                "value?",
                Json.object(),
                "sent_at?",
                Schema.time(),
                "replied_at?",
                Schema.time(),
                "followed?",
                Schema.says(
                        Schema.object(
                                "state",
                                Schema.oneOf("waiting", "done", "failed", "replaced"),
                                "detail",
                                Schema.text(),
                                "at",
                                Schema.time()),
                        "what became of the write that follows (lwm2m.then): due and not done yet, done, given up, or another"
                                + " command took its place; by the gateway's clock"));
    }

    private static ObjectNode wishSchema() {
        return Schema.object(
                "command?",
                Schema.text(),
                "parameters?",
                Schema.any(),
                "lwm2m?",
                LwM2mWish.schema(),
                "expires_in?",
                Schema.says(Schema.text(), "ISO 8601, PT1S to P7D; PT1H when not given"));
    }

    private static ObjectNode offeredSchema() {
        ObjectNode parameter = Schema.object(
                "name",
                Schema.text(),
                "title",
                Schema.bilingual(),
                "min?",
                Schema.number(),
                "max?",
                Schema.number(),
                "default?",
                Json.object());
        return Schema.object("name", Schema.text(), "title", Schema.bilingual(), "parameters", Schema.list(parameter));
    }

    private Answer list(Call call) {
        DeviceId device = device(call).device().id();
        Paging paging = Paging.of(call);
        long before = paging.key().map(CommandRoutes::seq).orElse(Long.MAX_VALUE);
        List<IssuedCommand> rows = commands.list(device, before, paging.fetch());
        return Answer.json(paging.page(call, rows, this::json, row -> Long.toString(row.seq())));
    }

    private static long seq(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw Paging.badCursor();
        }
        return Long.parseLong(text);
    }

    private Answer give(Call call) {
        DeviceId device = device(call).device().id();
        JsonBody body = call.json();
        Duration expiresIn = body.has("expires_in") ? duration(body, "expires_in", "PT1H") : CommandWish.USUAL;
        Optional<JsonBody> raw = body.optionalObject("lwm2m");
        boolean named = body.has("command");
        if (named == raw.isPresent()) {
            throw ProblemException.unacceptable("bad_member", "Give one of \"command\" and \"lwm2m\".");
        }
        if (raw.isPresent() && !call.user().role().allows(Role.ADMINISTRATOR)) {
            throw new ProblemException(
                    403,
                    "forbidden",
                    "LwM2M operations as they are need an administrator; give a command by its name.");
        }
        IssuedCommand given = attempt(() -> {
            CommandWish wish = raw.isPresent()
                    ? LwM2mWish.read(raw.get(), expiresIn)
                    : new CommandWish.Named(body.text("command"), parameters(body), expiresIn);
            body.done();
            return commands.give(device, wish, call.actor());
        });
        audit.write(
                call.actor(),
                "command.give",
                device + " " + given.command().name() + " " + given.command().id());
        return Answer.created(
                "/api/v1/devices/" + device + "/commands/" + given.command().id(), json(given));
    }

    static Duration duration(JsonBody body, String name, String example) {
        try {
            return Duration.parse(body.text(name));
        } catch (DateTimeException e) {
            throw body.wrong(name, "a duration such as " + example);
        }
    }

    private static Map<String, Object> parameters(JsonBody body) {
        Map<String, Object> parameters = new HashMap<>();
        body.find("parameters").ifPresent(node -> {
            if (!node.isObject()) {
                throw body.wrong("parameters", "an object");
            }
            node.properties()
                    .forEach(each ->
                            parameters.put(each.getKey(), value(body, "parameters." + each.getKey(), each.getValue())));
        });
        return parameters;
    }

    /** A number, text or truth. */
    static Object value(JsonBody body, String name, JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        } else if (node.isNumber() && Double.isFinite(node.doubleValue())) {
            return node.doubleValue();
        } else if (node.isTextual()) {
            return node.textValue();
        }
        throw body.wrong(name, "a number, a text, true or false");
    }

    private Answer cancel(Call call) {
        DeviceId device = device(call).device().id();
        IssuedCommand cancelled = attempt(() -> commands.cancel(device, call.path("command")));
        audit.write(
                call.actor(),
                "command.cancel",
                device + " " + cancelled.command().id());
        return Answer.json(json(cancelled));
    }

    private Answer offered(Call call) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (CommandSpec spec : commands.offered(device(call).device().profile())) {
            ObjectNode item = items.addObject().put("name", spec.name());
            item.set("title", title(spec.title()));
            ArrayNode parameters = item.putArray("parameters");
            for (CommandSpec.Parameter parameter : spec.parameters()) {
                ObjectNode node = parameters.addObject().put("name", parameter.name());
                node.set("title", title(parameter.title()));
                parameter.min().ifPresent(min -> node.put("min", min));
                parameter.max().ifPresent(max -> node.put("max", max));
                parameter.otherwise().ifPresent(value -> node.putPOJO("default", value));
            }
        }
        return Answer.json(json);
    }

    private static ObjectNode title(CommandSpec.Title title) {
        return Json.object().put("vi", title.vi()).put("en", title.en());
    }

    private DeviceRow device(Call call) {
        String id = call.path("id");
        return (DeviceId.isValid(id) ? registry.find(new DeviceId(id)) : Optional.<DeviceRow>empty())
                .orElseThrow(() -> ProblemException.notFound("No device " + id + " is enrolled."));
    }

    /** Says a refusal as a problem. */
    private static <T> T attempt(Supplier<T> work) {
        try {
            return work.get();
        } catch (CommandException e) {
            throw switch (e.code()) {
                case "unknown" -> ProblemException.notFound(e.getMessage());
                case "too_many", "already_sent", "already_over", "disabled" ->
                    ProblemException.conflict(e.code(), e.getMessage());
                default -> ProblemException.unacceptable(e.code(), e.getMessage());
            };
        }
    }

    private ObjectNode json(IssuedCommand issued) {
        ObjectNode json = Json.object()
                .put("id", issued.command().id())
                .put("device", issued.command().device().value())
                .put("rpc_request", issued.rpc())
                .put("command", issued.command().name());
        ObjectNode parameters = json.putObject("parameters");
        issued.command().parameters().forEach(parameters::putPOJO);
        issued.command().lwm2m().ifPresent(lwm2m -> json.set("lwm2m", CommandJson.json(lwm2m)));
        json.put("created_by", issued.createdBy());
        names.of(issued.createdBy()).ifPresent(name -> json.put("created_by_name", name));
        json.put("created_at", issued.createdAt().toString())
                .put("expires_at", issued.command().expiresAt().toString())
                .put("state", issued.state().wire())
                .put("detail", issued.detail());
        issued.value().ifPresent(value -> json.set("value", Json.read(value.getBytes(StandardCharsets.UTF_8))));
        issued.times().sentAt().ifPresent(at -> json.put("sent_at", at.toString()));
        issued.times().repliedAt().ifPresent(at -> json.put("replied_at", at.toString()));
        issued.followed()
                .ifPresent(followed -> json.putObject("followed")
                        .put("state", followed.state().wire())
                        .put("detail", followed.detail())
                        .put("at", followed.at().toString()));
        return json;
    }
}
