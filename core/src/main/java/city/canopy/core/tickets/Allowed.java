package city.canopy.core.tickets;

import java.util.List;
import java.util.Optional;

/** What a person may not do to a ticket as it stands, and what may be done instead. */
final class Allowed {
    private Allowed() {}

    /**
     * Why the change cannot be; empty when it can.
     *
     * @param target the ticket to merge into, where that is the wish and there is one
     */
    static Optional<ActOutcome.Refused> refusal(Ticket ticket, TicketChange change, Optional<Ticket> target) {
        if (change instanceof TicketChange.Comment) {
            return Optional.empty();
        }
        if (change instanceof TicketChange.Move move) {
            return move(ticket.status(), move.to(), move.reason())
                    .or(() -> move.to() == TicketState.MERGED
                            ? refused("missing", "say in \"merged_into\" which ticket goes on in its place")
                            : Optional.empty());
        }
        if (change instanceof TicketChange.Merge merge) {
            return move(ticket.status(), TicketState.MERGED, merge.reason())
                    .or(() -> into(ticket.id(), merge.into(), target));
        }
        return ticket.status().isLive()
                ? Optional.empty()
                : Optional.of(new ActOutcome.Refused(
                        "move_not_allowed",
                        "the ticket is " + ticket.status().wire() + ": it is over; comments may still be added"));
    }

    private static Optional<ActOutcome.Refused> move(TicketState from, TicketState to, Optional<String> reason) {
        if (!from.allows(to)) {
            return Optional.of(new ActOutcome.Refused(
                    "move_not_allowed",
                    "a ticket that is " + from.wire() + " cannot become " + to.wire()
                            + (from.isLive()
                                    ? "; it can become " + String.join(", ", wires(from))
                                    : ": it is over; open a new one")));
        }
        if (from.needsReason(to) && reason.isEmpty()) {
            return Optional.of(new ActOutcome.Refused(
                    "reason_missing", "say why a ticket that is " + from.wire() + " is to become " + to.wire()));
        }
        return Optional.empty();
    }

    private static Optional<ActOutcome.Refused> into(TicketId id, TicketId into, Optional<Ticket> target) {
        if (into.equals(id)) {
            return refused("itself", "a ticket cannot be merged into itself; name the one that goes on");
        }
        if (target.isEmpty()) {
            return refused("unknown", "there is no ticket " + into + " to merge it into");
        }
        Ticket there = target.get();
        if (there.status() == TicketState.MERGED) {
            return refused(
                    "merged",
                    "the ticket " + into + " has been merged itself"
                            + there.standing()
                                    .mergedInto()
                                    .map(next -> ", into " + next + "; take that one")
                                    .orElse(""));
        }
        return there.status().isLive()
                ? Optional.empty()
                : refused(
                        "over",
                        "the ticket " + into + " is " + there.status().wire() + ": it is over; take one that goes on");
    }

    private static Optional<ActOutcome.Refused> refused(String what, String detail) {
        return Optional.of(new ActOutcome.Refused("merge_target_" + what, detail));
    }

    private static List<String> wires(TicketState from) {
        return from.next().stream().map(TicketState::wire).toList();
    }
}
