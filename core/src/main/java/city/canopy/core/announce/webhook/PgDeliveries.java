package city.canopy.core.announce.webhook;

import city.canopy.core.announce.Announced;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code webhook_delivery}: what goes to which webhook, and what became of it. */
final class PgDeliveries {
    private static final String NEXT_TO_FILL = """
            select id, kinds, seq from webhook w
            where not paused
              and exists (select 1 from outbox o where o.announced_seq > w.seq)
            order by id limit 1 for update skip locked""";

    /** Kinds match exactly or by what stands before their first full stop; none listed means all. */
    private static final String FILL = """
            with page as (
                select announced_seq, kind from outbox where announced_seq > ? order by announced_seq limit ?),
            made as (
                insert into webhook_delivery (webhook, seq, next_at)
                select w.id, p.announced_seq, ? from page p join webhook w on w.id = ?
                where cardinality(w.kinds) = 0 or p.kind = any(w.kinds) or split_part(p.kind, '.', 1) = any(w.kinds)
                order by p.announced_seq
                on conflict do nothing)
            update webhook set seq = (select max(announced_seq) from page) where id = ?""";

    /** Only the head of each queue can be claimed, so nothing overtakes; a claim is a lease, kept in next_at. */
    private static final String CLAIM = """
            with head as (
                select d.id from webhook w
                cross join lateral (
                    select id, next_at from webhook_delivery
                    where webhook = w.id and delivered_at is null and dead_at is null
                    order by seq limit 1) d
                where not w.paused and d.next_at <= ?
                order by d.next_at limit 1
                for update of w skip locked)
            update webhook_delivery d set next_at = ?, attempts = d.attempts + 1
            from head, webhook w, outbox o
            where d.id = head.id and d.next_at <= ? and w.id = d.webhook and o.announced_seq = d.seq
            returning d.id, w.id, w.url, w.secret, d.attempts, o.announced_seq, o.kind, o.key, o.payload::text,
                o.created_at""";

    /** Makes deliveries of the next events for one webhook that is behind; false when none is. */
    boolean fill(Connection connection, Instant now, int max) throws SQLException {
        String webhook;
        long seq;
        try (PreparedStatement select = connection.prepareStatement(NEXT_TO_FILL);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            webhook = row.getString(1);
            seq = row.getLong(3);
        }
        try (PreparedStatement fill = connection.prepareStatement(FILL)) {
            fill.setLong(1, seq);
            fill.setInt(2, max);
            fill.setTimestamp(3, Timestamp.from(now));
            fill.setString(4, webhook);
            fill.setString(5, webhook);
            fill.executeUpdate();
        }
        return true;
    }

    /** Takes the delivery that is due the longest, among those that nothing stands before. */
    Optional<Claim> claim(Connection connection, Instant now, Instant leaseEnd) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setTimestamp(1, Timestamp.from(now));
            claim.setTimestamp(2, Timestamp.from(leaseEnd));
            claim.setTimestamp(3, Timestamp.from(now));
            try (ResultSet row = claim.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Announced event = new Announced(
                        row.getLong(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getTimestamp(10).toInstant());
                return Optional.of(new Claim(
                        row.getLong(1),
                        row.getString(2),
                        URI.create(row.getString(3)),
                        row.getString(4),
                        row.getInt(5),
                        event));
            }
        }
    }

    void delivered(Connection connection, long id, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update webhook_delivery set delivered_at = ?, last_error = null where id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setLong(2, id);
            update.executeUpdate();
        }
    }

    void failed(Connection connection, long id, Instant nextAt, String error) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update webhook_delivery set next_at = ?, last_error = ? where id = ? and delivered_at is null")) {
            update.setTimestamp(1, Timestamp.from(nextAt));
            update.setString(2, error);
            update.setLong(3, id);
            update.executeUpdate();
        }
    }

    /** Gives up what waits for a webhook and tells of events that are too old. */
    void bury(Connection connection, String webhook, Instant writtenBefore, Instant now, String error)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update webhook_delivery d set dead_at = ?,"
                + " last_error = ? from outbox o where d.webhook = ? and d.delivered_at is null and d.dead_at is null"
                + " and o.announced_seq = d.seq and o.created_at < ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, error);
            update.setString(3, webhook);
            update.setTimestamp(4, Timestamp.from(writtenBefore));
            update.executeUpdate();
        }
    }

    /** Lets a dead delivery, or all of a webhook, be tried again; gives back how many. */
    int revive(Connection connection, String webhook, Long id, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update webhook_delivery set dead_at = null,"
                + " next_at = ?, attempts = 0 where webhook = ? and dead_at is not null and (?::bigint is null or id = ?)"
                + " and exists (select 1 from outbox o where o.announced_seq = webhook_delivery.seq)")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, webhook);
            update.setObject(3, id, java.sql.Types.BIGINT);
            update.setObject(4, id, java.sql.Types.BIGINT);
            return update.executeUpdate();
        }
    }

    /** Deliveries of a webhook, the newest first, from behind one. */
    List<Delivery> list(Connection connection, String webhook, boolean onlyDead, Long before, int max)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select d.id, d.seq, o.kind, d.attempts, d.next_at, d.delivered_at, d.dead_at, d.last_error"
                        + " from webhook_delivery d left join outbox o on o.announced_seq = d.seq"
                        + " where d.webhook = ? and (?::bigint is null or d.seq < ?)"
                        + (onlyDead ? " and d.dead_at is not null" : "") + " order by d.seq desc limit ?")) {
            select.setString(1, webhook);
            select.setObject(2, before, java.sql.Types.BIGINT);
            select.setObject(3, before, java.sql.Types.BIGINT);
            select.setInt(4, max);
            try (ResultSet rows = select.executeQuery()) {
                List<Delivery> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(delivery(rows));
                }
                return found;
            }
        }
    }

    private static Delivery delivery(ResultSet rows) throws SQLException {
        Timestamp delivered = rows.getTimestamp(6);
        Timestamp dead = rows.getTimestamp(7);
        return new Delivery(
                rows.getLong(1),
                rows.getLong(2),
                rows.getString(3),
                rows.getInt(4),
                rows.getTimestamp(5).toInstant(),
                delivered == null ? null : delivered.toInstant(),
                dead == null ? null : dead.toInstant(),
                rows.getString(8));
    }
}
