package city.canopy.core.announce;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code outbox} and the marks of its readers. No state of its own: every call works on the connection that
 * it is given and leaves the commit to the caller. */
public final class PgOutbox {
    /** The mark that holds the last sequence number given out; it outlives the rows. */
    static final String ANNOUNCER = "@announcer";

    /** Any fixed number: who holds this lock may stamp. */
    /** For numbering events: no other lock of ours may have this number. */
    private static final long LOCK = 0x63616e6f70790002L;

    private static final String STAMP = """
            with waiting as materialized (
                select id, row_number() over (order by id) as n
                from (select id from outbox where announced_seq is null order by id limit ?) w),
            moved as (
                update outbox_mark m set seq = m.seq + t.n
                from (select count(*) as n from waiting) t
                where m.reader = ? and t.n > 0
                returning m.seq - t.n as before),
            stamped as (
                update outbox o set announced_seq = moved.before + w.n
                from waiting w, moved
                where o.id = w.id and o.announced_seq is null
                returning 1)
            select (select count(*) from waiting), (select count(*) from stamped)""";

    private static final String TRIM = """
            with oldest as (
                select announced_seq, created_at from outbox
                where announced_seq is not null order by announced_seq limit ?),
            kept as (select min(announced_seq) as seq from oldest where created_at >= ?)
            delete from outbox o using oldest, kept
            where o.announced_seq = oldest.announced_seq
              and (kept.seq is null or o.announced_seq < kept.seq)
              and o.announced_seq <= ?
            returning o.announced_seq""";

    /** Takes the right to stamp for as long as the connection lives; false when somebody else has it. */
    boolean tryLead(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            lock.setLong(1, LOCK);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Makes the announcer's mark where it is not there yet. */
    void prepare(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into outbox_mark (reader, seq) select ?, coalesce(max(announced_seq), 0) from outbox"
                        + " on conflict (reader) do nothing")) {
            insert.setString(1, ANNOUNCER);
            insert.executeUpdate();
        }
    }

    /**
     * Gives the committed rows that wait their places in the order, the oldest ids first.
     *
     * @param max how many at most
     * @return how many got one
     * @throws SQLException also when another announcer was at it at the same time; the caller must roll back
     */
    public int stamp(Connection connection, int max) throws SQLException {
        try (PreparedStatement stamp = connection.prepareStatement(STAMP)) {
            stamp.setInt(1, max);
            stamp.setString(2, ANNOUNCER);
            try (ResultSet row = stamp.executeQuery()) {
                row.next();
                int waiting = row.getInt(1);
                int stamped = row.getInt(2);
                if (waiting != stamped) {
                    throw new SQLException(
                            "of " + waiting + " waiting rows of the outbox only " + stamped
                                    + " could be stamped: is a second service stamping, or is the mark missing?",
                            "40001");
                }
                return stamped;
            }
        }
    }

    /** The last sequence number given out; 0 before the first. */
    long position(Connection connection) throws SQLException {
        return mark(connection, ANNOUNCER).orElse(0L);
    }

    /** How far a reader has come, if it has ever set a mark. */
    public Optional<Long> mark(Connection connection, String reader) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select seq from outbox_mark where reader = ?")) {
            select.setString(1, reader);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** Sets a reader's mark. */
    public void setMark(Connection connection, String reader, long seq) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("insert into outbox_mark (reader, seq)"
                + " values (?, ?) on conflict (reader) do update set seq = excluded.seq")) {
            upsert.setString(1, reader);
            upsert.setLong(2, seq);
            upsert.executeUpdate();
        }
    }

    /** The announced rows behind a place in the order, in order. */
    public List<Announced> after(Connection connection, long seq, int max) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select announced_seq, kind, key, payload::text, created_at from outbox"
                        + " where announced_seq > ? order by announced_seq limit ?")) {
            select.setLong(1, seq);
            select.setInt(2, max);
            try (ResultSet rows = select.executeQuery()) {
                List<Announced> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new Announced(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getTimestamp(5).toInstant()));
                }
                return found;
            }
        }
    }

    /** How long the oldest committed row has waited for its place; zero when none waits. */
    Duration waiting(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select created_at from outbox where announced_seq is null order by id limit 1");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Duration.ZERO;
            }
            Duration age = Duration.between(row.getTimestamp(1).toInstant(), now);
            return age.isNegative() ? Duration.ZERO : age;
        }
    }

    /**
     * Removes the oldest rows, always a prefix of the order.
     *
     * @param before rows written at or after this moment stay
     * @param upTo rows behind this place stay
     * @param max how many to look at
     * @return how many are gone
     */
    int trim(Connection connection, Instant before, long upTo, int max) throws SQLException {
        int gone = 0;
        long last = 0;
        try (PreparedStatement delete = connection.prepareStatement(TRIM)) {
            delete.setInt(1, max);
            delete.setTimestamp(2, Timestamp.from(before));
            delete.setLong(3, upTo);
            try (ResultSet rows = delete.executeQuery()) {
                while (rows.next()) {
                    gone++;
                    last = Math.max(last, rows.getLong(1));
                }
            }
        }
        if (gone > 0) {
            forgetDeliveries(connection, last);
        }
        return gone;
    }

    private static void forgetDeliveries(Connection connection, long upTo) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from webhook_delivery d using webhook w where d.webhook = w.id and d.seq <= ?")) {
            delete.setLong(1, upTo);
            delete.executeUpdate();
        }
    }
}
