package city.canopy.gateway.store;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's time. Its clock may be wrong when it starts (a board without a battery begins in 1970) and put right later,
 * by the system or by the service. Time is therefore kept in stretches, <i>epochs</i>, each with a correction: a new one
 * begins at each start and whenever the clock jumps. A message keeps what the clock said and its epoch; when it is sent the
 * epoch's correction is added. Once anything of an epoch has been sent its correction stays, so that a message that is sent
 * twice bears the same time.
 *
 * <p>Corrections are kept in the state store. Any thread.
 */
public final class EdgeClock {
    /** A jump of the clock that is taken for a correction; less is drift. */
    static final Duration JUMP = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(EdgeClock.class);
    private static final String SPACE = "clock";
    private static final int FROZEN = 1;
    private static final int KNOWN = 2;
    private static final int BYTES = 13;
    private static final long KEPT_SECONDS = 10;

    /**
     * What is known of an epoch.
     *
     * @param run which start of the gateway it belongs to
     * @param frozen whether something of it has been sent
     * @param known whether someone who knows has said what time it was
     */
    private record Epoch(int run, long correctionMicros, boolean frozen, boolean known) {
        Epoch corrected(long micros) {
            return new Epoch(run, correctionMicros + micros, frozen, known);
        }

        Epoch asKnown() {
            return new Epoch(run, correctionMicros, frozen, true);
        }

        Epoch asFrozen() {
            return new Epoch(run, correctionMicros, true, known);
        }

        boolean isOpen() {
            return !frozen && !known;
        }

        byte[] bytes() {
            return ByteBuffer.allocate(BYTES)
                    .putInt(run)
                    .putLong(correctionMicros)
                    .put((byte) ((frozen ? FROZEN : 0) | (known ? KNOWN : 0)))
                    .array();
        }

        static Epoch of(byte[] bytes) {
            ByteBuffer value = ByteBuffer.wrap(bytes);
            int run = value.getInt();
            long correction = value.getLong();
            int flags = value.get();
            return new Epoch(run, correction, (flags & FROZEN) != 0, (flags & KNOWN) != 0);
        }
    }

    /** One that the state has lost: sent as the clock said, and the same for ever. */
    private static final Epoch UNKNOWN = new Epoch(0, 0, true, false);

    private final Clock clock;
    private final LongSupplier nanos;
    private final StateStore state;
    private final Map<Integer, Epoch> epochs = new HashMap<>();
    private final int run;
    private int epoch;
    /** The last change that was given to the state store; those before it are on disk when it is. */
    private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

    /** What the clock showed minus what the monotonic clock did, in microseconds. */
    private long offset;

    private long lastMicros = Long.MIN_VALUE;

    /**
     * Begins an epoch.
     *
     * @param clock the system's
     * @param nanos a clock that is never put right, such as {@link System#nanoTime}
     */
    public EdgeClock(Clock clock, LongSupplier nanos, StateStore state) {
        this.clock = clock;
        this.nanos = nanos;
        this.state = state;
        int newest = 0;
        int newestRun = 0;
        for (Map.Entry<String, byte[]> kept : state.list(SPACE).entrySet()) {
            Epoch known = Epoch.of(kept.getValue());
            int number = Integer.parseInt(kept.getKey());
            epochs.put(number, known);
            newest = Math.max(newest, number);
            newestRun = Math.max(newestRun, known.run());
        }
        this.run = newestRun + 1;
        this.offset = offset();
        begin(newest + 1, new Epoch(run, 0, false, false));
    }

    private long offset() {
        return micros(clock.instant()) - nanos.getAsLong() / 1_000;
    }

    private void begin(int number, Epoch fresh) {
        epoch = number;
        keep(number, fresh);
    }

    private void keep(int number, Epoch known) {
        epochs.put(number, known);
        write(number, known);
    }

    private void write(int number, Epoch known) {
        written = state.put(SPACE, Integer.toString(number), known.bytes());
    }

    /**
     * Leaves the epochs alone that a message on disk bears, though the state may know nothing of them: a full disk can take
     * a message and not the state. Without this a second run could give an epoch's number anew, and with it its own
     * correction to the first run's messages. To be called before the first stamp.
     *
     * @param used the newest epoch of any message on disk; 0 for none
     */
    synchronized void beginAfter(int used) {
        if (used < epoch) {
            return;
        }
        log.warn("the state knows nothing of the clock's epoch {}; its messages keep what the clock said", used);
        Epoch current = epochs.get(epoch);
        keep(epoch, UNKNOWN);
        begin(used + 1, current);
    }

