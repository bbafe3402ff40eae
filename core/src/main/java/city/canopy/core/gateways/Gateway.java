package city.canopy.core.gateways;

import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A gateway as the service sees it.
 *
 * @param title for people
 * @param disabled it cannot log in
 * @param devices how many are behind it
 */
public record Gateway(
        DeviceId id,
        String title,
        Instant createdAt,
        boolean disabled,
        Enrolled enrolled,
        Seen seen,
        Configured configured,
        int devices) {

    /**
     * How far it has come with its enrolment.
     *
     * @param certificateEndsAt when its newest certificate ends; empty: it has not enrolled
     * @param tokenEndsAt until when its one-time token can be used; empty: there is none
     */
    public record Enrolled(Optional<Instant> certificateEndsAt, Optional<Instant> tokenEndsAt) {}

    /**
     * What was seen of it.
     *
     * @param online what it, or its last will, last said
     * @param waiting how many messages waited in it when it last said so, in its attribute {@code waiting}
     * @param stores its stores of messages, the one last heard first
     */
    public record Seen(
            Optional<Boolean> online, Optional<Instant> heardAt, Optional<Long> waiting, List<Store> stores) {
        public Seen {
            stores = List.copyOf(stores);
        }
    }

    /** One store of a gateway; it has another after its disk was replaced. */
    public record Store(String id, long seq, Instant updatedAt) {}

    /**
     * What it was told, and what of that it has taken.
     *
     * @param version the newest that was made for it; 0 before the first
     * @param acknowledged the newest that it said it had taken, in its attribute {@code config_version}
     */
    public record Configured(long version, Optional<Instant> at, Optional<Long> acknowledged) {}
}
