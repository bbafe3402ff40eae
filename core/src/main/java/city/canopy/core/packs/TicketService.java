package city.canopy.core.packs;

import city.canopy.core.rules.Priority;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A kind of work that a ticket calls for (Open311: <i>service</i>).
 *
 * @param id its name
 * @param pack the pack that brings it
 * @param title its name for people, by language ({@code vi}, {@code en})
 * @param target within what time a ticket is to be dealt with; a minute to a year
 * @param priority what its tickets start with
 */
public record TicketService(String id, String pack, Map<String, String> title, Duration target, Priority priority) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    public TicketService {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(priority, "priority");
        title = Map.copyOf(title);
        if (target.compareTo(SHORTEST) < 0 || target.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("service " + id + ": the target must be PT1M to P366D, not " + target);
        }
    }
}
