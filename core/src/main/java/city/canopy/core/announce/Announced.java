package city.canopy.core.announce;

import java.time.Instant;
import java.util.Objects;

/**
 * A committed row of the outbox that has its place in the order that everybody sees.
 *
 * @param seq its place; grows by one from row to row, without a gap
 * @param kind what happened, such as {@code ticket.opened}
 * @param key what it happened to, such as a ticket's id
 * @param payload what is told about it, a JSON text
 * @param createdAt when its transaction wrote it
 */
public record Announced(long seq, String kind, String key, String payload, Instant createdAt) {
    public Announced {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(createdAt, "createdAt");
    }
}
