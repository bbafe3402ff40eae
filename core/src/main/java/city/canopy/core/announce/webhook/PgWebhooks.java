package city.canopy.core.announce.webhook;

import java.net.URI;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The table {@code webhook}. */
final class PgWebhooks {
    private static final String SELECT = """
            select w.id, w.url, w.kinds, w.seq, w.paused, w.created_at,
                (select count(*) from webhook_delivery d
                 where d.webhook = w.id and d.delivered_at is null and d.dead_at is null),
                (select count(*) from webhook_delivery d where d.webhook = w.id and d.dead_at is not null)
            from webhook w""";

    /** A webhook that gets what is announced from now on; false when there are too many. */
    boolean insert(Connection connection, String id, URI url, String secret, List<String> kinds) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("lock table webhook in share row exclusive mode")) {
            lock.execute();
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into webhook (id, url, secret, kinds, seq)"
                + " select ?, ?, ?, ?, coalesce((select seq from outbox_mark where reader = '@announcer'), 0)"
                + " where (select count(*) from webhook) < ?")) {
            insert.setString(1, id);
            insert.setString(2, url.toString());
            insert.setString(3, secret);
            insert.setArray(4, kinds(connection, kinds));
            insert.setInt(5, Webhook.MAX);
            return insert.executeUpdate() == 1;
        }
    }

    /** Changes what is not null; false when there is no such webhook. */
    boolean update(Connection connection, String id, URI url, List<String> kinds, Boolean paused) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update webhook set url = coalesce(?, url),"
                + " kinds = coalesce(?, kinds), paused = coalesce(?, paused) where id = ?")) {
            update.setString(1, url == null ? null : url.toString());
            update.setArray(2, kinds == null ? null : kinds(connection, kinds));
            update.setObject(3, paused, java.sql.Types.BOOLEAN);
            update.setString(4, id);
            return update.executeUpdate() == 1;
        }
    }

    boolean delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from webhook where id = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate() == 1;
        }
    }

    List<Webhook> list(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " order by w.created_at, w.id");
                ResultSet rows = select.executeQuery()) {
            List<Webhook> all = new ArrayList<>();
            while (rows.next()) {
                all.add(webhook(rows));
            }
            return all;
        }
    }

    Optional<Webhook> find(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " where w.id = ?")) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(webhook(rows)) : Optional.empty();
            }
        }
    }

    private static Array kinds(Connection connection, List<String> kinds) throws SQLException {
        return connection.createArrayOf("text", kinds.toArray());
    }

    private static Webhook webhook(ResultSet rows) throws SQLException {
        return new Webhook(
                rows.getString(1),
                URI.create(rows.getString(2)),
                Arrays.asList((String[]) rows.getArray(3).getArray()),
                rows.getLong(4),
                rows.getBoolean(5),
                rows.getTimestamp(6).toInstant(),
                rows.getLong(7),
                rows.getLong(8));
    }
}
