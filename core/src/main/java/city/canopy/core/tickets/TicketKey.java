package city.canopy.core.tickets;

import city.canopy.core.series.Subject;
import java.util.Objects;

/**
 * What there is one live ticket for.
 *
 * @param subject the feature, else the device
 * @param service the ticket service, by id
 */
record TicketKey(Subject subject, String service) implements Comparable<TicketKey> {
    TicketKey {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(service, "service");
    }

    @Override
    public int compareTo(TicketKey other) {
        int bySubject = subject.compareTo(other.subject);
        return bySubject != 0 ? bySubject : service.compareTo(other.service);
    }
}
