package city.canopy.core.packs;

import city.canopy.core.kpi.Schedule;
import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleHead;
import city.canopy.core.rules.RuleParameter;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.profile.PackYaml;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.ConditionException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one rule, and checks every name in it against what the packs bring. */
final class RuleReader {
    private static final Set<String> COMMON = Set.of("id", "service", "priority", "title");
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final QuantityCatalog quantities;
    private final Map<String, PackLayer> layers;
    private final Map<String, TicketService> services;
    private final Profiles profiles;
    private final List<Schedule> schedules;

    RuleReader(
            QuantityCatalog quantities,
            Map<String, PackLayer> layers,
            Map<String, TicketService> services,
            Profiles profiles,
            List<Schedule> schedules) {
        this.quantities = quantities;
        this.layers = layers;
        this.services = services;
        this.profiles = profiles;
        this.schedules = List.copyOf(schedules);
    }

    Rule read(PackYaml yaml) {
        if (yaml.find("silence").isPresent()) {
            return silence(yaml);
        }
        if (yaml.find("missed").isPresent()) {
            return missed(yaml);
        }
        return yaml.find("change").isPresent() ? change(yaml) : threshold(yaml);
    }

    private RuleHead head(PackYaml yaml) {
        PackYaml id = yaml.get("id");
        if (!id.text().matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw id.problem("a rule is named by [a-z0-9][a-z0-9-]{0,63}, not \"" + id.text() + "\"; rename it");
        }
        PackYaml service = yaml.get("service");
        TicketService found = services.get(service.text());
        if (found == null) {
            throw service.problem(
                    "no pack brings a service " + service.text() + "; add it to services.yaml or mend its name");
        }
        return new RuleHead(
                id.text(),
                1,
                found.id(),
                yaml.find("priority").map(PackReader::priority).orElse(found.priority()),
                yaml.get("title").title());
    }

    private Rule.Silence silence(PackYaml yaml) {
        yaml.map(with("silence"));
        PackYaml silence = yaml.get("silence");
        silence.map(Set.of("rhythms", "profiles"));
        Set<String> about = new HashSet<>();
        for (PackYaml profile : silence.find("profiles").map(PackYaml::list).orElse(List.of())) {
            if (profiles.find(profile.text()).isEmpty()) {
                throw profile.problem("no pack brings a profile " + profile.text() + "; mend its name");
            }
            about.add(profile.text());
        }
        return new Rule.Silence(head(yaml), silence.get("rhythms").integer(1, 1000), about);
    }

    private Rule.Change change(PackYaml yaml) {
        yaml.map(with("change", "layer", "quantity", "parameters", "where"));
        PackYaml change = yaml.get("change");
        change.map(Set.of("by", "within", "direction"));
        PackYaml by = change.get("by");
        if (by.number() <= 0) {
            throw by.problem("'by' must be over 0, in the unit of the quantity");
        }
        Rule.Target target = target(yaml);
        return new Rule.Change(
                head(yaml),
                target,
                by.number(),
                change.get("within").duration(SHORTEST, Rule.LONGEST),
                change.find("direction").map(RuleReader::direction).orElse(Rule.Direction.EITHER),
                yaml.find("where").map(where -> condition(where, target)));
    }

    private static Rule.Direction direction(PackYaml yaml) {
        return switch (yaml.text()) {
            case "up" -> Rule.Direction.UP;
            case "down" -> Rule.Direction.DOWN;
            case "either" -> Rule.Direction.EITHER;
            default -> throw yaml.problem("'direction' is up, down or either, not " + yaml.text());
        };
    }

    private Rule.Missed missed(PackYaml yaml) {
        yaml.map(with("missed", "layer", "quantity", "parameters"));
        PackYaml missed = yaml.get("missed");
        missed.map(Set.of("schedules", "done", "by"));
        Rule.Target target = target(yaml);
        if (target.layer() == null) {
            throw yaml.problem("work is due at features, so the rule must name their 'layer'; add it");
        }
        List<Rule.Round> rounds = new ArrayList<>();
        missed.get("schedules").list().forEach(name -> rounds.add(round(name, target)));
        if (rounds.isEmpty()) {
            throw missed.get("schedules").problem("name at least one schedule");
        }
        PackYaml by = missed.get("by");
        try {
            return new Rule.Missed(
                    head(yaml), target, condition(missed.get("done"), target), rounds, LocalTime.parse(by.text()));
        } catch (DateTimeParseException e) {
            throw by.problem("'by' is a time of day such as \"18:00\", in quotes");
        }
    }

