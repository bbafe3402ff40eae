package city.canopy.core.ingest;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.Uplink;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition of its own for what was received in the past: the same line from message to ticket, on a clock that stands
 * where the caller puts it. So frames, rules and tickets come out as they would have then. A message that comes twice has
 * no second effect, so after a crash the caller begins again a little earlier.
 *
 * <p>The caller's thread does the work. Messages of one device come in order of receipt, and none of a device that is
 * speaking at another door meanwhile.
 */
public final class Backfill implements Door, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Backfill.class);
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final long SLOW_PAUSE_MS = 200;

    private final SteeredClock clock = new SteeredClock();
    private final Pipeline pipeline;
    private final Supplier<Line.Pace> pace;

    /**
     * @param pipeline makes the pipeline on the clock that it is given
     * @param pace how fast the line takes messages: where the disk runs full this one slows down and stops as well
     */
    public Backfill(Function<Clock, Pipeline> pipeline, Supplier<Line.Pace> pace) {
        this.pipeline = pipeline.apply(clock);
        this.pace = pace;
    }

    @Override
    public String name() {
        return "backfill";
    }

    /**
     * Takes these messages in, in one transaction; comes back when it is committed. The clock goes to the receipt of the
     * last one.
     *
     * @param messages in order of receipt, at least one, at most 4096
     * @throws IllegalStateException when the database refuses a message
     * @throws InterruptedException when the thread is interrupted while it waits; the batch may or may not be in
     */
    public void take(List<Uplink> messages) throws InterruptedException {
        List<Inbound> batch = messages.stream()
                .map(uplink -> new Inbound(this, null, Topics.telemetry(uplink.device()), uplink))
                .toList();
        clock.now = messages.get(messages.size() - 1).receivedAt();
        settle(() -> pipeline.accept(batch));
    }

    /** Lets the clock go on to this moment: what has held for long enough fires, and who is silent is noticed. */
    public void tick(Instant now) throws InterruptedException {
        clock.now = now;
        settle(() -> pipeline.tick(now));
    }

    private interface Step {
        void run() throws SQLException;
    }

    private void settle(Step step) throws InterruptedException {
        keepPace();
        for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
            try {
                step.run();
                return;
            } catch (SQLException | RuntimeException e) {
                pipeline.discard();
                if (Partition.isMessageAtFault(e)) {
                    throw new IllegalStateException("a message of the past is refused: " + e.getMessage(), e);
                }
                log.warn("the backfill waits and tries again: {}", e.getMessage());
                Thread.sleep(pause);
            }
        }
    }

    private void keepPace() throws InterruptedException {
        if (pace.get() == Line.Pace.SLOW) {
            Thread.sleep(SLOW_PAUSE_MS);
        }
        while (pace.get() == Line.Pace.STOPPED) {
            Thread.sleep(SLOW_PAUSE_MS);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("the backfill is stopped");
        }
    }

    @Override
    public void committed(List<Inbound> messages) {
        // The caller waits for the commit itself.
    }

    /** Writes the latest values that are not written yet, and gives the connection back. */
    @Override
    public void close() {
        pipeline.close();
    }

    /** Stands still until it is put on. */
    private static final class SteeredClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }
    }
}
