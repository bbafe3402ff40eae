package city.canopy.core.announce;

import city.canopy.core.db.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes what everybody has had time to read: rows of the outbox older than {@link #KEEP}, and the deliveries that
 * they belong to. What the retained state has not read yet stays. A subscriber that was away for longer gets a
 * {@code reset}; a webhook that was paused for longer misses what is gone.
 */
public final class OutboxTrimmer implements AutoCloseable {
    /** How long an event can be asked for again, when nothing else is said. */
    public static final Duration KEEP = Duration.ofDays(7);

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int BATCH = 5_000;

    private final Database database;
    private final Clock clock;
    private final Duration keep;
    private final PgOutbox outbox = new PgOutbox();
    private final Reader reader = new Reader("outbox-trimmer", EVERY, () -> trim() == BATCH);

    /** Keeps events for {@link #KEEP}. */
    public OutboxTrimmer(Database database, Clock clock) {
        this(database, clock, KEEP);
    }

    /** @param keep how long an event can be asked for again */
    public OutboxTrimmer(Database database, Clock clock, Duration keep) {
        this.database = database;
        this.clock = clock;
        this.keep = keep;
    }

    public void start() {
        reader.start();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** Removes some; gives back how many rows. */
    int trim() {
        return database.inTransaction(connection -> {
            Instant before = clock.instant().minus(keep);
            long upTo = outbox.mark(connection, RetainedState.MARK).orElse(Long.MAX_VALUE);
            return outbox.trim(connection, before, upTo, BATCH);
        });
    }
}
