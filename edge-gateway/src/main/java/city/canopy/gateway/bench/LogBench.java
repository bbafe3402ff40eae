package city.canopy.gateway.bench;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.SegmentLog;
import city.canopy.gateway.store.StoreStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What the store takes: messages kept a second, from several threads in groups, and the time that one alone takes, each
 * beside the same bytes written to a file of their own and forced.
 */
public final class LogBench {
    private static final int THREADS = 4;
    private static final int GROUP = 2_000;
    private static final int SINGLES = 1_000;
    private static final long SEGMENT_BYTES = 32L << 20;
    private static final long MOST_BYTES = 8L << 30;
    private static final long WEEK_AT_200 = 200L * 7 * 24 * 3600;
    private static final byte[] PAYLOAD = "[{\"bn\":\"/3303/0/\",\"bt\":1772341200.25,\"n\":\"5700\",\"v\":21.5}]"
            .getBytes(StandardCharsets.US_ASCII);

    private final Path dir;
    private final int seconds;
    private final Consumer<String> progress;

    /**
     * What was measured.
     *
     * @param payloadBytes of a message
     * @param appendsPerS messages kept a second, from several threads in groups
     * @param rawAppendsPerS the same bytes and groups by one thread, written to a file and forced
     * @param ratio of the two
     * @param bytesOnDisk of a message
     * @param gigabytesOfAWeekAt200PerS what a week of 200 messages a second takes
     * @param p50OneAloneMs from the append of a message to its number, when nobody else appends
     * @param rawP50OneAloneMs the same bytes written and forced
     */
    public record Result(
            int payloadBytes,
            long appendsPerS,
            long rawAppendsPerS,
            double ratio,
            double bytesOnDisk,
            double gigabytesOfAWeekAt200PerS,
            double p50OneAloneMs,
            double p99OneAloneMs,
            double rawP50OneAloneMs,
            double rawP99OneAloneMs) {}

    /**
     * @param dir is written into
     * @param seconds of each measurement
     * @param progress told what is being measured, a line each
     */
    public LogBench(Path dir, int seconds, Consumer<String> progress) {
        this.dir = dir;
        this.seconds = seconds;
        this.progress = progress;
    }

    public Result run() throws IOException, InterruptedException {
        try (FileStateStore state = FileStateStore.open(dir.resolve("state"))) {
            EdgeClock clock = new EdgeClock(Clock.systemUTC(), System::nanoTime, state);
            SegmentLog.Limits limits = new SegmentLog.Limits(SEGMENT_BYTES, MOST_BYTES);
            try (MessageStore store = new MessageStore(dir.resolve("messages"), limits, false, state, clock)) {
                progress.accept("the store: " + THREADS + " threads append groups of " + GROUP);
                inGroups(store, seconds / 4.0);
                double appends = inGroups(store, seconds);
                StoreStatus status = store.status();
                double bytes = (double) status.bytes() / status.appended();
                progress.accept("the store: one message alone");
                Samples alone = alone(store);
                progress.accept("the same bytes in a file, forced");
                int size = (int) Math.round(bytes);
                double raw = rawGroups(size);
                Samples rawAlone = rawAlone(size);
                return new Result(
                        PAYLOAD.length,
                        Math.round(appends),
                        Math.round(raw),
                        Figures.hundredths(appends / raw),
                        Figures.hundredths(bytes),
                        Figures.hundredths(WEEK_AT_200 * bytes / 1e9),
                        alone.millis(0.5),
                        alone.millis(0.99),
                        rawAlone.millis(0.5),
                        rawAlone.millis(0.99));
            }
        }
    }

    private static Message message(int number) {
        return new Message(new DeviceId("device-" + number % 10_000), "/lwm2m", "application/senml+json", PAYLOAD);
    }

    private static double inGroups(MessageStore store, double seconds) throws InterruptedException {
        LongAdder kept = new LongAdder();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> appendUntil(store, end, kept)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the store did not keep a message", e.getCause());
        } finally {
            threads.shutdown();
        }
        return kept.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static void appendUntil(MessageStore store, long end, LongAdder kept) {
        while (System.nanoTime() < end) {
            CompletableFuture<Long> last = null;
            for (int i = 0; i < GROUP; i++) {
                last = store.append(message(i));
            }
            // They are kept in order: with the last all are.
            last.join();
            kept.add(GROUP);
        }
    }

    private static Samples alone(MessageStore store) {
        Samples samples = new Samples();
        for (int i = 0; i < SINGLES; i++) {
            long start = System.nanoTime();
            store.append(message(i)).join();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    /** As many bytes at a time as the store's threads together have on their way. */
    private double rawGroups(int size) throws IOException {
        ByteBuffer group = ByteBuffer.allocateDirect(THREADS * GROUP * size);
        try (FileChannel channel = open("groups")) {
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            long written = 0;
            while (System.nanoTime() < end) {
                force(channel, group);
                written += THREADS * GROUP;
            }
            return written * 1e9 / (System.nanoTime() - start);
        }
    }

    private Samples rawAlone(int size) throws IOException {
        ByteBuffer one = ByteBuffer.allocateDirect(size);
        Samples samples = new Samples();
        try (FileChannel channel = open("alone")) {
            for (int i = 0; i < SINGLES; i++) {
                long start = System.nanoTime();
                force(channel, one);
                samples.add(System.nanoTime() - start);
            }
        }
        return samples;
    }

    private FileChannel open(String name) throws IOException {
        Files.createDirectories(dir);
        return FileChannel.open(
                dir.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static void force(FileChannel channel, ByteBuffer bytes) throws IOException {
        bytes.clear();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }
}
