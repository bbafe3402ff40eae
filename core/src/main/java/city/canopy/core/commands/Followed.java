package city.canopy.core.commands;

import city.canopy.devices.envelope.CommandReply;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * What became of the write that follows a command: whether the valve that was opened has closed by itself.
 *
 * @param detail for people: why it is not done; empty where there is nothing to say
 * @param at when, by the clock of the gateway or device that does it
 */
public record Followed(State state, String detail, Instant at) {
    /** How far it has come. */
    public enum State {
        /** It is due and not done yet. */
        WAITING,
        /** It is done. */
        DONE,
        /** It will not be done. */
        FAILED,
        /** A later command for the same thing took its place. */
        REPLACED;

        /** As it is stored and shown: {@code done}. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    public Followed {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(at, "at");
    }

    /** @throws IllegalArgumentException when the reply is about the command itself */
    static Followed of(CommandReply reply) {
        State state = switch (reply.state()) {
            case THEN_WAITING -> State.WAITING;
            case THEN_DONE -> State.DONE;
            case THEN_FAILED -> State.FAILED;
            case THEN_REPLACED -> State.REPLACED;
            case WAITING, DONE, FAILED, EXPIRED ->
                throw new IllegalArgumentException(reply.state() + " tells of the command itself");
        };
        return new Followed(state, reply.detail(), reply.at());
    }
}
