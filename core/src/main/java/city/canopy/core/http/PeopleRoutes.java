package city.canopy.core.http;

import city.canopy.core.access.ApiToken;
import city.canopy.core.access.People;
import city.canopy.core.access.Person;
import city.canopy.core.access.Role;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** People and API tokens; for administrators, but for the names that tickets are given to. */
public final class PeopleRoutes implements Routes {
    private final People people;
    private final Audit audit;

    public PeopleRoutes(People people, Audit audit) {
        this.people = people;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        ObjectNode person = Schema.object(
                "id",
                Schema.text(),
                "name",
                Schema.text(),
                "display_name",
                Schema.text(),
                "role",
                role(),
                "locale",
                Schema.oneOf("vi", "en"),
                "disabled",
                Schema.flag(),
                "created_at",
                Schema.time());
        api.get("/api/v1/users")
                .named("listUsers", "Everybody who may log in")
                .needs(Role.ADMINISTRATOR)
                .answers(200, "people by name", Schema.page(person))
                .blocking(call -> list());
        api.get("/api/v1/assignees")
                .named("listAssignees", "People whom a ticket can be given to, by their names alone")
                .needs(Role.DISPATCHER)
                .answers(
                        200,
                        "names, by name",
                        Schema.page(Schema.object("name", Schema.text(), "display_name", Schema.text())))
                .blocking(call -> assignees());
        api.post("/api/v1/users")
                .named("createUser", "Add somebody")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.object(
                        "name",
                        Schema.text(),
                        "display_name?",
                        Schema.text(),
                        "role",
                        role(),
                        "locale?",
                        Schema.oneOf("vi", "en"),
                        "password",
                        Schema.text()))
                .answers(201, "the new person", person)
                .blocking(this::create);
        api.patch("/api/v1/users/{id}")
                .named("changeUser", "Change somebody's name, role, language or password, or disable them")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.object(
                        "display_name?",
                        Schema.text(),
                        "role?",
                        role(),
                        "locale?",
                        Schema.oneOf("vi", "en"),
                        "disabled?",
                        Schema.flag(),
                        "password?",
                        Schema.text()))
                .answers(200, "the person", person)
                .blocking(this::change);
        ObjectNode token = Schema.object(
                "id",
                Schema.text(),
                "name",
                Schema.text(),
                "role",
                role(),
                "bootstrap",
                Schema.flag(),
                "created_at",
                Schema.time(),
                "token?",
                Schema.says(Schema.text(), "the secret, once"));
        api.get("/api/v1/tokens")
                .named("listTokens", "API tokens that are valid, without their secrets")
                .needs(Role.ADMINISTRATOR)
                .answers(200, "tokens", Schema.page(token))
                .blocking(call -> tokens());
        api.post("/api/v1/tokens")
                .named("createToken", "Issue an API token; its secret is shown once")
                .needs(Role.ADMINISTRATOR)
                .json(Schema.object("name", Schema.text(), "role", role()))
                .answers(201, "the token with its secret", token)
                .blocking(this::issue);
        api.delete("/api/v1/tokens/{id}")
                .named("revokeToken", "Revoke an API token")
                .needs(Role.ADMINISTRATOR)
                .answers(204, "revoked", null)
                .blocking(this::revoke);
    }

    private static ObjectNode role() {
        return Schema.oneOf("viewer", "dispatcher", "administrator");
    }

    private Answer list() {
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        people.list().forEach(person -> items.add(json(person)));
        return Answer.json(page);
    }

    private Answer assignees() {
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        people.list().stream()
                .filter(person -> !person.disabled())
                .forEach(person ->
                        items.addObject().put("name", person.name()).put("display_name", person.displayName()));
        return Answer.json(page);
    }

    private Answer create(Call call) {
        JsonBody body = call.json();
        String name = body.text("name");
        String display = body.optionalText("display_name").orElse(name);
        Role role = role(body, body.text("role"));
        String locale = locale(body, "vi");
        String password = body.text("password");
        body.done();
        try {
            Person person = people.create(name, display, role, locale, password);
            audit.write(call.actor(), "user.create", name);
            return Answer.created("/api/v1/users/" + person.id(), json(person));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_user", e.getMessage() + ".");
        }
    }

    private Answer change(Call call) {
        Person before = people.find(call.path("id"))
                .orElseThrow(() -> ProblemException.notFound("There is nobody with this id."));
        JsonBody body = call.json();
        Role role = body.optionalText("role").map(text -> role(body, text)).orElse(before.role());
        Person after = new Person(
                before.id(),
                before.name(),
                body.optionalText("display_name").orElse(before.displayName()),
                role,
                locale(body, before.locale()),
                body.optionalFlag("disabled").orElse(before.disabled()),
                before.createdAt());
        var password = body.optionalText("password");
        body.done();
        if (before.id().equals(call.user().id()) && (after.disabled() || after.role() != before.role())) {
            throw ProblemException.conflict("oneself", "One cannot disable oneself or change one's own role.");
        }
        people.update(after);
        try {
            password.ifPresent(text -> people.changePassword(after.id(), text));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_password", e.getMessage() + ".");
        }
        audit.write(call.actor(), "user.change", after.name());
        return Answer.json(json(after));
    }

    private static Role role(JsonBody body, String text) {
        return Role.find(text).orElseThrow(() -> body.wrong("role", "viewer, dispatcher or administrator"));
    }

    private static String locale(JsonBody body, String otherwise) {
        String locale = body.optionalText("locale").orElse(otherwise);
        if (!locale.equals("vi") && !locale.equals("en")) {
            throw body.wrong("locale", "vi or en");
        }
        return locale;
    }

    private static ObjectNode json(Person person) {
        ObjectNode json = Json.object().put("id", person.id());
        json.setAll(SessionRoutes.json(person));
        return json.put("disabled", person.disabled())
                .put("created_at", person.createdAt().toString());
    }

    private Answer tokens() {
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        people.tokens().forEach(token -> items.add(json(token)));
        return Answer.json(page);
    }

    private Answer issue(Call call) {
        JsonBody body = call.json();
        String name = body.text("name");
        Role role = role(body, body.text("role"));
        body.done();
        if (name.isBlank() || name.length() > 100) {
            throw body.wrong("name", "1 to 100 characters");
        }
        Map.Entry<ApiToken, String> issued = people.issueToken(name, role);
        audit.write(call.actor(), "token.issue", issued.getKey().id());
        return Answer.json(201, json(issued.getKey()).put("token", issued.getValue()));
    }

    private Answer revoke(Call call) {
        if (!people.revokeToken(call.path("id"))) {
            throw ProblemException.notFound("There is no valid token with this id.");
        }
        audit.write(call.actor(), "token.revoke", call.path("id"));
        return Answer.none();
    }

    private static ObjectNode json(ApiToken token) {
        return Json.object()
                .put("id", token.id())
                .put("name", token.name())
                .put("role", token.role().wire())
                .put("bootstrap", token.isBootstrap())
                .put("created_at", token.createdAt().toString());
    }
}
