package city.canopy.core.announce.webhook;

import java.time.Instant;
import java.util.Objects;

/**
 * One event on its way to one webhook. That it has not arrived says nothing about the ticket that it tells of.
 *
 * @param id its key
 * @param seq the event
 * @param kind the event's kind, or null when the event itself is no longer kept
 * @param attempts how often it was tried
 * @param nextAt when it is tried next; meaningless once it has arrived or is dead
 * @param deliveredAt when it arrived, or null
 * @param deadAt when it was given up, or null
 * @param lastError why the last try failed, or null
 */
public record Delivery(
        long id,
        long seq,
        String kind,
        int attempts,
        Instant nextAt,
        Instant deliveredAt,
        Instant deadAt,
        String lastError) {
    public Delivery {
        Objects.requireNonNull(nextAt, "nextAt");
    }
}
