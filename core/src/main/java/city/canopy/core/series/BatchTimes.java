package city.canopy.core.series;

import java.util.Arrays;

/**
 * What one batch has seen of each of its datastreams: the highest event time so far and its newest stored sample. A
 * hash table that is used again for every batch, so that a sample costs no garbage. Not thread-safe.
 */
final class BatchTimes {
    private static final int SMALLEST = 1_024;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] ids = new long[0];
    private int[] stamps = new int[0];
    private long[] highest = new long[0];
    private long[] newestTime = new long[0];
    private int[] newest = new int[0];
    private int[] used = new int[0];
    private int size;
    private int stamp;
    private int shift;

    /** Forgets everything and makes room for this many datastreams. */
    void begin(int datastreams) {
        int capacity = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, datastreams)) << 2);
        if (ids.length < capacity) {
            ids = new long[capacity];
            stamps = new int[capacity];
            highest = new long[capacity];
            newestTime = new long[capacity];
            newest = new int[capacity];
            used = new int[capacity];
            shift = Long.numberOfLeadingZeros(capacity) + 1;
            stamp = 0;
        }
        if (++stamp == Integer.MAX_VALUE) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
        size = 0;
    }

    /** The datastream's place in this batch; the first time it takes over what memory knows. */
    int slot(long id, Latest latest) {
        int mask = ids.length - 1;
        int slot = (int) ((id * MIX) >>> shift);
        while (stamps[slot] == stamp) {
            if (ids[slot] == id) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        stamps[slot] = stamp;
        ids[slot] = id;
        highest[slot] = latest.measuredAt(id);
        newestTime[slot] = highest[slot];
        newest[slot] = -1;
        used[size++] = slot;
        return slot;
    }

    long highest(int slot) {
        return highest[slot];
    }

    /** Notes an event time, stored or not. */
    void saw(int slot, long time) {
        if (time > highest[slot]) {
            highest[slot] = time;
        }
    }

    /** Notes that a sample was stored. */
    void stored(int slot, long time, int sample) {
        if (time > newestTime[slot]) {
            newestTime[slot] = time;
            newest[slot] = sample;
        }
    }

    /** How many datastreams the batch has; the n-th is asked for by {@link #id} and {@link #newest}. */
    int size() {
        return size;
    }

    long id(int n) {
        return ids[used[n]];
    }

    /** The index of the sample that is now the datastream's newest, or -1. */
    int newest(int n) {
        return newest[used[n]];
    }
}