    private Rule.Round round(PackYaml name, Rule.Target target) {
        Schedule schedule = schedules.stream()
                .filter(each -> each.id().equals(name.text()))
                .findFirst()
                .orElseThrow(() -> name.problem("no pack brings a schedule " + name.text() + "; there are "
                        + String.join(", ", schedules.stream().map(Schedule::id).toList())));
        if (!schedule.layer().equals(target.layer())) {
            throw name.problem("the schedule " + schedule.id() + " is for the layer " + schedule.layer()
                    + ", the rule for " + target.layer() + "; name another");
        }
        return new Rule.Round(
                schedule.id(), schedule.filter().map(filter -> parse(name, filter)), schedule.rhythm()::next);
    }

    private Rule.Threshold threshold(PackYaml yaml) {
        yaml.map(with("layer", "quantity", "parameters", "open", "clear", "where", "for"));
        Rule.Target target = target(yaml);
        return new Rule.Threshold(
                head(yaml),
                target,
                condition(yaml.get("open"), target),
                yaml.find("clear").map(clear -> condition(clear, target)),
                yaml.find("where").map(where -> condition(where, target)),
                yaml.find("for")
                        .map(hold -> hold.duration(Duration.ZERO, Rule.LONGEST))
                        .orElse(Duration.ZERO));
    }

    private static Set<String> with(String... keys) {
        Set<String> all = new TreeSet<>(COMMON);
        all.addAll(List.of(keys));
        return all;
    }

    private Rule.Target target(PackYaml yaml) {
        PackYaml quantity = yaml.get("quantity");
        if (quantities.find(quantity.text()).isEmpty()) {
            throw quantity.problem("no pack describes the quantity " + quantity.text()
                    + "; add it to a quantities.yaml or mend its name");
        }
        Optional<PackYaml> layer = yaml.find("layer");
        if (layer.isPresent() && !layers.containsKey(layer.get().text())) {
            throw layer.get().problem("no pack brings a layer " + layer.get().text() + "; mend its name");
        }
        String layerName = layer.map(PackYaml::text).orElse(null);
        List<RuleParameter> parameters = new ArrayList<>();
        yaml.find("parameters")
                .ifPresent(map -> map.map().forEach((name, value) -> {
                    if (!name.matches("[a-z][a-z0-9_]{0,63}") || name.equals(quantity.text())) {
                        throw value.problem(
                                "a parameter is named by [a-z][a-z0-9_]{0,63} and not as the quantity; rename it");
                    }
                    parameters.add(parameter(name, value, layerName));
                }));
        return new Rule.Target(new Quantity(quantity.text()), layerName, parameters);
    }

    private RuleParameter parameter(String name, PackYaml yaml, String layer) {
        if (!yaml.isMap()) {
            return new RuleParameter(name, Map.of(), null, yaml.number(), Map.of());
        }
        yaml.map(Set.of("title", "attribute", "default", "values"));
        PackYaml attribute = yaml.get("attribute");
        if (!attributes(layer).contains(attribute.text())) {
            throw attribute.problem(
                    layer == null
                            ? "a parameter by attribute needs the rule to name its 'layer'; add it"
                            : "the layer " + layer + " has no attribute " + attribute.text() + "; mend its name");
        }
        Map<String, Double> values = new HashMap<>();
        yaml.find("values").ifPresent(map -> map.map().forEach((value, number) -> values.put(value, number.number())));
        return new RuleParameter(
                name,
                yaml.find("title").map(PackYaml::title).orElse(Map.of()),
                attribute.text(),
                yaml.get("default").number(),
                values);
    }

    private Set<String> attributes(String layer) {
        Set<String> names = new TreeSet<>();
        if (layer != null) {
            layers.get(layer).attributes().forEach(attribute -> names.add(attribute.name()));
        }
        return names;
    }

    private static Condition parse(PackYaml yaml, String text) {
        try {
            return Condition.parse(text);
        } catch (ConditionException e) {
            throw yaml.problem("the condition cannot be read, " + e.getMessage());
        }
    }

    private Condition condition(PackYaml yaml, Rule.Target target) {
        Condition condition = parse(yaml, yaml.text());
        Set<String> known = attributes(target.layer());
        known.add(target.quantity().name());
        known.addAll(Rule.CLOCK);
        target.parameters().forEach(parameter -> known.add(parameter.name()));
        for (String name : condition.names()) {
            if (!known.contains(name)) {
                throw yaml.problem("the condition speaks of " + name + ", which is not known here; known are "
                        + String.join(", ", known));
            }
        }
        for (String layer : condition.layers()) {
            if (!layers.containsKey(layer)) {
                throw yaml.problem("the condition speaks of the layer " + layer + ", which no pack brings; there are "
                        + String.join(", ", new TreeSet<>(layers.keySet())));
            }
        }
        return condition;
    }
}
