package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.db.Database;
import city.canopy.core.packs.Pack;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.PgRuleVersions;
import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.rules.RuleSentence;
import city.canopy.core.rules.RuleText;
import city.canopy.core.tickets.PgTicketStore;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Rules as they are in force, and what the packs bring. */
public final class RuleRoutes implements Routes {
    private final Supplier<Packs> packs;
    private final Supplier<RuleBook> rules;
    private final PgTicketStore tickets;
    private final Database database;

    public RuleRoutes(Supplier<Packs> packs, Supplier<RuleBook> rules, PgTicketStore tickets, Database database) {
        this.packs = packs;
        this.rules = rules;
        this.tickets = tickets;
        this.database = database;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/rules")
                .named(
                        "listRules",
                        "The rules, in force or not, with a sentence and the number of their live tickets each")
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
        Map<String, Long> open = tickets.countLiveByRule();
        Map<String, Integer> versions = database.read(PgRuleVersions::list);
        for (RuleText text : packs.get().rules()) {
            Rule rule = text.rule();
            items.add(json(text, versions.getOrDefault(rule.id(), 1))
                    .put("open_tickets", open.getOrDefault(rule.id(), 0L)));
        }
        return Answer.json(json);
    }

    private Answer get(Call call) {
        RuleText text = packs.get().rules().stream()
                .filter(one -> one.rule().id().equals(call.path("id")))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("There is no rule " + call.path("id") + "."));
        int version =
                database.read(PgRuleVersions::list).getOrDefault(text.rule().id(), 1);
        return Answer.json(json(text, version)
                .put(
                        "open_tickets",
                        tickets.countLiveByRule().getOrDefault(text.rule().id(), 0L))
                .put("text", text.text()));
    }

    private ObjectNode json(RuleText text, int version) {
        Rule rule = text.rule();
        ObjectNode json = Json.object()
                .put("id", rule.id())
                .put("pack", text.pack())
                .put("version", version)
                .put("enabled", rules.get().find(rule.id()).isPresent())
                .put("service", rule.head().service())
                .put("priority", rule.head().priority().wire())
                .put("kind", rule.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        RuleBook.target(rule)
                .ifPresent(target -> json.put("layer", target.layer())
                        .put("quantity", target.quantity().name()));
        json.set("title", TraceJson.texts(rule.head().title()));
        json.set("sentence", TraceJson.texts(new RuleSentence(packs.get().vocabulary()).of(rule)));
        return json;
    }

    private Answer packs() {
        Packs now = packs.get();
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (Pack pack : now.list()) {
            ObjectNode item = items.addObject().put("id", pack.id()).put("version", pack.version());
            item.set("title", TraceJson.texts(pack.title()));
        }
        json.set("profiles", CatalogueRoutes.profiles(now));
        json.set("quantities", CatalogueRoutes.quantities(now));
        json.set("services", CatalogueRoutes.services(now));
        return Answer.json(json);
    }
}
