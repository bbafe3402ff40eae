package city.canopy.core.commands;

import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.model.DeviceId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Takes what devices and gateways reply, in the transaction of the batch that brought it. */
public final class CommandReplies {
    /** What became of a reply. */
    public enum Outcome {
        /** It stands. */
        TAKEN,
        /** It says what was said before. */
        REPEATED,
        /** It came when the command was over, and says something else. */
        TOO_LATE,
        /** The device was never given that command. */
        UNKNOWN
    }

    private CommandReplies() {}

    /**
     * A reply in ThingsBoard's form names its command by a number; it is given the command's id.
     *
     * @return the reply itself where it names no number, or none of a command of this device
     */
    public static CommandReply named(Connection c, DeviceId device, CommandReply reply) throws SQLException {
        Optional<String> id = PgCommands.idOf(c, device, reply.command());
        return id.isEmpty()
                ? reply
                : new CommandReply(id.get(), reply.state(), reply.detail(), reply.value(), reply.at());
    }

    /** The last reply counts; after a final state none does. What follows the command has states of its own. */
    public static Outcome take(Connection c, DeviceId device, CommandReply reply, Instant receivedAt)
            throws SQLException {
        Optional<CommandState> state = PgCommands.lock(c, device, reply.command());
        if (state.isEmpty()) {
            return Outcome.UNKNOWN;
        }
        if (reply.state().isOfThen()) {
            return takeThen(c, reply);
        }
        if (state.get().isFinal()) {
            return state.get().name().equals(reply.state().name()) ? Outcome.REPEATED : Outcome.TOO_LATE;
        }
        PgCommands.replied(c, reply, receivedAt);
        return Outcome.TAKEN;
    }

    private static Outcome takeThen(Connection c, CommandReply reply) throws SQLException {
        Followed now = Followed.of(reply);
        Optional<Followed> before = PgCommands.followed(c, reply.command());
        boolean isSame = before.isPresent()
                && before.get().state() == now.state()
                && before.get().detail().equals(now.detail());
        if (isSame) {
            return Outcome.REPEATED;
        } else if (before.isPresent() && before.get().state() != Followed.State.WAITING) {
            return Outcome.TOO_LATE;
        }
        PgCommands.followed(c, reply.command(), now);
        return Outcome.TAKEN;
    }
}
