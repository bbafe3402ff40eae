package city.canopy.devices.envelope;

import java.time.Instant;
import java.util.Objects;

/**
 * What became of a command; published on {@code canopy/v1/devices/{device}/commands/{id}/reply} by the device or, for a
 * LwM2M device, by its gateway. Only the last one counts; after DONE, FAILED or EXPIRED none is taken but what tells of the
 * write that follows (a valve that closes by itself), of which the last one counts too.
 *
 * @param command the command's id
 * @param detail for people: why it failed, what it waits for; empty where there is nothing to say
 * @param value what a READ gave, or null
 * @param at when, by the clock of who replies
 */
public record CommandReply(String command, State state, String detail, Object value, Instant at) {
    /** How far it has come. */
    public enum State {
        /** The gateway keeps it until the device wakes. */
        WAITING,
        /** The device did it. */
        DONE,
        /** The device, or the gateway for it, says that it cannot be done. */
        FAILED,
        /** It was not done in time, and will not be. */
        EXPIRED,
        /** What follows the command is due and not done yet; it is tried again. */
        THEN_WAITING,
        /** What follows the command is done. */
        THEN_DONE,
        /** What follows the command will not be done: somebody must see to it. */
        THEN_FAILED,
        /** What follows a later command for the same thing is done instead. */
        THEN_REPLACED;

        /** Whether it tells of what follows the command, and not of the command. */
        public boolean isOfThen() {
            return compareTo(THEN_WAITING) >= 0;
        }
    }

    public CommandReply {
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(at, "at");
    }
}
