package city.canopy.core.tickets;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One line of a ticket's history. Never changed, never deleted.
 *
 * @param at by the clock of the service
 * @param actor {@code rule:ID} or {@code user:ID}
 * @param kind {@code opened}, {@code witness}, {@code witness_cleared}, {@code resolved}, {@code reopened},
 *     {@code status}, {@code assigned}, {@code priority}, {@code comment}, {@code photo} or {@code took_in}
 * @param detail by name: String, Number or Boolean
 */
public record TicketEvent(Instant at, String actor, String kind, Map<String, Object> detail) {
    public TicketEvent {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(kind, "kind");
        detail = Map.copyOf(detail);
    }
}
