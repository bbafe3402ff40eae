package city.canopy.core.bench;

/**
 * A histogram of durations with a resolution of about 3 %: 32 steps to each doubling, from a microsecond to over a
 * minute. Single-threaded.
 */
final class Latencies {
    private static final int STEPS = 32;
    private final long[] counts = new long[STEPS * 40];
    private long total;

    void add(long nanos) {
        double micros = Math.max(1, nanos / 1e3);
        int slot = (int) (Math.log(micros) / Math.log(2) * STEPS);
        counts[Math.min(counts.length - 1, slot)]++;
        total++;
    }

    void add(Latencies others) {
        for (int slot = 0; slot < counts.length; slot++) {
            counts[slot] += others.counts[slot];
        }
        total += others.total;
    }

    long total() {
        return total;
    }

    /** The duration in milliseconds under which this share of all lay. */
    double millis(double share) {
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            seen += counts[slot];
            if (seen >= wanted && seen > 0) {
                return Math.pow(2, (slot + 1) / (double) STEPS) / 1e3;
            }
        }
        return Double.NaN;
    }

    void clear() {
        java.util.Arrays.fill(counts, 0);
        total = 0;
    }
}
