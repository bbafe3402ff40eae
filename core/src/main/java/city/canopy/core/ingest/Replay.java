package city.canopy.core.ingest;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * A way into the line for quarantined messages: they go through it once more as if they had come now, with their own
 * receipt time. The row is closed when all of the message was taken, else it says why not; in the line's transaction.
 */
public final class Replay implements Door {
    private final Intake intake;
    private final Quarantine quarantine;

    /** What goes with a message: its row, and who waits for it. */
    private record Ticket(long row, CompletableFuture<QuarantineRow> done) {}

    public Replay(Intake intake, Quarantine quarantine) {
        this.intake = intake;
        this.quarantine = quarantine;
    }

    @Override
    public String name() {
        return "replay";
    }

    /**
     * Sends a row through the line.
     *
     * @return the row as it stands afterwards; completed by a thread of the line. Empty when there is no such row or it
     *     was taken already. Fails with {@link IllegalStateException} when the line is full
     */
    public Optional<CompletionStage<QuarantineRow>> replay(long id) {
        Optional<QuarantineRow> found = quarantine.find(id);
        if (found.isEmpty() || found.get().replayedAt().isPresent()) {
            return Optional.empty();
        }
        QuarantineRow row = found.get();
        CompletableFuture<QuarantineRow> done = new CompletableFuture<>();
        Uplink uplink = new Uplink(
                new DeviceId(row.device()), row.contentType(), row.payload().bytes(), row.receivedAt());
        if (!intake.offer(new Inbound(this, new Ticket(id, done), row.topic(), uplink))) {
            done.completeExceptionally(new IllegalStateException("the line is full; try again in a moment"));
        }
        return Optional.of(done.thenApplyAsync(taken -> quarantine.find(id).orElse(row)));
    }

    @Override
    public void committed(List<Inbound> messages) {
        for (Inbound message : messages) {
            ((Ticket) message.sender()).done().complete(null);
        }
    }

    /** Notes in the rows what became of the replayed messages of a batch. */
    static void note(Connection connection, Batch batch, PgQuarantine store) throws SQLException {
        for (Inbound message : batch.messages) {
            if (message.door() instanceof Replay) {
                List<Refused> refused = batch.refused.stream()
                        .filter(one -> one.message() == message)
                        .toList();
                String outcome = refused.stream()
                        .map(one -> one.refusal().code().wire() + ": "
                                + one.refusal().detail())
                        .collect(Collectors.joining("; "));
                store.replayed(
                        connection,
                        ((Ticket) message.sender()).row(),
                        refused.isEmpty(),
                        refused.isEmpty() ? "taken" : outcome,
                        batch.now);
            }
        }
    }
}
