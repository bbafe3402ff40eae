package city.canopy.gateway.store;

import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All uplinks that the service has not confirmed yet, in order, on disk. A message is kept before its device is answered
 * and leaves when the service has said that it has committed it, never otherwise: when there is no room the sender is
 * refused. With thinning switched on (it is off unless asked for) the oldest telemetry loses every other message instead.
 *
 * <p>Any thread.
 */
public final class MessageStore implements Inlet, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MessageStore.class);
    private static final String SPACE = "store";
    private static final String CONFIRMED = "confirmed/";
    private static final int BACK_FACTOR = 16;

    private final SegmentLog messages;
    private final StateStore state;
    private final EdgeClock clock;
    private final boolean thins;
    private final Ranges confirmed;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder appended = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder thinned = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final AtomicBoolean thinning = new AtomicBoolean();

    /**
     * Opens the store of a folder, or begins one.
     *
     * @param thins whether the oldest telemetry is thinned when there is no room
     * @throws StoreException when the folder cannot be read or written
     */
    public MessageStore(Path dir, SegmentLog.Limits limits, boolean thins, StateStore state, EdgeClock clock) {
        this.messages = SegmentLog.open(dir, limits, "gateway-store");
        this.state = state;
        this.clock = clock;
        this.thins = thins;
        this.confirmed = state.find(SPACE, CONFIRMED + messages.id())
                .map(bytes -> Ranges.parse(new String(bytes, StandardCharsets.US_ASCII)))
                .orElseGet(Ranges::new);
        if (messages.first() > 1) {
            confirmed.add(1, messages.first() - 1);
        }
        clock.beginAfter(newestEpoch());
        forgetEpochs();
    }

    /** The epoch of the last message that can be read; 0 where there is none. Further back only where the end has rotted. */
    private int newestEpoch() {
        int newest = 0;
        long from = messages.next();
        for (long back = 1; newest == 0 && from > messages.first(); back *= BACK_FACTOR) {
            from = Math.max(messages.first(), messages.next() - back);
            try (Reading tail = reader(from)) {
                for (StoredMessage each = tail.next(); each != null; each = tail.next()) {
                    newest = Math.max(newest, each.epoch());
                }
            }
        }
        return newest;
    }

    /** Of the clock's epochs those are needed that a message may still be sent with. */
    private void forgetEpochs() {
        try (Reading oldest = reader(firstUnconfirmed(1))) {
            StoredMessage message = oldest.next();
            clock.forgetBefore(message == null ? Integer.MAX_VALUE : message.epoch());
        }
    }

    /** The store's random name; another one when it begins anew. */
    public String id() {
        return messages.id();
    }

    @Override
    public CompletableFuture<Long> append(Message message) {
        return append(message, () -> false);
    }

    @Override
    public CompletableFuture<Long> append(Message message, BooleanSupplier earlierRefused) {
        if (!message.isForwardable()) {
            refused.increment();
            return CompletableFuture.failedFuture(new StoreException("a message of " + message.device()
                    + " is too long to be forwarded: its payload has at most " + EnvelopeJson.MAX_PAYLOAD
                    + " bytes, its topic " + Topics.MAX_LENGTH + " characters and its media type " + Message.MAX_TYPE));
        }
        CompletableFuture<Long> kept;
        synchronized (messages) {
            // Stamped and queued as one: the numbers go with the clock.
            EdgeClock.Stamp stamp = clock.stamp();
            kept = messages.append(MessageForm.write(message, stamp.micros(), stamp.epoch()), earlierRefused);
        }
        return kept.whenComplete((number, failure) -> {
            if (failure == null) {
                appended.increment();
                listeners.forEach(Runnable::run);
            } else {
                refused.increment();
                if (thins && failure instanceof StoreFullException && thinning.compareAndSet(false, true)) {
                    CompletableFuture.runAsync(this::thin);
                }
            }
        });
    }

    /** Is told, by the store's own thread, when more has been kept; must return at once. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** Reads what is kept from a number on, confirmed or not; close it when done. */
    public Reading reader(long from) {
        return new Reading(messages.reader(from));
    }

    /** A place in the store. One thread. */
    public final class Reading implements AutoCloseable {
        private final LogReader reader;
        private long damagedBefore;

        private Reading(LogReader reader) {
            this.reader = reader;
        }

        /** The next message, or null when there is none now. */
        public StoredMessage next() {
            LogReader.Entry entry = reader.next();
            long damagedNow = reader.damagedBytes();
            if (damagedNow > damagedBefore) {
                log.error("{} bytes of the store have rotted; what was in them is lost", damagedNow - damagedBefore);
                damaged.add(damagedNow - damagedBefore);
                damagedBefore = damagedNow;
            }
            return entry == null ? null : MessageForm.read(entry.number(), entry.body());
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException e) {
                log.debug("a reader did not close well", e);
            }
        }
    }

    /**
     * The service has committed these; they are not sent again, and their room is free in time. Numbers between that do not
     * exist (what has rotted, what was thinned) are confirmed with them.
     */
    public void confirm(long first, long last) {
        synchronized (confirmed) {
            confirmed.add(first, last);
            state.put(SPACE, CONFIRMED + messages.id(), confirmed.toString().getBytes(StandardCharsets.US_ASCII));
            messages.dropThrough(confirmed.through());
        }
    }

    /** The first number from {@code number} on that the service has not confirmed. */
    public long firstUnconfirmed(long number) {
        synchronized (confirmed) {
            return confirmed.firstMissing(number);
        }
    }

    /** The number that the next message gets. */
    public long next() {
        return messages.next();
    }

    public StoreStatus status() {
        long waiting;
        synchronized (confirmed) {
            waiting = confirmed.missing(messages.next() - 1);
        }
        return new StoreStatus(
                id(),
                messages.next(),
                waiting,
                messages.bytes(),
                messages.limits().mostBytes(),
                appended.sum(),
                refused.sum(),
                thinned.sum(),
                damaged.sum());
    }

    /** Every other message of each device is left out of the oldest file that still has some to spare. */
    private void thin() {
        Map<String, Boolean> keep = new HashMap<>();
        long left = 0;
        try {
            for (long first : messages.closedSegments()) {
                left = messages.rewrite(
                        first,
                        body -> !MessageForm.isTelemetry(body)
                                || keep.merge(MessageForm.device(body), true, (was, now) -> !was));
                if (left > 0) {
                    break;
                }
            }
            thinned.add(left);
            log.warn("the store is full: {} of the oldest telemetry messages were thinned out", left);
        } catch (IOException e) {
            log.error("the store is full and could not be thinned: {}", e.getMessage());
        } finally {
            thinning.set(false);
        }
    }

    @Override
    public void close() {
        messages.close();
    }
}
