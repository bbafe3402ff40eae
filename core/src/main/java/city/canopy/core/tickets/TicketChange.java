package city.canopy.core.tickets;

import city.canopy.core.rules.Priority;
import java.util.Objects;
import java.util.Optional;

/** What a person may do to a ticket. */
public sealed interface TicketChange {
    /** The longest reason or comment, in characters. */
    int MAX_TEXT = 4_000;

    /** The longest name of an assignee, in characters. */
    int MAX_ASSIGNEE = 200;

    /**
     * Another status.
     *
     * @param reason why; some moves demand it
     */
    record Move(TicketState to, Optional<String> reason) implements TicketChange {
        public Move {
            Objects.requireNonNull(to, "to");
            reason.ifPresent(text -> check("a reason", text, MAX_TEXT));
        }
    }

    /**
     * The same problem as another ticket: it is dealt with there.
     *
     * @param into the ticket that goes on
     * @param reason why
     */
    record Merge(TicketId into, Optional<String> reason) implements TicketChange {
        public Merge {
            Objects.requireNonNull(into, "into");
            reason.ifPresent(text -> check("a reason", text, MAX_TEXT));
        }
    }

    /** A word. */
    record Comment(String text) implements TicketChange {
        public Comment {
            check("a comment", text, MAX_TEXT);
        }
    }

    /**
     * Somebody to deal with it.
     *
     * @param to who; nobody puts it back to open
     */
    record Assign(Optional<String> to) implements TicketChange {
        public Assign {
            to.ifPresent(name -> check("an assignee", name, MAX_ASSIGNEE));
        }
    }

    /** Another priority, up or down. */
    record Reprioritise(Priority to, Optional<String> reason) implements TicketChange {
        public Reprioritise {
            Objects.requireNonNull(to, "to");
            reason.ifPresent(text -> check("a reason", text, MAX_TEXT));
        }
    }

    /**
     * Somebody who has seen it with their own eyes says so too: one more witness of a ticket that is live.
     *
     * @param kind a citizen or a crew; sensors and cameras have ways of their own
     * @param ref what names the report in its own world
     * @param text what they say
     */
    record Testify(Witness.Kind kind, String ref, String text) implements TicketChange {
        public Testify {
            if (kind != Witness.Kind.CITIZEN && kind != Witness.Kind.CREW) {
                throw new IllegalArgumentException("a citizen or a crew reports in words, not a " + kind.wire());
            }
            check("a report's name", ref, MAX_ASSIGNEE);
            check("a report", text, MAX_TEXT);
        }
    }

    private static void check(String what, String text, int max) {
        if (text.isBlank() || text.length() > max || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " has 1 to " + max + " characters and no NUL among them");
        }
    }
}
