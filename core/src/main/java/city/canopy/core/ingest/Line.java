package city.canopy.core.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The line's partitions and the bound before them. Messages of one subject always go to one partition, in order of
 * arrival; partitions overlap, the steps of a batch do not.
 */
public final class Line implements Intake, AutoCloseable {
    /** How fast the line takes messages. */
    public enum Pace {
        /** As fast as it can. */
        FULL,
        /** The disk is nearly full: small batches with a pause between, which the senders feel as back-pressure. */
        SLOW,
        /** Nothing more is taken. */
        STOPPED
    }

    private final LineConfig config;
    private final Function<Inbound, Integer> subjectHash;
    private final List<Partition> partitions = new ArrayList<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Set when a message was refused for want of room, until a quarter of the bound is free again. */
    private volatile boolean full;

    private volatile Pace pace = Pace.FULL;
    private volatile boolean draining;

    /**
     * Makes the partitions; {@link #start} sets them going.
     *
     * @param subjectHash a hash of the message's subject; spreads over all ints
     * @param pipelines makes the pipeline of the partition with this index
     * @param clock the time by which rules fire and devices are found silent
     */
    public Line(
            LineConfig config, Function<Inbound, Integer> subjectHash, IntFunction<Pipeline> pipelines, Clock clock) {
        this.config = config;
        this.subjectHash = subjectHash;
        for (int i = 0; i < config.partitions(); i++) {
            partitions.add(new Partition(i, config, pipelines.apply(i), this, clock));
        }
    }

    /** Which of {@code count} partitions takes a subject with this hash. */
    public static int partitionOf(int subjectHash, int count) {
        int mixed = subjectHash * 0x9E3779B9;
        return Math.floorMod(mixed ^ (mixed >>> 16), count);
    }

    public void start() {
        partitions.forEach(Partition::start);
    }

    @Override
    public boolean offer(Inbound message) {
        // Who comes while others wait for room waits with them: else those who never waited would take all of it.
        if (draining || pace == Pace.STOPPED || (full && !hasRoom())) {
            return false;
        }
        int weight = message.weight();
        long pending = pendingBytes.addAndGet(weight);
        // A line with nothing in it takes a message of any size: else one over the bound would wait for ever.
        if (pending > config.pendingBytes() && pending > weight) {
            pendingBytes.addAndGet(-weight);
            full = true;
            return false;
        }
        full = false;
        partitions
                .get(partitionOf(subjectHash.apply(message), partitions.size()))
                .put(message);
        return true;
    }

    @Override
    public void whenRoom(Runnable retry) {
        waiting.add(retry);
        if (hasRoom()) {
            // Room may have come between the refused offer and this call.
            letIn();
        }
    }

    /** A partition took these off; tells the doors that wait when there is room again. */
    void released(long bytes) {
        pendingBytes.addAndGet(-bytes);
        if (!waiting.isEmpty() && hasRoom()) {
            letIn();
        }
    }

    private boolean hasRoom() {
        return !draining && pace != Pace.STOPPED && pendingBytes.get() < config.pendingBytes() * 3 / 4;
    }

    private void letIn() {
        for (int n = waiting.size(); n > 0; n--) {
            Runnable retry = waiting.poll();
            if (retry == null) {
                return;
            }
            retry.run();
        }
    }

    /** Sets the pace; the disk watch does, from its own thread. */
    public void pace(Pace pace) {
        this.pace = pace;
        if (hasRoom()) {
            letIn();
        }
    }

    public Pace pace() {
        return pace;
    }

    /** Bytes that wait or are being worked on. */
    public long pending() {
        return pendingBytes.get();
    }

    /** When the oldest message that is not yet safe came in. */
    public Optional<Instant> oldestWaiting() {
        return partitions.stream()
                .flatMap(partition -> partition.oldestWaiting().stream())
                .min(Instant::compareTo);
    }

    /** Why a partition does not get on, in the database's words; empty when all do. */
    public Optional<String> trouble() {
        return partitions.stream()
                .flatMap(partition -> partition.trouble().stream())
                .findFirst();
    }

    /**
     * Takes nothing more and waits until all that was taken is safe.
     *
     * @return whether that was so within the time
     */
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        long until = System.nanoTime() + limit.toNanos();
        while (pendingBytes.get() > 0) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            Thread.sleep(2);
        }
        return true;
    }

    /** Stops the partitions where they are; what was not committed was not acknowledged either. */
    @Override
    public void close() {
        draining = true;
        partitions.forEach(Partition::close);
    }
}
