package city.canopy.core.series;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A past being filled into the series: makes room for all of it at once and lets the roll-ups follow it in whole days,
 * each computed once, instead of hour by hour from marks. While it is open no hour is rolled up by the clock; charts read
 * what is not rolled up from the readings. After a crash another one, from where the first had come, goes on. One at a
 * time; any thread.
 */
public final class SeriesBackfill implements AutoCloseable {
    private final SeriesLayout layout;

    /**
     * Opens it.
     *
     * @param from before the first reading that is still to come
     * @param to after the last one
     * @throws IllegalArgumentException when the past is longer than readings are kept
     */
    public SeriesBackfill(SeriesLayout layout, Instant from, Instant to) {
        long first = Micros.of(from);
        long last = Micros.of(to);
        if (last < first
                || last - first > PartitionedTables.micros(layout.config().raw())) {
            throw new IllegalArgumentException("a past begins before it ends and is no longer than readings are kept, "
                    + layout.config().raw() + "; not " + from + " to " + to);
        }
        this.layout = layout;
        List<Long> days = new ArrayList<>();
        for (long day = Micros.floor(first, Micros.DAY); day <= last; day += Micros.DAY) {
            days.add(day);
        }
        layout.ensureReadings(days);
        if (layout.rollUps() != null) {
            layout.rollUps().holdAt(first);
        }
    }

    /**
     * Rolls up the whole days before this moment. Where the database keeps the roll-ups itself there is nothing to do: its
     * next refresh takes them up.
     *
     * @return how many hours
     */
    public int rollUp(Instant until) throws InterruptedException {
        return layout.rollUps() == null ? 0 : layout.rollUps().closeDays(Micros.of(until));
    }

    /** From now on hours are rolled up by the clock again. */
    @Override
    public void close() {
        if (layout.rollUps() != null) {
            layout.rollUps().release();
        }
    }
}
