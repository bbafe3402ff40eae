package city.canopy.core.rules;

import city.canopy.devices.model.Quantity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All rules that are enabled, filed by what they look at. Immutable. */
public final class RuleBook {
    private final Map<String, Rule> byId = new LinkedHashMap<>();
    private final Map<Quantity, List<Rule>> byQuantity = new HashMap<>();
    private final List<Rule.Silence> silences = new ArrayList<>();

    /** @throws IllegalArgumentException when two rules have the same id */
    public RuleBook(Collection<? extends Rule> rules) {
        for (Rule rule : rules) {
            if (byId.put(rule.id(), rule) != null) {
                throw new IllegalArgumentException("two rules are called " + rule.id());
            }
            if (rule instanceof Rule.Silence silence) {
                silences.add(silence);
            }
            target(rule)
                    .ifPresent(target -> byQuantity
                            .computeIfAbsent(target.quantity(), quantity -> new ArrayList<>())
                            .add(rule));
        }
    }

    /** What a rule looks at; nothing for silence. */
    public static Optional<Rule.Target> target(Rule rule) {
        if (rule instanceof Rule.Threshold threshold) {
            return Optional.of(threshold.target());
        }
        if (rule instanceof Rule.Missed missed) {
            return Optional.of(missed.target());
        }
        return rule instanceof Rule.Change change ? Optional.of(change.target()) : Optional.empty();
    }

    public Optional<Rule> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<Rule> list() {
        return java.util.Collections.unmodifiableCollection(byId.values());
    }

    /** The rules for readings of a quantity about a layer; null stands for no feature. */
    List<Rule> of(Quantity quantity, String layer) {
        List<Rule> fitting = new ArrayList<>();
        for (Rule rule : byQuantity.getOrDefault(quantity, List.of())) {
            if (target(rule).orElseThrow().covers(layer)) {
                fitting.add(rule);
            }
        }
        return fitting;
    }

    List<Rule.Silence> silences() {
        return java.util.Collections.unmodifiableList(silences);
    }
}
