package city.canopy.core.ingest;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What one partition does with its batches. Every call comes from the partition's own thread. */
public interface Pipeline extends AutoCloseable {
    /**
     * Takes the batch through the whole line, to the commit and the acknowledgement.
     *
     * @throws SQLException when the transaction failed; nothing of it happened, {@link #discard} must follow
     */
    void accept(List<Inbound> messages) throws SQLException;

    /** Gives a message that the database refused by itself a quarantine row, and acknowledges it. */
    void refuse(Inbound message, String why) throws SQLException;

    /** Does what is due by the clock alone. */
    void tick(Instant now) throws SQLException;

    /** Rolls back and forgets what the failed batch would have changed; after a lost connection makes a new one. */
    void discard();

    @Override
    void close();
}
