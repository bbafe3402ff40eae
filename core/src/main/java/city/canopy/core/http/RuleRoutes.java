package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.packs.Pack;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.rules.RuleSentence;
import city.canopy.core.rules.RuleText;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Rules as they are in force, and what the packs bring. */
public final class RuleRoutes implements Routes {
    private final Packs packs;
    private final RuleBook rules;
    private final RuleSentence sentences;

    public RuleRoutes(Packs packs, RuleBook rules) {
        this.packs = packs;
        this.rules = rules;
        this.sentences = new RuleSentence(packs.quantities());
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/rules")
                .named("listRules", "The rules in force, with a sentence each")
                .needs(Role.VIEWER)
                .answers(200, "rules", Schema.page(Schema.any()))
                .blocking(call -> list());
        api.get("/api/v1/rules/{id}")
                .named("getRule", "One rule with its text")
                .needs(Role.VIEWER)
                .answers(200, "the rule", Schema.any())
                .blocking(this::get);
        api.get("/api/v1/packs")
                .named("listPacks", "Packs: profiles, quantities and ticket services")
                .needs(Role.VIEWER)
                .answers(200, "packs", Schema.page(Schema.any()))
                .blocking(call -> packs());
    }

    private Answer list() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        rules.list().forEach(rule -> items.add(json(rule)));
        return Answer.json(json);
    }

    private Answer get(Call call) {
        Rule rule = rules.find(call.path("id"))
                .orElseThrow(() -> ProblemException.notFound("There is no rule " + call.path("id") + " in force."));
        ObjectNode json = json(rule);
        packs.rules().stream()
                .filter(text -> text.rule().id().equals(rule.id()))
                .map(RuleText::text)
                .findFirst()
                .ifPresent(text -> json.put("text", text));
        return Answer.json(json);
    }

    private ObjectNode json(Rule rule) {
        ObjectNode json = Json.object()
                .put("id", rule.id())
                .put("version", rule.head().version())
                .put("service", rule.head().service())
                .put("priority", rule.head().priority().wire())
                .put("kind", rule.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        json.set("title", TraceJson.texts(rule.head().title()));
        json.set("sentence", TraceJson.texts(sentences.of(rule)));
        return json;
    }

    private Answer packs() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (Pack pack : packs.list()) {
            ObjectNode item = items.addObject().put("id", pack.id()).put("version", pack.version());
            item.set("title", TraceJson.texts(pack.title()));
        }
        ArrayNode profiles = json.putArray("profiles");
        for (DeviceProfile profile : packs.profiles().list()) {
            ObjectNode item = profiles.addObject()
                    .put("id", profile.id())
                    .put("codec", profile.codec())
                    .put("reports_every_s", profile.reportEvery().toSeconds())
                    .put("moving", profile.moving());
            item.set("title", TraceJson.texts(profile.title()));
            ArrayNode quantities = item.putArray("quantities");
            profile.quantities().keySet().stream().sorted().forEach(quantities::add);
        }
        ArrayNode quantities = json.putArray("quantities");
        packs.quantities().list().forEach(spec -> {
            ObjectNode item = quantities
                    .addObject()
                    .put("name", spec.quantity().name())
                    .put("unit", spec.unit())
                    .put("min", spec.min())
                    .put("max", spec.max());
            item.set("title", TraceJson.texts(spec.title()));
        });
        ArrayNode services = json.putArray("services");
        packs.services().values().forEach(service -> {
            ObjectNode item = services.addObject()
                    .put("id", service.id())
                    .put("target_s", service.target().toSeconds())
                    .put("priority", service.priority().wire());
            item.set("title", TraceJson.texts(service.title()));
        });
        return Answer.json(json);
    }
}
