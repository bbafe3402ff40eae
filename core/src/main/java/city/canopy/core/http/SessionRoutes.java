package city.canopy.core.http;

import city.canopy.core.access.People;
import city.canopy.core.access.Person;
import city.canopy.core.access.Principal;
import city.canopy.core.access.Role;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Logging in and out, and who one is. */
public final class SessionRoutes implements Routes {
    private final People people;
    private final Audit audit;

    public SessionRoutes(People people, Audit audit) {
        this.people = people;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        api.post("/api/v1/session")
                .named("logIn", "Log in; the session is a cookie")
                .open()
                .json(Schema.object("name", Schema.text(), "password", Schema.text()))
                .forgetsKeys()
                .answers(200, "who one is now", schema())
                .blocking(this::logIn);
        api.get("/api/v1/session")
                .named("getSession", "Who one is")
                .needs(Role.VIEWER)
                .answers(200, "who one is", schema())
                .blocking(call -> Answer.json(who(call.user())));
        api.delete("/api/v1/session")
                .named("logOut", "Log out")
                .needs(Role.VIEWER)
                .forgetsKeys()
                .answers(204, "logged out", null)
                .blocking(this::logOut);
        api.put("/api/v1/session/password")
                .named("changePassword", "Change one's own password; all one's sessions end")
                .needs(Role.VIEWER)
                .json(Schema.object("old", Schema.text(), "new", Schema.text()))
                .forgetsKeys()
                .answers(204, "changed", null)
                .blocking(this::changePassword);
    }

    private static ObjectNode schema() {
        return Schema.object(
                "name", Schema.text(), "display_name", Schema.text(), "role", Schema.text(), "locale", Schema.text());
    }

    private Answer logIn(Call call) {
        JsonBody body = call.json();
        String name = body.text("name");
        String password = body.text("password");
        body.done();
        People.Begun begun = check(name, password, call.origin().address());
        audit.write(
                "user:" + begun.person().id(), "session.begin", begun.person().name());
        return Answer.json(json(begun.person()))
                .with(
                        "set-cookie",
                        SessionCookie.begin(begun.cookie(), call.origin().secure(), People.LONGEST));
    }

    private People.Begun check(String name, String password, String address) {
        try {
            return people.logIn(name, password, address);
        } catch (People.RefusedException e) {
            if (e.waitFor().isPresent()) {
                throw ProblemException.tooMany(
                        "Too many failed log-ins. Wait, then try again.",
                        e.waitFor().get());
            }
            throw new ProblemException(401, "wrong_credentials", "The name or the password is wrong.");
        }
    }

    private Answer logOut(Call call) {
        call.header("cookie")
                .flatMap(header -> SessionCookie.value(header, call.origin().secure()))
                .ifPresent(people::logOut);
        return Answer.none().with("set-cookie", SessionCookie.end(call.origin().secure()));
    }

    private Answer changePassword(Call call) {
        JsonBody body = call.json();
        String old = body.text("old");
        String fresh = body.text("new");
        body.done();
        Person person = people.find(call.user().id())
                .orElseThrow(() -> ProblemException.unacceptable("no_person", "An API token has no password."));
        people.logOut(check(person.name(), old, call.origin().address()).cookie());
        try {
            people.changePassword(person.id(), fresh);
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_password", e.getMessage() + ".");
        }
        audit.write(call.actor(), "user.password", person.name());
        return Answer.none();
    }

    private ObjectNode who(Principal.OfUser user) {
        Optional<Person> person = people.find(user.id());
        return person.map(SessionRoutes::json)
                .orElseGet(() -> Json.object()
                        .put("name", user.name())
                        .put("display_name", user.name())
                        .put("role", user.role().wire())
                        .put("locale", "vi"));
    }

    static ObjectNode json(Person person) {
        return Json.object()
                .put("name", person.name())
                .put("display_name", person.displayName())
                .put("role", person.role().wire())
                .put("locale", person.locale());
    }
}
