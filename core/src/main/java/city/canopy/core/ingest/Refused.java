package city.canopy.core.ingest;

import city.canopy.devices.codec.Refusal;
import java.util.Objects;

/**
 * Something in a message that was not taken.
 *
 * @param message the message
 * @param refusal why
 */
record Refused(Inbound message, Refusal refusal) {
    Refused {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(refusal, "refusal");
    }

    /** The same with the details of another refusal of the same message and code. */
    Refused and(Refused other) {
        return new Refused(
                message,
                new Refusal(
                        refusal.code(),
                        refusal.detail() + "; " + other.refusal().detail()));
    }
}
