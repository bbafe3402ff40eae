package city.canopy.core.commands;

import city.canopy.devices.envelope.Command;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A command with what became of it.
 *
 * @param seq its place in lists; higher for later ones
 * @param value what was read, as JSON; empty where nothing was
 * @param followed what became of the write that follows it; empty until somebody says it
 */
public record IssuedCommand(
        Command command,
        long seq,
        String createdBy,
        Instant createdAt,
        CommandState state,
        String detail,
        Optional<String> value,
        Times times,
        Optional<Followed> followed) {
    /** When it was first sent, and when the last reply came. */
    public record Times(Optional<Instant> sentAt, Optional<Instant> repliedAt) {}

    /** How ThingsBoard's form names it: its firmware takes numbers only. */
    public String rpc() {
        return command.rpcRequest();
    }

    public IssuedCommand {
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(followed, "followed");
    }
}
