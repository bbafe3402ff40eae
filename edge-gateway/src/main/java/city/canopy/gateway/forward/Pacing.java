package city.canopy.gateway.forward;

/**
 * How many messages of the backlog may be on their way at once: more while the service answers quickly, half as many as
 * soon as it takes longer than it should, so that what is said now does not wait behind what was said last week. One thread.
 */
final class Pacing {
    static final int MOST = 16;
    /** An answer that takes longer is slow, in nanoseconds. */
    static final long SLOW_NANOS = 500_000_000L;

    private int window = 2;

    /** How many may be on their way. */
    int window() {
        return window;
    }

    /** A message of the backlog was answered after so many nanoseconds. */
    void answered(long nanos) {
        window = nanos > SLOW_NANOS ? Math.max(1, window / 2) : Math.min(MOST, window + 1);
    }

    /** The connection is a new one. */
    void begin() {
        window = 2;
    }
}
