package city.canopy.core.packs;

import city.canopy.core.rules.Priority;
import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleHead;
import city.canopy.core.rules.RuleParameter;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.profile.PackYaml;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.ConditionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a rule from its YAML form; {@code docs/packs.md} describes it. */
final class RuleReader {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final QuantityCatalog quantities;
    private final Map<String, TicketService> services;
    private final Set<String> layers;

    /** @param layers the names of all layers that rules may speak of */
    RuleReader(QuantityCatalog quantities, Map<String, TicketService> services, Set<String> layers) {
        this.quantities = quantities;
        this.services = services;
        this.layers = layers;
    }

    Rule read(PackYaml root) {
        root.only(
                "id",
                "layer",
                "quantity",
                "service",
                "priority",
                "title",
                "parameters",
                "open",
                "clear",
                "where",
                "for",
                "change",
                "silence");
        if (root.has("silence")) {
            return silence(root);
        }
        return root.has("change") ? change(root) : threshold(root);
    }

    private RuleHead head(PackYaml root) {
        String id = root.get("id").text();
        if (!ID.matcher(id).matches()) {
            throw root.get("id").problem("a rule's id is of [a-z0-9-], 64 at most, not \"" + id + "\"");
        }
        String service = root.get("service").text();
        if (!services.containsKey(service)) {
            throw root.get("service")
                    .problem("no pack brings the ticket service " + service + "; add it to services.yaml");
        }
        Priority priority = services.get(service).priority();
        if (root.has("priority")) {
            String wish = root.get("priority").text();
            priority = Priority.find(wish)
                    .orElseThrow(() -> root.get("priority").problem("a priority is low, normal, high or urgent"));
        }
        return new RuleHead(id, 1, service, priority, root.get("title").titles());
    }

    private Rule silence(PackYaml root) {
        root.only("id", "service", "priority", "title", "silence");
        PackYaml silence = root.get("silence").only("rhythms", "profiles");
        Set<String> profiles = new HashSet<>();
        if (silence.has("profiles")) {
            silence.get("profiles").list().forEach(item -> profiles.add(item.text()));
        }
        return new Rule.Silence(head(root), silence.get("rhythms").wholeNumber(1, 1000), profiles);
    }

    private Rule change(PackYaml root) {
        root.only("id", "layer", "quantity", "service", "priority", "title", "parameters", "where", "change");
        PackYaml change = root.get("change").only("by", "within");
        Rule.Target target = target(root);
        double by = change.get("by").number();
        if (by <= 0) {
            throw change.get("by").problem("'by' must be over 0");
        }
        return new Rule.Change(
                head(root),
                target,
                by,
                change.get("within").duration(SHORTEST, Rule.LONGEST),
                condition(root, "where", target));
    }

    private Rule threshold(PackYaml root) {
        Rule.Target target = target(root);
        return new Rule.Threshold(
                head(root),
                target,
                condition(root, "open", target)
                        .orElseThrow(() -> root.problem("a rule has one of: open (a condition), change, silence")),
                condition(root, "clear", target),
                condition(root, "where", target),
                root.has("for") ? root.get("for").duration(Duration.ZERO, Rule.LONGEST) : Duration.ZERO);
    }

    private Rule.Target target(PackYaml root) {
        String quantity = root.get("quantity").text();
        if (quantities.find(quantity).isEmpty()) {
            throw root.get("quantity")
                    .problem("no pack describes the quantity " + quantity + "; add it to quantities.yaml");
        }
        String layer = root.has("layer") ? root.get("layer").text() : null;
        if (layer != null && !layers.contains(layer)) {
            throw root.get("layer").problem("no pack brings the layer " + layer);
        }
        List<RuleParameter> parameters = new ArrayList<>();
        if (root.has("parameters")) {
            root.get("parameters").mapping().forEach((name, value) -> parameters.add(parameter(name, value)));
        }
        return new Rule.Target(new Quantity(quantity), layer, parameters);
    }

    private static RuleParameter parameter(String name, PackYaml value) {
        if (!value.isMapping()) {
            return new RuleParameter(name, null, value.number(), Map.of());
        }
        value.only("attribute", "default", "values");
        Map<String, Double> values = new LinkedHashMap<>();
        if (value.has("values")) {
            value.get("values").mapping().forEach((key, number) -> values.put(key, number.number()));
        }
        return new RuleParameter(
                name,
                value.has("attribute") ? value.get("attribute").text() : null,
                value.get("default").number(),
                values);
    }

    private Optional<Condition> condition(PackYaml root, String key, Rule.Target target) {
        if (!root.has(key)) {
            return Optional.empty();
        }
        PackYaml value = root.get(key);
        Condition condition;
        try {
            condition = Condition.parse(value.text());
        } catch (ConditionException e) {
            throw value.problem(key + ": " + e.getMessage());
        }
        for (String layer : condition.layers()) {
            if (!layers.contains(layer)) {
                throw value.problem(key + " speaks of the layer " + layer + ", which no pack brings");
            }
        }
        if (!key.equals("where")
                && !condition.names().contains(target.quantity().name())) {
            throw value.problem(key + " does not look at " + target.quantity() + ", the rule's quantity");
        }
        return Optional.of(condition);
    }
}
