package city.canopy.core.rules;

import java.util.Map;
import java.util.Objects;

/**
 * What every rule has, whatever it looks for.
 *
 * @param id its name, {@code [a-z0-9][a-z0-9-]{0,63}}, the same in every version
 * @param version grows by one whenever its text changes; 1 at first
 * @param service the ticket service that a finding calls for
 * @param priority what a ticket opened by it starts with
 * @param title the ticket's title, by language ({@code vi}, {@code en})
 */
public record RuleHead(String id, int version, String service, Priority priority, Map<String, String> title) {
    public RuleHead {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(priority, "priority");
        title = Map.copyOf(title);
        if (version < 1) {
            throw new IllegalArgumentException("rule " + id + ": versions count from 1, not " + version);
        }
    }

    /** The same rule as another version of itself. */
    public RuleHead withVersion(int other) {
        return new RuleHead(id, other, service, priority, title);
    }
}
