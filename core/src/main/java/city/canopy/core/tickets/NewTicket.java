package city.canopy.core.tickets;

import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A ticket that a person opens.
 *
 * @param service the ticket service, by id
 * @param subject the feature or the device that it is about
 * @param priority other than the service's own
 * @param title by language; empty for the service's own
 * @param comment why
 */
public record NewTicket(
        String service,
        Subject subject,
        Optional<Priority> priority,
        Map<String, String> title,
        Optional<String> comment) {
    private static final int MAX_TITLE = 300;

    public NewTicket {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(priority, "priority");
        title = Map.copyOf(title);
        comment.ifPresent(TicketChange.Comment::new);
        for (String text : title.values()) {
            if (text.isBlank() || text.length() > MAX_TITLE || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a title has 1 to " + MAX_TITLE + " characters");
            }
        }
    }
}
