package city.canopy.core.announce;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One listener's place in the order. {@link #take()} and {@link #load()} are called by one thread at a time, never
 * both at once; {@link #close()} by any.
 */
public final class Subscription implements AutoCloseable {
    /** What there is to send. */
    public sealed interface Take {
        /** Send these, then take again. */
        record Events(List<byte[]> events) implements Take {}

        /** Nothing; the wake call comes when there is. */
        record Idle() implements Take {}

        /** What comes next is only in the table: call {@link Subscription#load()} on a thread that may block. */
        record Behind() implements Take {}
    }

    private static final int EVENTS_PER_TAKE = 100;

    private final EventFeed feed;
    private final Set<String> kinds;
    private final Runnable wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicReference<List<Frame>> passing = new AtomicReference<>();
    private volatile boolean closed;
    private long next;
    private Frame greeting;

    Subscription(EventFeed feed, Set<String> kinds, Runnable wake) {
        this.feed = feed;
        this.kinds = Set.copyOf(kinds);
        this.wake = wake;
    }

    void startAfter(Long after, long newest) {
        if (after != null && (after > newest || after < 0)) {
            greeting = Frame.reset(after, newest);
        }
        next = (after == null || greeting != null ? newest : after) + 1;
    }

    /** What to send now. Never blocks. */
    public Take take() {
        woken.set(false);
        List<byte[]> out = new ArrayList<>();
        if (greeting != null) {
            out.add(greeting.bytes());
            greeting = null;
        }
        List<Frame> values = passing.getAndSet(null);
        if (values != null) {
            values.forEach(frame -> out.add(frame.bytes()));
        }
        boolean more = true;
        while (more && out.size() < EVENTS_PER_TAKE) {
            Optional<List<Frame>> frames = feed.ring().from(next, EVENTS_PER_TAKE);
            if (frames.isEmpty()) {
                return out.isEmpty() ? new Take.Behind() : new Take.Events(out);
            }
            more = !frames.get().isEmpty();
            for (Frame frame : frames.get()) {
                add(frame, out);
            }
        }
        return out.isEmpty() ? new Take.Idle() : new Take.Events(out);
    }

    /**
     * The next events out of the table; may be empty where none is of a wanted kind, then take again. Where rows are
     * gone that the subscriber has not had, a {@code reset} event stands in their place and it goes on with the newest.
     * Blocks.
     *
     * @throws city.canopy.core.db.DatabaseException when the database does not answer
     */
    public List<byte[]> load() {
        List<byte[]> out = new ArrayList<>();
        for (Announced row : feed.page(next - 1)) {
            if (row.seq() != next) {
                return reset(out);
            }
            add(Frame.of(row), out);
        }
        if (out.isEmpty()
                && feed.page(next - 1).isEmpty()
                && next <= feed.ring().newest()) {
            return reset(out);
        }
        return out;
    }

    private List<byte[]> reset(List<byte[]> out) {
        long newest = feed.ring().newest();
        out.add(Frame.reset(next - 1, newest).bytes());
        next = newest + 1;
        return out;
    }

    private void add(Frame frame, List<byte[]> out) {
        if (wants(frame.kind())) {
            out.add(frame.bytes());
        }
        next = frame.seq() + 1;
    }

    boolean wants(String kind) {
        if (kinds.isEmpty() || kinds.contains(kind)) {
            return true;
        }
        int dot = kind.indexOf('.');
        return dot > 0 && kinds.contains(kind.substring(0, dot));
    }

    void wake() {
        if (!closed && woken.compareAndSet(false, true)) {
            wake.run();
        }
    }

    void passing(List<Frame> frames) {
        passing.set(frames);
        wake();
    }

    /** Ends it; no wake call comes any more but one that is under way. */
    @Override
    public void close() {
        closed = true;
        feed.remove(this);
    }
}
