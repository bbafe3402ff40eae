package city.canopy.core.tickets;

import city.canopy.core.photos.Photo;
import java.util.List;

/** What came of a person's wish. */
public sealed interface ActOutcome {
    /** It is done, once the transaction commits. */
    record Done(Ticket ticket, List<Witness> witnesses, List<Photo> photos) implements ActOutcome {
        public Done {
            witnesses = List.copyOf(witnesses);
            photos = List.copyOf(photos);
        }
    }

    /** There is no such ticket. */
    record Unknown() implements ActOutcome {}

    /** Somebody else has changed it since: look again. */
    record Stale(long version) implements ActOutcome {}

    /** One open ticket for this subject and service is there already. */
    record AlreadyOpen(Ticket ticket, List<Witness> witnesses) implements ActOutcome {
        public AlreadyOpen {
            witnesses = List.copyOf(witnesses);
        }
    }

    /**
     * It cannot be.
     *
     * @param code {@code move_not_allowed}, {@code reason_missing}, {@code unknown_service},
     *     {@code unknown_subject}, {@code too_many_photos}, or {@code merge_target_missing}, {@code _unknown},
     *     {@code _itself}, {@code _merged} or {@code _over}
     * @param detail what may be done instead
     */
    record Refused(String code, String detail) implements ActOutcome {}
}
