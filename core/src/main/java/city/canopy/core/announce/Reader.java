package city.canopy.core.announce;

import city.canopy.core.db.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that works off what is announced. It is woken when there is something, looks for itself once in a while,
 * and when the database fails tries again, after a while that grows to five seconds. What it works off it marks in the
 * table, so nothing is lost when a call to wake it is.
 */
public final class Reader implements AutoCloseable {
    /** One round of work. */
    @FunctionalInterface
    public interface Round {
        /** Works off some; true when there is more to do at once. */
        boolean work();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Round round;
    private final long everyMillis;
    private final Semaphore signal = new Semaphore(0);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile String trouble;

    /** @param every how long it sleeps at most when nobody wakes it */
    public Reader(String name, Duration every, Round round) {
        this.round = round;
        this.everyMillis = every.toMillis();
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** What keeps it from its work; null when nothing does. */
    public String trouble() {
        return trouble;
    }

    boolean stopping() {
        return stop.getCount() == 0;
    }

    private void run() {
        long pause = 250;
        try {
            while (!stopping()) {
                try {
                    if (!round.work() && signal.tryAcquire(everyMillis, TimeUnit.MILLISECONDS)) {
                        signal.drainPermits();
                    }
                    trouble = null;
                    pause = 250;
                } catch (DatabaseException e) {
                    report(e);
                    if (!stop.await(pause, TimeUnit.MILLISECONDS)) {
                        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted to end", thread.getName());
        }
    }

    private void report(DatabaseException e) {
        if (trouble == null && !stopping()) {
            LOG.warn("{} cannot read or mark its work and tries again: {}", thread.getName(), e.getMessage());
        }
        trouble = String.valueOf(e.getMessage());
    }

    /** Ends after the round that is under way; after ten seconds it is interrupted. */
    @Override
    public void close() {
        stop.countDown();
        signal.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
