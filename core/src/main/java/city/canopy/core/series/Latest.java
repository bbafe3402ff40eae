package city.canopy.core.series;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest committed reading of every datastream, in memory. This is the truth for whoever asks what is now; the
 * table {@code latest} follows it by some seconds and is completed from the readings at start. Thread-safe, never
 * blocks; a datastream takes about 60 bytes.
 */
public final class Latest {
    /** The highest datastream id that fits; 2^31 - 1. */
    public static final long MAX_DATASTREAM_ID = Integer.MAX_VALUE;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private volatile AtomicReferenceArray<LatestReading>[] chunks = new AtomicReferenceArray[0];

    /** The newest reading, or empty where the datastream has none. */
    public Optional<LatestReading> find(long datastreamId) {
        return Optional.ofNullable(reading(datastreamId));
    }

    /** The event time of the newest reading, or {@link Long#MIN_VALUE}. */
    long measuredAt(long datastreamId) {
        LatestReading reading = reading(datastreamId);
        return reading == null ? Long.MIN_VALUE : reading.measuredAt();
    }

    LatestReading reading(long datastreamId) {
        int chunk = (int) (datastreamId >>> CHUNK_BITS);
        AtomicReferenceArray<LatestReading>[] now = chunks;
        return chunk < now.length && now[chunk] != null ? now[chunk].get((int) datastreamId & (CHUNK - 1)) : null;
    }

    /** Takes a committed reading in, unless a newer one is there. */
    void adopt(long datastreamId, LatestReading reading) {
        AtomicReferenceArray<LatestReading> chunk = chunk(datastreamId);
        int index = (int) datastreamId & (CHUNK - 1);
        LatestReading before = chunk.get(index);
        while (before == null || before.measuredAt() < reading.measuredAt()) {
            if (chunk.compareAndSet(index, before, reading)) {
                return;
            }
            before = chunk.get(index);
        }
    }

    private AtomicReferenceArray<LatestReading> chunk(long datastreamId) {
        if (datastreamId < 0 || datastreamId > MAX_DATASTREAM_ID) {
            throw new IllegalArgumentException("a datastream id is 0 to 2147483647, not " + datastreamId);
        }
        int chunk = (int) (datastreamId >>> CHUNK_BITS);
        AtomicReferenceArray<LatestReading>[] now = chunks;
        return chunk < now.length && now[chunk] != null ? now[chunk] : grown(chunk);
    }

    private synchronized AtomicReferenceArray<LatestReading> grown(int chunk) {
        AtomicReferenceArray<LatestReading>[] now = chunks;
        if (chunk >= now.length || now[chunk] == null) {
            AtomicReferenceArray<LatestReading>[] next = Arrays.copyOf(now, Math.max(now.length, chunk + 1));
            next[chunk] = new AtomicReferenceArray<>(CHUNK);
            chunks = next;
            return next[chunk];
        }
        return now[chunk];
    }
}
