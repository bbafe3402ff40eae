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
 */
public record TicketFilter(
        Set<TicketState> statuses,
        Optional<String> layer,
        Optional<String> feature,
        Optional<String> rule,
        Optional<Envelope> bbox,
        Optional<Instant> updatedAfter) {
    /** Every ticket. */
    public static final TicketFilter ALL = new TicketFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public TicketFilter {
        statuses = Set.copyOf(statuses);
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(feature, "feature");
        Objects.requireNonNull(rule, "rule");
        bbox = bbox.map(Envelope::new);
        Objects.requireNonNull(updatedAfter, "updatedAfter");
    }
}
