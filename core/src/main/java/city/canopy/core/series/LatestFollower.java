package city.canopy.core.series;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One partition's part in letting the table {@code latest} follow memory: which rows are behind, when they are due, and
 * whether the mark in {@code checkpoint} that says so is there. Not thread-safe.
 */
final class LatestFollower {
    private final String partition;
    private final Latest latest;
    private final long everyMillis;
    private final Clock clock;
    private final Set<Long> behind = new HashSet<>();
    /** The committed mark: no committed reading that is behind was received before it. MAX_VALUE: no mark. */
    private long mark = Long.MAX_VALUE;

    private long writtenAt;

    LatestFollower(String partition, Latest latest, Duration every, Clock clock) {
        this.partition = partition;
        this.latest = latest;
        this.everyMillis = every.toMillis();
        this.clock = clock;
        this.writtenAt = clock.millis();
    }

    boolean due() {
        return !behind.isEmpty() && clock.millis() - writtenAt >= everyMillis;
    }

    /** Memory has taken in rows that nobody may have written. */
    void learned(Collection<Long> datastreams) {
        behind.addAll(datastreams);
    }

    /**
     * Inside a batch's transaction: writes everything when it is due, else sees to the mark.
     *
     * @param updates the batch's newest readings
     * @param stored all that the batch has stored
     * @return to be run after the commit
     */
    Runnable write(Connection c, TreeMap<Long, LatestReading> updates, List<Appended.Fresh> stored)
            throws SQLException {
        if (due()) {
            return writeAll(c, updates);
        }
        if (updates.isEmpty()) {
            return () -> {};
        }
        long earliest = mark;
        for (int i = 0; i < stored.size(); i++) {
            earliest = Math.min(earliest, stored.get(i).sample().receivedAt());
        }
        if (earliest < mark) {
            PgLatest.mark(c, partition, earliest);
        }
        long marked = earliest;
        return () -> {
            adopt(updates);
            behind.addAll(updates.keySet());
            mark = marked;
        };
    }

    Runnable writeNow(Connection c) throws SQLException {
        return behind.isEmpty() ? () -> {} : writeAll(c, new TreeMap<>());
    }

    private Runnable writeAll(Connection c, TreeMap<Long, LatestReading> updates) throws SQLException {
        TreeMap<Long, LatestReading> rows = new TreeMap<>(updates);
        for (Long datastream : behind) {
            rows.computeIfAbsent(datastream, latest::reading);
        }
        PgLatest.write(c, partition, rows);
        return () -> {
            adopt(updates);
            behind.clear();
            mark = Long.MAX_VALUE;
            writtenAt = clock.millis();
        };
    }

    private void adopt(Map<Long, LatestReading> updates) {
        updates.forEach(latest::adopt);
    }
}
