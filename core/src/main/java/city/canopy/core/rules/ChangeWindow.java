package city.canopy.core.rules;

import java.util.Arrays;

/**
 * The lowest and the highest value of the last while, by event time, and when the value last moved too far. Amortised
 * constant time for each reading. Where readings come faster than a {@value #MAX_STEPS}th of the window, neighbours are
 * taken together and the window is longer by up to two such steps: nothing that moved is missed, and no more than
 * {@value #MAX_KEPT} values are kept each way. Not thread-safe.
 */
final class ChangeWindow {
    static final int MAX_STEPS = 1024;
    static final int MAX_KEPT = 2 * MAX_STEPS + 4;
    static final long NEVER = Long.MIN_VALUE;
    /** Decimal values such as 13.1 - 10.1 are not exact in binary. */
    private static final double ROUNDING = 1e-9;

    private final double by;
    private final long within;
    private final boolean up;
    private final boolean down;
    private final Extremes low;
    private final Extremes high;
    private long lastChange = NEVER;

    /**
     * @param by how far is too far
     * @param within the length of the window in microseconds
     */
    ChangeWindow(double by, long within, Rule.Direction direction) {
        this.by = by;
        this.within = within;
        this.up = direction != Rule.Direction.DOWN;
        this.down = direction != Rule.Direction.UP;
        long step = within / MAX_STEPS;
        this.low = new Extremes(1, step);
        this.high = new Extremes(-1, step);
    }

    /**
     * Takes the next value in.
     *
     * @param at not before any earlier one
     * @return whether it is {@code by} or more away from a value of the window, in the direction that counts
     */
    boolean add(long at, double value) {
        low.forgetBefore(at - within);
        high.forgetBefore(at - within);
        double far = by - ROUNDING * Math.max(by, Math.abs(value));
        boolean moved = !low.isEmpty() && (up && value - low.extreme() >= far || down && high.extreme() - value >= far);
        low.add(at, value);
        high.add(at, value);
        if (moved) {
            lastChange = at;
        }
        return moved;
    }

    /** The event time of the last value that had moved too far, or {@link #NEVER}. */
    long lastChange() {
        return lastChange;
    }

    /** How many values are kept, the larger of the two queues. */
    int kept() {
        return Math.max(low.size, high.size);
    }

    /** A queue of the values that are, or may yet become, the lowest (sign 1) or the highest (sign -1). */
    private static final class Extremes {
        private final int sign;
        private final long step;
        private long[] times = new long[8];
        private double[] values = new double[8];
        private int head;
        private int size;

        Extremes(int sign, long step) {
            this.sign = sign;
            this.step = step;
        }

        boolean isEmpty() {
            return size == 0;
        }

        double extreme() {
            return values[head];
        }

        void forgetBefore(long time) {
            while (size > 0 && times[head] < time) {
                head = next(head);
                size--;
            }
        }

        void add(long at, double value) {
            while (size > 0 && sign * values[last()] >= sign * value) {
                size--;
            }
            if (size > 1 && at - times[previous(last())] < 2 * step && at - times[last()] < step) {
                // The better of the two stays, and stays for as long as the later one would have.
                times[last()] = at;
                return;
            }
            if (size == times.length) {
                grow();
            }
            int slot = (head + size) & (times.length - 1);
            times[slot] = at;
            values[slot] = value;
            size++;
        }

        private int next(int slot) {
            return (slot + 1) & (times.length - 1);
        }

        private int previous(int slot) {
            return (slot - 1) & (times.length - 1);
        }

        private int last() {
            return (head + size - 1) & (times.length - 1);
        }

        private void grow() {
            long[] longerTimes = Arrays.copyOf(times, times.length * 2);
            double[] longerValues = Arrays.copyOf(values, values.length * 2);
            for (int i = 0; i < size; i++) {
                int slot = (head + i) & (times.length - 1);
                longerTimes[i] = times[slot];
                longerValues[i] = values[slot];
            }
            times = longerTimes;
            values = longerValues;
            head = 0;
        }
    }
}
