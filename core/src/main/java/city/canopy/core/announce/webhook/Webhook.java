package city.canopy.core.announce.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Somebody outside who is told of events.
 *
 * @param id made by us
 * @param url where to
 * @param kinds which events, each exact or with all below it ({@code ticket} takes {@code ticket.opened} too); empty
 *     for all
 * @param seq up to which event it has deliveries
 * @param paused whether it gets nothing for now
 * @param waiting deliveries that are still to be made
 * @param dead deliveries that were given up
 */
public record Webhook(
        String id, URI url, List<String> kinds, long seq, boolean paused, Instant createdAt, long waiting, long dead) {
    /** Webhooks of one installation at most. */
    public static final int MAX = 100;

    public Webhook {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(createdAt, "createdAt");
        kinds = List.copyOf(kinds);
    }

    /** Whether it wants events of this kind. */
    public boolean wants(String kind) {
        int dot = kind.indexOf('.');
        return kinds.isEmpty() || kinds.contains(kind) || dot > 0 && kinds.contains(kind.substring(0, dot));
    }
}
