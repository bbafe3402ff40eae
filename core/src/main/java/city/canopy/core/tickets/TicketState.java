package city.canopy.core.tickets;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a ticket stands. The wire form is the name in lower case. */
public enum TicketState {
    OPEN,
    ASSIGNED,
    IN_PROGRESS,
    /** The work, or the sensors, say that it is done; proposed until somebody closes it. */
    RESOLVED,
    CLOSED,
    REJECTED,
    /** Taken up in another ticket. */
    MERGED,
    /** Found never to have been true. */
    WITHDRAWN;

    /** The one table of what may follow what. What is not here is over for good. */
    private static final Map<TicketState, Set<TicketState>> MOVES = Map.of(
            OPEN, EnumSet.of(ASSIGNED, IN_PROGRESS, RESOLVED, CLOSED, REJECTED, MERGED, WITHDRAWN),
            ASSIGNED, EnumSet.of(OPEN, IN_PROGRESS, RESOLVED, CLOSED, REJECTED, MERGED, WITHDRAWN),
            IN_PROGRESS, EnumSet.of(OPEN, ASSIGNED, RESOLVED, CLOSED, REJECTED, MERGED, WITHDRAWN),
            RESOLVED, EnumSet.of(OPEN, IN_PROGRESS, CLOSED, REJECTED, MERGED, WITHDRAWN));

    /** As it is stored and shown: {@code in_progress}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that wire form, if there is one. */
    public static Optional<TicketState> find(String wire) {
        for (TicketState state : values()) {
            if (state.wire().equals(wire)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** Whether a ticket may go from here to there. */
    public boolean allows(TicketState next) {
        return next().contains(next);
    }

    /** Where a ticket may go from here; empty when it is over. */
    public Set<TicketState> next() {
        return MOVES.getOrDefault(this, Set.of());
    }

    /** Whether the ticket still stands for its subject and service, so that there is no second one. */
    public boolean isLive() {
        return MOVES.containsKey(this);
    }

    /** Whether going from here to there is a decision that needs a reason in words. */
    public boolean needsReason(TicketState next) {
        return next == REJECTED || next == WITHDRAWN || next == MERGED || (this == RESOLVED && next != CLOSED);
    }
}
