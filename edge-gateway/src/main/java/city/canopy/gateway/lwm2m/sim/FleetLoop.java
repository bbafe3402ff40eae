package city.canopy.gateway.lwm2m.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a fleet: it waits for datagrams, for the time of timers and for tasks of other threads. */
final class FleetLoop {
    private static final Logger LOG = LoggerFactory.getLogger(FleetLoop.class);
    private static final long IDLE_MILLIS = 1_000;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "lwm2m-fleet");
    private volatile boolean closed;
    private volatile boolean ended;

    /** Something to be done later, unless it is cancelled. On the fleet's thread. */
    static final class Timer implements Comparable<Timer> {
        private final long due;
        private Runnable task;

        private Timer(long due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Timer other) {
            return Long.signum(due - other.due);
        }
    }

    FleetLoop() throws IOException {
        selector = Selector.open();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Does it on the fleet's thread; on this one when the fleet is closed. Any thread; never blocks. */
    void execute(Runnable task) {
        tasks.add(task);
        if (ended) {
            work();
        } else if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private synchronized void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
    }

    /** Does it after a while. On the fleet's thread. */
    Timer after(long millis, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), task);
        timers.add(timer);
        return timer;
    }

    /** Is told whenever there is something to read. Before the start, or on the fleet's thread. */
    void watch(DatagramChannel channel, Runnable readable) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, readable);
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(key -> guarded((Runnable) key.attachment()), waitMillis());
            } catch (IOException e) {
                throw new UncheckedIOException("the fleet's thread cannot wait any more", e);
            }
            woken.set(false);
            work();
            for (long now = System.nanoTime(); !timers.isEmpty() && timers.peek().due - now <= 0; ) {
                Timer timer = timers.poll();
                if (timer.task != null) {
                    guarded(timer.task);
                }
            }
        }
    }

    /** At least one: zero would be for ever. */
    private long waitMillis() {
        if (!tasks.isEmpty() || timers.isEmpty()) {
            return tasks.isEmpty() ? IDLE_MILLIS : 1;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(timers.peek().due - System.nanoTime());
        return Math.max(1, Math.min(IDLE_MILLIS, millis + 1));
    }

    /** One device's mistake does not stop the others. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a simulated device failed", e);
        }
    }

    /**
     * Ends the thread and waits until it is done.
     *
     * @param last is done before the tasks that wait
     */
    void close(Runnable last) {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the fleet stopped", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        last.run();
        ended = true;
        work();
    }
}
