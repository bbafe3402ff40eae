package city.canopy.gateway.bench;

import java.util.Arrays;

/** Durations in nanoseconds, all of them kept. Any thread. */
final class Samples {
    private long[] values = new long[1 << 12];
    private int size;

    synchronized void add(long nanos) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = nanos;
    }

    synchronized int size() {
        return size;
    }

    /** The duration in milliseconds that this share of all did not exceed, rounded to hundredths; 0 when there is none. */
    synchronized double millis(double share) {
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        int at = (int) Math.ceil(share * size) - 1;
        return Figures.hundredths(sorted[Math.max(0, at)] / 1e6);
    }
}
