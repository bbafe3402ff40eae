package city.canopy.core.tickets;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why there is a ticket: from it back to every raw frame.
 *
 * @param ticket the ticket
 * @param steps its witnesses, in the order in which they came, each with what it rests on
 */
public record TicketTrace(Ticket ticket, List<Step> steps) {
    public TicketTrace {
        Objects.requireNonNull(ticket, "ticket");
        steps = List.copyOf(steps);
    }

    /**
     * One witness and what it rests on.
     *
     * @param ruleText the rule as it was written when it judged
     * @param quantity what its datastream measures
     * @param unit the UCUM code of its values
     */
    public record Step(Witness witness, Optional<String> ruleText, Optional<String> quantity, Optional<String> unit) {}
}
