package city.canopy.core.announce;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code retained}. */
final class PgRetained {
    /** Sets the state of a topic. @param removeAt when it goes away, or null */
    void put(Connection connection, RetainedMessage message, Instant now, Instant removeAt) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "insert into retained (topic, payload, updated_at, remove_at) values (?, ?, ?, ?)"
                        + " on conflict (topic) do update set payload = excluded.payload,"
                        + " updated_at = excluded.updated_at, remove_at = excluded.remove_at")) {
            upsert.setString(1, message.topic());
            upsert.setBytes(2, message.payload());
            upsert.setTimestamp(3, Timestamp.from(now));
            if (removeAt == null) {
                upsert.setNull(4, Types.TIMESTAMP_WITH_TIMEZONE);
            } else {
                upsert.setTimestamp(4, Timestamp.from(removeAt));
            }
            upsert.executeUpdate();
        }
    }

    /** Removes what is due; gives back the topics. */
    List<String> removeDue(Connection connection, Instant now, int max) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from retained where topic in (select topic from retained"
                        + " where remove_at <= ? order by remove_at limit ?) returning topic")) {
            delete.setTimestamp(1, Timestamp.from(now));
            delete.setInt(2, max);
            try (ResultSet rows = delete.executeQuery()) {
                List<String> topics = new ArrayList<>();
                while (rows.next()) {
                    topics.add(rows.getString(1));
                }
                return topics;
            }
        }
    }

    /** What is kept under a prefix, in the order of the topics, behind one of them. */
    List<RetainedMessage> list(Connection connection, String prefix, String after, int max) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select topic, payload from retained"
                + " where starts_with(topic, ?) and topic collate \"C\" > ? order by topic collate \"C\" limit ?")) {
            select.setString(1, prefix);
            select.setString(2, after);
            select.setInt(3, max);
            try (ResultSet rows = select.executeQuery()) {
                List<RetainedMessage> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new RetainedMessage(rows.getString(1), rows.getBytes(2)));
                }
                return found;
            }
        }
    }
}