    /**
     * Waits until what {@link #settle} has said is on disk, so that a kill does not change what was sent. When the disk
     * does not take it this returns all the same, since sending is what makes room; the next call tries anew.
     */
    public void awaitKept() throws InterruptedException {
        CompletableFuture<Void> last;
        synchronized (this) {
            last = written;
        }
        try {
            last.get(KEPT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            log.debug("the clock's epochs could not be kept: {}", e.getMessage());
            synchronized (this) {
                epochs.forEach(this::write);
            }
        } catch (TimeoutException e) {
            log.warn("the clock's epochs are not on disk after {} s; messages are sent all the same", KEPT_SECONDS);
        }
    }

    /** What is learnt now concerns the epochs of this run of which nothing was known and nothing sent. */
    private void correctOpen(long micros, boolean known) {
        for (int number : List.copyOf(epochs.keySet())) {
            Epoch open = epochs.get(number);
            if (open.run() == run && open.isOpen()) {
                Epoch corrected = open.corrected(micros);
                keep(number, known ? corrected.asKnown() : corrected);
            }
        }
    }

    /** A moment by the gateway's clock. */
    record Stamp(long micros, int epoch) {}

    /** Now; later than any other stamp of its epoch. */
    synchronized Stamp stamp() {
        check();
        lastMicros = Math.max(lastMicros + 1, micros(clock.instant()));
        return new Stamp(lastMicros, epoch);
    }

    /** Now, as far as is known. */
    public synchronized Instant now() {
        check();
        return instant(micros(clock.instant()) + epochs.get(epoch).correctionMicros());
    }

    /** Looks whether the clock has jumped. */
    private void check() {
        long now = offset();
        long jump = now - offset;
        offset = now;
        if (Math.abs(jump) < JUMP.toNanos() / 1_000) {
            return;
        }
        log.warn("the clock was put {} s {}", Math.abs(jump) / 1_000_000, jump > 0 ? "forward" : "back");
        Epoch before = epochs.get(epoch);
        lastMicros = Long.MIN_VALUE;
        if (before.known()) {
            // The time was known: it goes on from there, whatever the clock shows.
            long correction = before.correctionMicros() - jump;
            boolean right = Math.abs(correction) < JUMP.toNanos() / 1_000;
            begin(epoch + 1, new Epoch(run, right ? 0 : correction, false, true));
        } else {
            // Nothing was known: who put the clock is believed.
            correctOpen(jump, false);
            begin(epoch + 1, new Epoch(run, 0, false, false));
        }
    }

    /**
     * Someone who knows says what time it is now.
     *
     * @param tolerance how far the clock may be off before it is corrected
     */
    public synchronized void told(Instant truth, Duration tolerance) {
        check();
        Epoch current = epochs.get(epoch);
        long change = micros(truth) - micros(clock.instant()) - current.correctionMicros();
        boolean right = Math.abs(change) <= tolerance.toNanos() / 1_000;
        if (right) {
            correctOpen(0, true);
            return;
        }
        log.warn("the clock is {} s off; messages get the service's time", change / 1_000_000);
        correctOpen(change, true);
        if (!current.isOpen()) {
            begin(epoch + 1, new Epoch(run, current.correctionMicros() + change, false, true));
        }
    }

    /**
     * When a message came, as it is told to the service; the answer for a message stays the same from now on, and so it
     * does after a restart once the returned state is on disk.
     */
    public synchronized Instant settle(StoredMessage message) {
        Epoch known = epochs.getOrDefault(message.epoch(), UNKNOWN);
        if (!known.frozen()) {
            keep(message.epoch(), known.asFrozen());
        }
        return instant(message.clockMicros() + known.correctionMicros());
    }

    /** What the clock said when the message came. */
    public Instant shown(StoredMessage message) {
        return instant(message.clockMicros());
    }

    /** Forgets the epochs before the one of the oldest message that is kept; never the one that is now. */
    synchronized void forgetBefore(int oldest) {
        epochs.keySet().removeIf(number -> {
            if (number >= oldest || number == epoch) {
                return false;
            }
            state.remove(SPACE, Integer.toString(number));
            return true;
        });
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}
