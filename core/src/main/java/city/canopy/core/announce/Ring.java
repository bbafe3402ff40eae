package city.canopy.core.announce;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The newest events, shared by all subscribers; bounded by count and by bytes, the oldest leave first. */
final class Ring {
    private final Frame[] slots;
    private final long maxBytes;
    private long bytes;
    private long oldest;
    private long newest;

    /** @param position the place of the last event before this ring */
    Ring(int maxFrames, long maxBytes, long position) {
        this.slots = new Frame[maxFrames];
        this.maxBytes = maxBytes;
        this.newest = position;
        this.oldest = position + 1;
    }

    /** Takes the next event. One that does not follow its predecessor makes the ring start anew with it. */
    synchronized void add(Frame frame) {
        if (frame.seq() != newest + 1) {
            while (oldest <= newest) {
                dropOldest();
            }
            oldest = frame.seq();
        }
        if (newest - oldest + 1 == slots.length) {
            dropOldest();
        }
        newest = frame.seq();
        slots[slot(newest)] = frame;
        bytes += frame.bytes().length;
        while (bytes > maxBytes && oldest < newest) {
            dropOldest();
        }
    }

    /** The place of the newest event. */
    synchronized long newest() {
        return newest;
    }

    /**
     * The events from a place on, in order, none when there is nothing newer; empty when the ring no longer holds that
     * place.
     */
    synchronized Optional<List<Frame>> from(long seq, int max) {
        if (seq < oldest) {
            return Optional.empty();
        }
        List<Frame> found = new ArrayList<>();
        for (long at = seq; at <= newest && found.size() < max; at++) {
            found.add(slots[slot(at)]);
        }
        return Optional.of(found);
    }

    private void dropOldest() {
        bytes -= slots[slot(oldest)].bytes().length;
        slots[slot(oldest)] = null;
        oldest++;
    }

    private int slot(long seq) {
        return (int) (seq % slots.length);
    }
}
