package city.canopy.core.ingest;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes one batch after the other through its {@link Pipeline}. When a transaction fails because a
 * message is at fault (SQLSTATE classes 22 and 23, or a fault of ours), the batch is halved down to it and the rest
 * commits; when anything else fails (connection, deadlock, disk), the same batch is tried again, unacknowledged, until
 * it goes through.
 */
final class Partition implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Partition.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final int SLOW_BATCH = 100;
    private static final long SLOW_PAUSE_MS = 200;

    private final LineConfig config;
    private final Pipeline pipeline;
    private final Line line;
    private final Clock clock;
    private final LinkedBlockingQueue<Inbound> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile Inbound oldest;
    private volatile String trouble;
    private volatile boolean closed;

    Partition(int index, LineConfig config, Pipeline pipeline, Line line, Clock clock) {
        this.config = config;
        this.pipeline = pipeline;
        this.line = line;
        this.clock = clock;
        this.thread = new Thread(this::run, "line-" + index);
    }

    void start() {
        thread.start();
    }

    /** Bounded by the line before it gets here. */
    void put(Inbound message) {
        queue.add(message);
    }

    Optional<Instant> oldestWaiting() {
        Inbound first = oldest;
        if (first == null) {
            first = queue.peek();
        }
        return Optional.ofNullable(first).map(message -> message.uplink().receivedAt());
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void run() {
        List<Inbound> batch = new ArrayList<>(config.batchMessages());
        long nextTick = System.nanoTime();
        while (!closed) {
            try {
                if (System.nanoTime() - nextTick >= 0) {
                    tick();
                    nextTick = System.nanoTime() + TICK.toNanos();
                }
                if (fill(batch, nextTick)) {
                    settle(batch);
                    release(batch);
                    batch.clear();
                    oldest = null;
                    if (line.pace() != Line.Pace.FULL) {
                        Thread.sleep(SLOW_PAUSE_MS);
                    }
                }
            } catch (InterruptedException e) {
                // Only close() interrupts; what is not committed is not acknowledged.
                closed = true;
            }
        }
        pipeline.close();
    }

    /** Waits for a first message until the next tick, then for the batch to fill or its time to pass. */
    private boolean fill(List<Inbound> batch, long nextTick) throws InterruptedException {
        Inbound first = queue.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (first == null) {
            return false;
        }
        oldest = first;
        batch.add(first);
        int most =
                line.pace() == Line.Pace.FULL ? config.batchMessages() : Math.min(SLOW_BATCH, config.batchMessages());
        long until = System.nanoTime() + config.batchDelay().toNanos();
        while (true) {
            queue.drainTo(batch, most - batch.size());
            long left = until - System.nanoTime();
            if (batch.size() >= most || left <= 0) {
                return true;
            }
            Inbound next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next == null) {
                return true;
            }
            batch.add(next);
        }
    }

    private void release(List<Inbound> batch) {
        long bytes = 0;
        for (Inbound message : batch) {
            bytes += message.weight();
        }
        line.released(bytes);
    }

    /** Comes back when every message of the batch is safe. */
    private void settle(List<Inbound> batch) throws InterruptedException {
        long pause = FIRST_PAUSE_MS;
        while (!closed) {
            try {
                pipeline.accept(batch);
                trouble = null;
                return;
            } catch (SQLException | RuntimeException e) {
                pipeline.discard();
                if (!isMessageAtFault(e)) {
                    pause = waitFor(e, pause);
                } else if (batch.size() > 1) {
                    int half = batch.size() / 2;
                    settle(batch.subList(0, half));
                    settle(batch.subList(half, batch.size()));
                    return;
                } else {
                    refuse(batch.get(0), e);
                    return;
                }
            }
        }
        throw new InterruptedException("closed");
    }

    private void refuse(Inbound message, Exception fault) throws InterruptedException {
        log.warn("a message on {} goes to quarantine as poisoned", message.topic(), fault);
        long pause = FIRST_PAUSE_MS;
        while (!closed) {
            try {
                pipeline.refuse(message, String.valueOf(fault.getMessage()));
                trouble = null;
                return;
            } catch (SQLException | RuntimeException e) {
                pipeline.discard();
                pause = waitFor(e, pause);
            }
        }
        throw new InterruptedException("closed");
    }

    private void tick() throws InterruptedException {
        try {
            pipeline.tick(clock.instant());
        } catch (SQLException | RuntimeException e) {
            pipeline.discard();
            waitFor(e, FIRST_PAUSE_MS);
        }
    }

    private long waitFor(Exception e, long pause) throws InterruptedException {
        String words = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!words.equals(trouble)) {
            log.warn("the line waits and tries again: {}", words, e);
        }
        trouble = words;
        Thread.sleep(pause);
        return Math.min(pause * 2, LONGEST_PAUSE_MS);
    }

    /** Whether trying again cannot help: the data is refused (22, 23), or our own code stumbles over it. */
    static boolean isMessageAtFault(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23");
            }
            if (cause instanceof SQLException) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
