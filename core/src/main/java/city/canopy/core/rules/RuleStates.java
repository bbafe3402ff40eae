package city.canopy.core.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where every rule stands, in memory, as it was last committed; what is clear takes no room. Shared by all partitions;
 * any thread.
 */
public final class RuleStates {
    private final ConcurrentHashMap<Key, RuleState> states = new ConcurrentHashMap<>();
    private final LastWords words = new LastWords();

    /**
     * One state as it is written down.
     *
     * @param rule the rule's id
     * @param key a {@link Source#key}
     */
    public record Kept(String rule, String key, RuleState state) {}

    private record Key(String rule, String key) {}

    /** @param kept what the database holds, see {@code PgRuleStates.load} */
    public RuleStates(Collection<Kept> kept) {
        kept.forEach(this::adopt);
    }

    /** Where a rule stands about a {@link Source#key}. */
    public RuleState get(String rule, String key) {
        return states.getOrDefault(new Key(rule, key), RuleState.CLEAR);
    }

    /** Everything that is not clear. */
    public List<Kept> list() {
        List<Kept> all = new ArrayList<>(states.size());
        states.forEach((key, state) -> all.add(new Kept(key.rule(), key.key(), state)));
        return all;
    }

    void adopt(Kept kept) {
        Key key = new Key(kept.rule(), kept.key());
        if (kept.state().phase() == RuleState.Phase.CLEAR) {
            states.remove(key);
        } else {
            states.put(key, kept.state());
        }
    }

    /** Takes for true what the database holds of these keys, whatever was thought before. */
    void settle(Set<String> keys, Collection<Kept> held) {
        states.keySet().removeIf(key -> keys.contains(key.key()));
        held.forEach(this::adopt);
    }

    LastWords words() {
        return words;
    }
}
