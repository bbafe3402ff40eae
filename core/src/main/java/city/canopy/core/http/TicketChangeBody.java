package city.canopy.core.http;

import city.canopy.core.rules.Priority;
import city.canopy.core.tickets.TicketChange;
import city.canopy.core.tickets.TicketId;
import city.canopy.core.tickets.TicketState;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a PATCH of a ticket asks for: one or several changes, to be done together. */
final class TicketChangeBody {
    private TicketChangeBody() {}

    static ObjectNode schema() {
        return Schema.object(
                "status?",
                TicketSchema.status(),
                "merged_into?",
                Schema.says(Schema.text(), "the ticket that goes on instead; with the status \"merged\""),
                "reason?",
                Schema.text(),
                "assignee?",
                Schema.says(Schema.text(), "the name of a person or team; null: nobody"),
                "priority?",
                TicketSchema.priority(),
                "comment?",
                Schema.text());
    }

    /** @throws ProblemException 422 saying what is wrong, or that nothing is asked for */
    static List<TicketChange> read(JsonBody body) {
        Optional<String> reason = body.optionalText("reason");
        List<TicketChange> changes = new ArrayList<>();
        try {
            body.optionalText("priority")
                    .ifPresent(text -> changes.add(new TicketChange.Reprioritise(
                            Priority.find(text)
                                    .orElseThrow(() -> body.wrong("priority", "low, normal, high or urgent")),
                            reason)));
            if (body.mentions("assignee")) {
                changes.add(new TicketChange.Assign(body.optionalText("assignee")));
            }
            move(body, reason).ifPresent(changes::add);
            body.optionalText("comment").ifPresent(text -> changes.add(new TicketChange.Comment(text)));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("bad_member", e.getMessage() + ".");
        }
        body.done();
        if (changes.isEmpty()) {
            throw ProblemException.unacceptable(
                    "nothing_to_do", "Give one of \"status\", \"assignee\", \"priority\" and \"comment\".");
        }
        return List.copyOf(changes);
    }

    private static Optional<TicketChange> move(JsonBody body, Optional<String> reason) {
        Optional<TicketState> to = body.optionalText("status")
                .map(text -> TicketState.find(text).orElseThrow(() -> body.wrong("status", "a ticket status")));
        Optional<String> into = body.optionalText("merged_into");
        if (into.isEmpty()) {
            return to.map(status -> new TicketChange.Move(status, reason));
        }
        if (!to.equals(Optional.of(TicketState.MERGED))) {
            throw ProblemException.unacceptable("bad_member", "\"merged_into\" goes with the status \"merged\" only.");
        }
        if (!TicketId.isValid(into.get())) {
            throw ProblemException.unacceptable(
                    "merge_target_unknown", "\"merged_into\" is no ticket's id: take it from the list of tickets.");
        }
        return Optional.of(new TicketChange.Merge(new TicketId(into.get()), reason));
    }
}
