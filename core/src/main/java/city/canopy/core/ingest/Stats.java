package city.canopy.core.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the line has done: since the start (in memory) and in all (in the database, moved by the same transaction as
 * what it counts, so the two never disagree).
 */
public final class Stats {
    /** What is counted. */
    public enum Count {
        /** Messages whose acknowledgement was given. */
        ACCEPTED,
        /** Readings stored. */
        STORED,
        /** Readings that were there already. */
        DUPLICATE,
        /** Refusals: a message, or a part of it. */
        QUARANTINED,
        /** Refusals over a device's daily quota: counted only. */
        OVER_QUOTA,
        /** Tickets opened. */
        TICKETS_OPENED;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Map<Count, LongAdder> sinceStart = new EnumMap<>(Count.class);

    public Stats() {
        for (Count count : Count.values()) {
            sinceStart.put(count, new LongAdder());
        }
    }

    public long sinceStart(Count count) {
        return sinceStart.get(count).sum();
    }

    /** The counts in all, over every partition that there ever was. */
    public static Map<Count, Long> inAll(Connection connection) throws SQLException {
        Map<Count, Long> all = new EnumMap<>(Count.class);
        for (Count count : Count.values()) {
            all.put(count, 0L);
        }
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(
                        "select split_part(name, '.', 2), sum(value) from counter where name like 'line%' group by 1")) {
            while (rows.next()) {
                String name = rows.getString(1);
                for (Count count : Count.values()) {
                    if (count.wire().equals(name)) {
                        all.put(count, rows.getLong(2));
                    }
                }
            }
        }
        return all;
    }

    /** What one batch adds. Owned by one partition. */
    static final class Delta {
        private final String partition;
        private final long[] values = new long[Count.values().length];

        /** @param index the partition's: each has rows of its own, so that no two wait for each other */
        Delta(int index) {
            this.partition = "line" + index + ".";
        }

        void add(Count count, long n) {
            values[count.ordinal()] += n;
        }

        void clear() {
            java.util.Arrays.fill(values, 0);
        }

        /** Moves the counts in all, in the caller's transaction. */
        void write(Connection connection) throws SQLException {
            String[] names = new String[values.length];
            Long[] numbers = new Long[values.length];
            for (Count count : Count.values()) {
                names[count.ordinal()] = partition + count.wire();
                numbers[count.ordinal()] = values[count.ordinal()];
            }
            try (PreparedStatement upsert = connection.prepareStatement(
                    "insert into counter select * from unnest(?::text[], ?::bigint[]) as n(name, value) where n.value <> 0"
                            + " on conflict (name) do update set value = counter.value + excluded.value")) {
                upsert.setArray(1, connection.createArrayOf("text", names));
                upsert.setArray(2, connection.createArrayOf("bigint", numbers));
                upsert.executeUpdate();
            }
        }
    }

    /** After the commit: what the batch added is true. */
    void adopt(Delta delta) {
        for (Count count : Count.values()) {
            sinceStart.get(count).add(delta.values[count.ordinal()]);
        }
    }
}
