package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGConnection;

/**
 * The table {@code latest}, which follows memory lazily. A partition that has committed readings whose latest values it
 * has not written has a row in {@code checkpoint}: the earliest receipt time among them. So at start the tail of the
 * readings from there on completes what the table lacks, whatever was killed when.
 */
final class PgLatest {
    private static final String COLUMNS = "datastream_id, " + Micros.fromTime("measured_at") + ", value, "
            + Micros.fromTime("received_at") + ", frame_id";

    private PgLatest() {}

    /** Says that readings received from this moment on are not in the table. */
    static void mark(Connection c, String partition, long receivedAt) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into checkpoint (name, received_at) values (?, "
                + Micros.toTime("?::bigint") + ") on conflict (name) do update"
                + " set received_at = least(checkpoint.received_at, excluded.received_at)")) {
            s.setString(1, partition);
            s.setLong(2, receivedAt);
            s.executeUpdate();
        }
    }

    /** Writes rows, by ascending datastream, and takes the partition's mark away. */
    static void write(Connection c, String partition, TreeMap<Long, LatestReading> rows) throws SQLException {
        upsert(c, rows);
        try (PreparedStatement s = c.prepareStatement("delete from checkpoint where name = ?")) {
            s.setString(1, partition);
            s.executeUpdate();
        }
    }

    private static void upsert(Connection c, TreeMap<Long, LatestReading> rows) throws SQLException {
        int n = rows.size();
        long[] datastreams = new long[n];
        long[] measured = new long[n];
        double[] values = new double[n];
        long[] received = new long[n];
        long[] frames = new long[n];
        int i = 0;
        for (Map.Entry<Long, LatestReading> row : rows.entrySet()) {
            datastreams[i] = row.getKey();
            measured[i] = row.getValue().measuredAt();
            values[i] = row.getValue().value();
            received[i] = row.getValue().receivedAt();
            frames[i] = row.getValue().frame();
            i++;
        }
        PGConnection pg = c.unwrap(PGConnection.class);
        try (PreparedStatement s = c.prepareStatement("insert into latest (datastream_id, measured_at, value,"
                + " received_at, frame_id) select d, " + Micros.toTime("m") + ", v, " + Micros.toTime("r") + ", f"
                + " from unnest(?::bigint[], ?::bigint[], ?::float8[], ?::bigint[], ?::bigint[]) as t(d, m, v, r, f)"
                + " on conflict (datastream_id) do update set measured_at = excluded.measured_at,"
                + " value = excluded.value, received_at = excluded.received_at, frame_id = excluded.frame_id"
                + " where latest.measured_at < excluded.measured_at")) {
            s.setArray(1, pg.createArrayOf("int8", datastreams));
            s.setArray(2, pg.createArrayOf("int8", measured));
            s.setArray(3, pg.createArrayOf("float8", values));
            s.setArray(4, pg.createArrayOf("int8", received));
            s.setArray(5, pg.createArrayOf("int8", frames));
            s.executeUpdate();
        }
    }

    /** Rebuilds memory and table from the table and the tail of the readings. Nobody appends meanwhile. */
    static Latest load(Database database) {
        return database.inTransaction(c -> {
            Latest latest = new Latest();
            try (Statement s = c.createStatement()) {
                s.setFetchSize(10_000);
                try (ResultSet r = s.executeQuery("select " + COLUMNS + " from latest")) {
                    while (r.next()) {
                        latest.adopt(r.getLong(1), row(r));
                    }
                }
                TreeMap<Long, LatestReading> tail = tail(s);
                tail.forEach(latest::adopt);
                upsert(c, tail);
                s.execute("delete from checkpoint");
            }
            return latest;
        });
    }

    private static TreeMap<Long, LatestReading> tail(Statement s) throws SQLException {
        TreeMap<Long, LatestReading> tail = new TreeMap<>();
        String from;
        try (ResultSet r = s.executeQuery("select " + Micros.fromTime("min(received_at)") + " from checkpoint")) {
            r.next();
            from = r.getString(1);
        }
        if (from == null) {
            return tail;
        }
        // The tail is a sliver of many partitions; the block ranges of received_at find it.
        s.execute("set local enable_seqscan = off");
        try (ResultSet r = s.executeQuery("select distinct on (datastream_id) " + COLUMNS + " from observation"
                + " where received_at >= " + Micros.toTime(from) + " order by datastream_id, measured_at desc")) {
            while (r.next()) {
                tail.put(r.getLong(1), row(r));
            }
        }
        return tail;
    }

    /** The newest stored readings of these datastreams, as far as they are newer than memory. */
    static Map<Long, LatestReading> newer(Connection c, Latest latest, long[] datastreams) throws SQLException {
        long[] known = new long[datastreams.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = Math.max(latest.measuredAt(datastreams[i]), 0);
        }
        PGConnection pg = c.unwrap(PGConnection.class);
        Map<Long, LatestReading> newer = new TreeMap<>();
        try (PreparedStatement s = c.prepareStatement("select o.* from unnest(?::bigint[], ?::bigint[]) as t(d, k)"
                + " cross join lateral (select " + COLUMNS + " from observation where datastream_id = t.d"
                + " and measured_at > " + Micros.toTime("t.k") + " order by measured_at desc limit 1) o")) {
            s.setArray(1, pg.createArrayOf("int8", datastreams));
            s.setArray(2, pg.createArrayOf("int8", known));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    newer.put(r.getLong(1), row(r));
                }
            }
        }
        return newer;
    }

    private static LatestReading row(ResultSet r) throws SQLException {
        return new LatestReading(r.getLong(2), r.getDouble(3), r.getLong(4), r.getLong(5));
    }
}
