package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Hourly and daily roll-ups kept by us. An hour is rolled up whole, once, some minutes after its end. A reading that
 * comes for an hour rolled up already leaves a mark in its own transaction, and marked hours are computed again from
 * the readings; so a roll-up and its readings cannot differ for longer than one round. Days are UTC days, made from
 * hours. While a past is filled in the roll-ups are held where it begins, and follow it in whole days. Thread-safe.
 */
final class PgRollUps {
    /** How long after its end an hour waits for stragglers. */
    static final Duration GRACE = Duration.ofMinutes(10);
    /** How many hours one round closes, and how many marks one transaction takes. */
    static final int HOURS_PER_ROUND = 48;

    static final int MARKS_PER_TRANSACTION = 500;
    private static final int TRANSACTIONS_PER_ROUND = 200;
    /** How long a round waits for writers at work; then the hours are left for the next round. */
    static final Duration WAIT_FOR_WRITERS = Duration.ofSeconds(60);

    private static final String HOUR = "date_trunc('hour', measured_at, 'UTC')";
    private static final String DAY = "date_trunc('day', bucket, 'UTC')";
    private static final String SELECT_HOUR = "select datastream_id, " + HOUR + ", count(*), min(value), max(value),"
            + " sum(value), (array_agg(value order by measured_at))[1],"
            + " (array_agg(value order by measured_at desc))[1] from observation o where %s group by 1, 2";
    private static final String SELECT_DAY = "select datastream_id, " + DAY + ", sum(n)::bigint, min(min_value),"
            + " max(max_value), sum(sum_value), (array_agg(first_value order by bucket))[1],"
            + " (array_agg(last_value order by bucket desc))[1] from rollup_hour h where %s group by 1, 2";
    /** So that an index page is filled before the next is begun. */
    private static final String IN_ORDER = " order by 1, 2";

    private static final String REPLACE = " on conflict (datastream_id, bucket) do update set n = excluded.n,"
            + " min_value = excluded.min_value, max_value = excluded.max_value, sum_value = excluded.sum_value,"
            + " first_value = excluded.first_value, last_value = excluded.last_value";

    private final Database database;
    private final Duration waitForWriters;
    /** Readings measured before this moment leave a mark; set before the hours up to it are rolled up. */
    private volatile long announced;
    /** Roll-ups are complete up to this moment, but for marked hours. */
    private volatile long rolledUntil;
    /** Whether a past is being filled in: no hour is closed by the clock then. */
    private boolean held;

    PgRollUps(Database database, Duration waitForWriters) {
        this.database = database;
        this.waitForWriters = waitForWriters;
    }

