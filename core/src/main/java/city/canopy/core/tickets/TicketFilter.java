package city.canopy.core.tickets;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;

/**
 * Which tickets are wanted; what is empty does not matter.
 *
 * @param statuses one of these
 * @param bbox the place's envelope meets this one, lon/lat
 * @param updatedAfter changed later than this
 * @param opened what for and when
 */
public record TicketFilter(
        Set<TicketState> statuses,
        Optional<String> layer,
        Optional<String> feature,
        Optional<String> rule,
        Optional<Envelope> bbox,
        Optional<Instant> updatedAfter,
        Opened opened) {
    /**
     * What for and when a ticket was opened.
     *
     * @param services one of these
     * @param from at this moment or later
     * @param to before this moment
     */
    public record Opened(Set<String> services, Optional<Instant> from, Optional<Instant> to) {
        /** For anything, at any time. */
        public static final Opened EVER = new Opened(Set.of(), Optional.empty(), Optional.empty());

        public Opened {
            services = Set.copyOf(services);
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** Every ticket. */
    public static final TicketFilter ALL = new TicketFilter(
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Opened.EVER);

    public TicketFilter {
        statuses = Set.copyOf(statuses);
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(feature, "feature");
        Objects.requireNonNull(rule, "rule");
        bbox = bbox.map(Envelope::new);
        Objects.requireNonNull(updatedAfter, "updatedAfter");
        Objects.requireNonNull(opened, "opened");
    }
}
