package city.canopy.core.tickets;

import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * One problem of one subject. Immutable; a change makes another one.
 *
 * @param id its name
 * @param about what it is about; never changes
 * @param place where it is; never changes
 * @param standing where it stands
 * @param times since when
 * @param version grows by one with every change that can be seen
 */
public record Ticket(TicketId id, About about, Place place, Standing standing, Times times, long version) {
    /**
     * What a ticket is about.
     *
     * @param service the ticket service, by id
     * @param subject the feature, else the device
     * @param rule the rule that opened it, or null where a person did
     * @param title by language ({@code vi}, {@code en})
     */
    public record About(String service, Subject subject, String rule, Map<String, String> title) {
        public About {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(subject, "subject");
            title = Map.copyOf(title);
        }
    }

    /**
     * Where it is.
     *
     * @param geometry lon/lat, if it is known
     * @param ward the ward's name, if it lies in one
     */
    public record Place(Optional<Geometry> geometry, Optional<String> ward) {
        /** Nobody knows where. */
        public static final Place UNKNOWN = new Place(Optional.empty(), Optional.empty());

        public Place {
            Objects.requireNonNull(geometry, "geometry");
            Objects.requireNonNull(ward, "ward");
        }
    }

    /**
     * Where it stands.
     *
     * @param assignee who is to deal with it
     * @param mergedInto the ticket that this one was taken up in, once it is merged
     */
    public record Standing(
            TicketState status, Priority priority, Optional<String> assignee, Optional<TicketId> mergedInto) {
        public Standing {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(priority, "priority");
            Objects.requireNonNull(assignee, "assignee");
            Objects.requireNonNull(mergedInto, "mergedInto");
        }
    }

    /** Its moments, by the clock of the service. */
    public record Times(
            Instant opened, Instant due, Instant updated, Optional<Instant> resolved, Optional<Instant> closed) {
        public Times {
            Objects.requireNonNull(opened, "opened");
            Objects.requireNonNull(due, "due");
            Objects.requireNonNull(updated, "updated");
            Objects.requireNonNull(resolved, "resolved");
            Objects.requireNonNull(closed, "closed");
        }
    }

    public Ticket {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(standing, "standing");
        Objects.requireNonNull(times, "times");
    }

    public TicketState status() {
        return standing.status();
    }

    public Priority priority() {
        return standing.priority();
    }

    public Subject subject() {
        return about.subject();
    }

    public String service() {
        return about.service();
    }
}
