package city.canopy.core.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs blocking work, JDBC above all, on a bounded pool of named threads, and comes back to the event loop. Over the
 * bound the work is refused with 503 and {@code Retry-After}; it never waits in memory without end.
 */
public final class Blocking implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final ThreadPoolExecutor pool;
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param name the threads are named {@code canopy-NAME-N}
     * @param threads how many run at once
     * @param waiting how many may wait
     */
    public Blocking(Vertx vertx, String name, int threads, int waiting) {
        this.vertx = vertx;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, "canopy-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        this.pool.allowCoreThreadTimeOut(true);
    }

    /** Runs it; the future completes on the caller's own event loop. Fails with a 503 problem when the pool is full. */
    public <T> Future<T> run(Callable<T> work) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        try {
            pool.execute(() -> finish(context, promise, work));
        } catch (RejectedExecutionException e) {
            refused.incrementAndGet();
            promise.fail(ProblemException.busy(
                    "The service has more to do than it can; try again in a few seconds.", RETRY_AFTER));
        }
        return promise.future();
    }

    private static <T> void finish(Context context, Promise<T> promise, Callable<T> work) {
        T result;
        try {
            result = work.call();
        } catch (Throwable e) {
            context.runOnContext(v -> promise.fail(e));
            return;
        }
        context.runOnContext(v -> promise.complete(result));
    }

    /** How many were refused since start. */
    public long refused() {
        return refused.get();
    }

    /** How many run or wait now. */
    public int busy() {
        return pool.getActiveCount() + pool.getQueue().size();
    }

    /** Waits up to ten seconds for what is running, then interrupts it. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
