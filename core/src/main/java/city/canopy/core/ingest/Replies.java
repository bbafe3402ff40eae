package city.canopy.core.ingest;

import city.canopy.core.commands.CommandReplies;
import city.canopy.devices.codec.RefusalCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes what became of commands, in the batch's transaction. */
final class Replies {
    private Replies() {}

    /** A reply that belongs to nothing, or that contradicts how a command ended, is refused. */
    static void write(Connection connection, Batch batch) throws SQLException {
        if (batch.replies.isEmpty()) {
            return;
        }
        List<Batch.Reply> ordered = new ArrayList<>(batch.replies.size());
        for (Batch.Reply each : batch.replies) {
            ordered.add(new Batch.Reply(each.message(), CommandReplies.named(connection, each.device(), each.reply())));
        }
        // Sorted, so that two partitions never wait for each other; stable, so later replies stay later.
        ordered.sort(Comparator.comparing(reply -> reply.reply().command()));
        for (Batch.Reply each : ordered) {
            CommandReplies.Outcome outcome = CommandReplies.take(connection, each.device(), each.reply(), each.at());
            if (outcome == CommandReplies.Outcome.UNKNOWN) {
                batch.refuse(
                        each.message(),
                        RefusalCode.UNKNOWN_COMMAND,
                        "the device was never given the command " + each.reply().command());
            } else if (outcome == CommandReplies.Outcome.TOO_LATE) {
                batch.refuse(
                        each.message(),
                        RefusalCode.UNKNOWN_COMMAND,
                        "the command " + each.reply().command() + " was over when this came; it stays as it ended");
            }
        }
    }
}
