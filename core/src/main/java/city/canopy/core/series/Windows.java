package city.canopy.core.series;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The spans of time that a page of readings is looked for in, one after the other, each longer than the one before: a
 * page is mostly found in the first few days, and only their partitions are touched then.
 */
final class Windows {
    private static final long FIRST = 2 * Micros.DAY;
    private static final int GROWTH = 8;

    /**
     * A reading's place in the order.
     *
     * @param micros event time
     * @param datastream tells readings of the same moment apart
     */
    record Position(long micros, long datastream) {
        static Position parse(String cursor) {
            String[] parts = cursor.split("_", -1);
            try {
                if (parts.length == 2) {
                    return new Position(Long.parseLong(parts[0], 36), Long.parseLong(parts[1], 36));
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("the cursor is not one that a page gave", e);
            }
            throw new IllegalArgumentException("the cursor is not one that a page gave");
        }

        @Override
        public String toString() {
            return Long.toString(micros, 36) + "_" + Long.toString(datastream, 36);
        }
    }

    /**
     * One span.
     *
     * @param from first moment
     * @param to end, not included
     * @param after only readings that follow this one in the order
     */
    record Window(long from, long to, Position after) {}

    private final boolean newestFirst;
    private final Position after;
    private long from;
    private long to;
    private long length = FIRST;

    private Windows(boolean newestFirst, Position after, long from, long to) {
        this.newestFirst = newestFirst;
        this.after = after;
        this.from = from;
        this.to = to;
    }

    /** @param now with the retention it bounds a filter that has no bounds */
    static Windows of(ReadingsFilter filter, long now, Duration retention) {
        long oldest = now - PartitionedTables.micros(retention) - 2 * Micros.DAY;
        long newest = now + PartitionedTables.micros(SeriesLayout.AHEAD) + Micros.DAY;
        long from = filter.from() == null ? oldest : Math.max(oldest, clamped(filter.from(), oldest, newest));
        long to = filter.to() == null ? newest : clamped(filter.to(), oldest, newest);
        if (filter.cursor() == null) {
            Position start = filter.newestFirst() ? new Position(to, 0) : new Position(from, -1);
            return new Windows(filter.newestFirst(), start, from, to);
        }
        Position after = Position.parse(filter.cursor());
        if (after.micros() < oldest || after.micros() > newest) {
            throw new IllegalArgumentException("the cursor is of readings that are no longer kept");
        }
        return filter.newestFirst()
                ? new Windows(true, after, from, Math.min(to, after.micros() + 1))
                : new Windows(false, after, Math.max(from, after.micros()), to);
    }

    private static long clamped(Instant moment, long oldest, long newest) {
        if (moment.isBefore(Micros.instant(oldest))) {
            return oldest;
        }
        if (moment.isAfter(Micros.instant(newest))) {
            return newest;
        }
        // The readings' times are whole microseconds: "at or after" a finer moment begins with the next one.
        long micros = Micros.of(moment);
        return Micros.instant(micros).isBefore(moment) ? micros + 1 : micros;
    }

    /** The next span, or empty when all has been looked through. */
    Optional<Window> next() {
        if (from >= to) {
            return Optional.empty();
        }
        Window window;
        if (newestFirst) {
            long start = Math.max(from, to - length);
            window = new Window(start, to, after);
            to = start;
        } else {
            long end = Math.min(to, from + length);
            window = new Window(from, end, after);
            from = end;
        }
        length *= GROWTH;
        return Optional.of(window);
    }
}
