package city.canopy.core.demo.past;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** How far the demo's past has been told, among the installation's settings. In the caller's transaction. */
final class PgHistoryMark {
    private static final String NAME = "demo_history";

    private PgHistoryMark() {}

    /** Up to which moment; empty when nothing has been told yet. */
    static Optional<Instant> find(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select value from setting where name = ?")) {
            select.setString(1, NAME);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(Instant.parse(rows.getString(1))) : Optional.empty();
            }
        }
    }

    static void set(Connection connection, Instant until) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("insert into setting (name, value) values (?, ?)"
                + " on conflict (name) do update set value = excluded.value")) {
            upsert.setString(1, NAME);
            upsert.setString(2, until.toString());
            upsert.executeUpdate();
        }
    }
}