    /** Makes the books where they are not there. What was measured before the first call leaves marks from then on. */
    void prepare(long now) {
        rolledUntil = database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                s.execute("create table if not exists rollup_mark (name text primary key, until timestamptz not null)");
                s.execute("create table if not exists rollup_late (datastream_id bigint not null,"
                        + " bucket timestamptz not null, primary key (datastream_id, bucket)) with (fillfactor = 50)");
                s.execute("insert into rollup_mark values ('hour', "
                        + Micros.toTime(Long.toString(Micros.floor(now, Micros.HOUR))) + ") on conflict do nothing");
                try (ResultSet r = s.executeQuery("select " + Micros.fromTime("until") + " from rollup_mark")) {
                    r.next();
                    return r.getLong(1);
                }
            }
        });
        announced = rolledUntil;
    }

    /** Where the roll-ups end and only readings tell. */
    long rolledUntil() {
        return rolledUntil;
    }

    /**
     * To be asked by a writer after it has written: its transaction has an id by then, so either it sees the
     * announcement, or {@link #closeHours} waits for it.
     */
    long marksBefore() {
        return announced;
    }

    /** Notes that these hours of these datastreams are to be computed again. Sorted by the caller. */
    static void markLate(Connection c, Long[] datastreams, Long[] hours) throws SQLException {
        // An update, not "do nothing": it locks the mark until we commit, so that nobody works it off before.
        try (PreparedStatement s = c.prepareStatement("insert into rollup_late select d, " + Micros.toTime("h")
                + " from unnest(?::bigint[], ?::bigint[]) as t(d, h)"
                + " on conflict (datastream_id, bucket) do update set bucket = excluded.bucket")) {
            s.setArray(1, c.createArrayOf("int8", datastreams));
            s.setArray(2, c.createArrayOf("int8", hours));
            s.executeUpdate();
        }
    }

    /** Rolls up the hours that have ended; returns how many. None while the roll-ups are held. */
    synchronized int closeHours(long now) throws InterruptedException {
        if (held) {
            return 0;
        }
        long until = Micros.floor(now - GRACE.toSeconds() * Micros.SECOND, Micros.HOUR);
        until = Math.min(until, rolledUntil + HOURS_PER_ROUND * Micros.HOUR);
        if (until <= rolledUntil) {
            return 0;
        }
        announced = until;
        if (!writersBeforeNowHaveEnded()) {
            return 0;
        }
        int hours = 0;
        for (long hour = rolledUntil; hour < until; hour += Micros.HOUR, hours++) {
            close(hour, hour + Micros.HOUR);
        }
        return hours;
    }

    /**
     * Takes the end of the roll-ups back to the beginning of a past that is about to be filled in, so that its readings
     * leave no marks, and holds it there until {@link #release}. What is rolled up behind it already is rolled up again.
     */
    synchronized void holdAt(long moment) {
        held = true;
        long hour = Micros.floor(moment, Micros.HOUR);
        if (hour < rolledUntil) {
            database.inTransaction(c -> {
                try (Statement s = c.createStatement()) {
                    s.execute("update rollup_mark set until = " + Micros.toTime(Long.toString(hour)));
                }
                return null;
            });
            rolledUntil = hour;
        }
        announced = rolledUntil;
    }

    /** Rolls up whole days of a past that is there by now, up to this moment; returns how many hours. */
    synchronized int closeDays(long until) throws InterruptedException {
        long end = Micros.floor(until, Micros.DAY);
        if (end <= rolledUntil) {
            return 0;
        }
        announced = end;
        if (!writersBeforeNowHaveEnded()) {
            return 0;
        }
        long from = rolledUntil;
        close(from, end);
        return (int) ((end - from) / Micros.HOUR);
    }

    /** The past is there: hours are closed by the clock again. */
    synchronized void release() {
        held = false;
    }

    private boolean writersBeforeNowHaveEnded() throws InterruptedException {
        // An id of our own is above all that were given out; a snapshot's xmax is only above those that have ended.
        long next = ask("select pg_current_xact_id()::text::bigint");
        long deadline = System.nanoTime() + waitForWriters.toNanos();
        while (ask("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint") < next) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    private long ask(String sql) {
        return database.inTransaction(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                r.next();
                return r.getLong(1);
            }
        });
    }

    private void close(long from, long end) {
        long firstDay = Micros.floor(from, Micros.DAY);
        long lastDay = Micros.floor(end, Micros.DAY);
        database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                s.execute("insert into rollup_hour " + String.format(SELECT_HOUR, between("measured_at", from, end))
                        + IN_ORDER + REPLACE);
                if (firstDay < lastDay) {
                    s.execute("insert into rollup_day "
                            + String.format(SELECT_DAY, between("bucket", firstDay, lastDay)) + IN_ORDER + REPLACE);
                }
                s.execute("update rollup_mark set until = " + Micros.toTime(Long.toString(end)));
            }
            return null;
        });
        rolledUntil = end;
    }

    private static String between(String column, long from, long to) {
        return column + " >= " + Micros.toTime(Long.toString(from)) + " and " + column + " < "
                + Micros.toTime(Long.toString(to));
    }

    /** Computes marked hours again; returns how many. */
    synchronized int repairLate() {
        int repaired = 0;
        for (int i = 0; i < TRANSACTIONS_PER_ROUND; i++) {
            int n = database.inTransaction(this::repairSome);
            repaired += n;
            if (n < MARKS_PER_TRANSACTION) {
                break;
            }
        }
        return repaired;
    }

    private int repairSome(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute("create temporary table if not exists rollup_work (datastream_id bigint, bucket timestamptz)"
                    + " on commit delete rows");
            // What a writer still holds is left for the next round.
            int taken = s.executeUpdate(
                    "with taken as (delete from rollup_late where (datastream_id, bucket) in"
                            + " (select datastream_id, bucket from rollup_late where bucket < "
                            + Micros.toTime(Long.toString(rolledUntil)) + " limit " + MARKS_PER_TRANSACTION
                            + " for update skip locked) returning datastream_id, bucket) insert into rollup_work select * from taken");
            if (taken > 0) {
                s.execute("insert into rollup_hour select o.* from rollup_work w cross join lateral ("
                        + String.format(
                                SELECT_HOUR,
                                "o.datastream_id = w.datastream_id and o.measured_at >= w.bucket"
                                        + " and o.measured_at < w.bucket + interval '1 hour'")
                        + ") o" + REPLACE);
                s.execute("insert into rollup_day select h.* from (select distinct datastream_id, " + DAY
                        + " as day from rollup_work where bucket < date_trunc('day', "
                        + Micros.toTime(Long.toString(rolledUntil)) + ", 'UTC')) w cross join lateral ("
                        + String.format(
                                SELECT_DAY,
                                "h.datastream_id = w.datastream_id and h.bucket >= w.day"
                                        + " and h.bucket < w.day + interval '1 day'")
                        + ") h" + REPLACE);
            }
            return taken;
        }
    }
}
