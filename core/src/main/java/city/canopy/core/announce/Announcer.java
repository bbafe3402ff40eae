package city.canopy.core.announce;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what was committed into one order. Transactions commit in any order, so a number drawn inside them would come
 * out with holes that fill up later; the announcer numbers rows only once they are committed, and hands them on only
 * once the number is committed too. A reader that has seen number n has seen all below n.
 *
 * <p>One thread with one connection. Of several services on one database one numbers (an advisory lock held by its
 * connection); the others only follow. After a crash the next one goes on where the numbers end: a row that was
 * numbered and not yet handed on is in the table, where readers with a mark find it.
 */
public final class Announcer implements AutoCloseable {
    /** Rows numbered in one transaction at most. */
    public static final int BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final long POLL_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private record Listener(String name, Consumer<Announced> consumer) {}

    private final Database database;
    private final Clock clock;
    private final PgOutbox outbox = new PgOutbox();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "announcer");
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean leads;
    private volatile String trouble;
    private volatile long position;
    private volatile long listenerFailures;

    /**
     * Reads how far the order has come; the thread starts with {@link #start()}.
     *
     * @throws DatabaseException when the database does not answer
     */
    public Announcer(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.position = database.inTransaction(connection -> {
            outbox.prepare(connection);
            return outbox.position(connection);
        });
    }

    /**
     * Hands everything announced from now on to a listener, one by one, in order, on the announcer's thread. It must
     * not block and must not throw; what it throws is logged and counted, and the order goes on.
     *
     * @param name for the log
     */
    public void listen(String name, Consumer<Announced> listener) {
        listeners.add(new Listener(name, listener));
    }

    /** Starts the thread; once. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Says that rows were committed. Cheap, never blocks, any thread; without it rows wait up to 250 ms. */
    public void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** The number of the last row that was handed on. */
    public long position() {
        return position;
    }

    /** What keeps the announcer from its work, in the words of the database; null when nothing does. */
    public String trouble() {
        return trouble;
    }

    /** Whether this service is the one that numbers. */
    public boolean leads() {
        return leads;
    }

    /** How often a listener threw. */
    public long listenerFailures() {
        return listenerFailures;
    }

    /** How long the oldest committed row has waited for its number. Asks the database; blocks. */
    public Duration lag() {
        return database.read(connection -> outbox.waiting(connection, clock.instant()));
    }

    /** Numbers what is committed by now, hands it on, and ends; after ten seconds it is interrupted. */
    @Override
    public void close() {
        stopping = true;
        stop.countDown();
        signal.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    private void run() {
        long pause = POLL_MILLIS;
        while (!stopping) {
            try (Connection connection = database.open()) {
                connection.setAutoCommit(false);
                pause = POLL_MILLIS;
                announce(connection);
            } catch (SQLException | DatabaseException e) {
                leads = false;
                if (!stopping) {
                    report(e);
                    pause(pause);
                    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
                }
            }
        }
    }

    private void announce(Connection connection) throws SQLException {
        boolean last = false;
        while (!last) {
            last = stopping;
            int moved;
            do {
                leads = leads || outbox.tryLead(connection);
                moved = leads ? outbox.stamp(connection, BATCH) : 0;
                connection.commit();
                moved = Math.max(moved, handOn(connection));
                trouble = null;
            } while (moved == BATCH);
            if (!last) {
                await(POLL_MILLIS);
            }
        }
    }

    private int handOn(Connection connection) throws SQLException {
        List<Announced> rows = outbox.after(connection, position, BATCH);
        connection.commit();
        for (Announced row : rows) {
            for (Listener listener : listeners) {
                tell(listener, row);
            }
            position = row.seq();
        }
        return rows.size();
    }

    private void tell(Listener listener, Announced row) {
        try {
            listener.consumer().accept(row);
        } catch (RuntimeException e) {
            listenerFailures = listenerFailures + 1; // only this thread writes it
            LOG.error("the listener {} failed at event {}; it goes on with the next", listener.name(), row.seq(), e);
        }
    }

    private void report(Exception e) {
        if (trouble == null) {
            LOG.warn("the outbox cannot be announced and is tried again: {}", e.getMessage());
        }
        trouble = String.valueOf(e.getMessage());
    }

    /** Waits without listening to wake calls, which come thick while the database is away. */
    private void pause(long millis) {
        try {
            if (stop.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("told to stop while the database was away");
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private void await(long millis) {
        try {
            if (signal.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                signal.drainPermits();
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
