package city.canopy.core.announce;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Writes into the outbox as the line does, and looks at what became of it. */
public final class Outbox {
    private Outbox() {}

    public static long write(Connection connection, String kind, String key, String payload) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into outbox (kind, key, payload) values (?, ?, ?::jsonb) returning id")) {
            insert.setString(1, kind);
            insert.setString(2, key);
            insert.setString(3, payload);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    public static long write(Database database, String kind, String key, String payload) {
        return database.inTransaction(connection -> write(connection, kind, key, payload));
    }

    public static void age(Database database, Duration age) {
        database.inTransaction(connection -> {
            try (PreparedStatement update = connection.prepareStatement("update outbox set created_at = ?")) {
                update.setTimestamp(1, Timestamp.from(Instant.now().minus(age)));
                return update.executeUpdate();
            }
        });
    }

    /** The keys in the order of their numbers, checked to be 1, 2, 3, ... */
    public static List<String> order(Database database) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "select announced_seq, key from outbox where announced_seq is not null order by 1");
                    ResultSet rows = select.executeQuery()) {
                List<String> keys = new ArrayList<>();
                while (rows.next()) {
                    keys.add(rows.getString(2));
                    if (rows.getLong(1) != keys.size()) {
                        throw new AssertionError("number " + rows.getLong(1) + " stands at place " + keys.size());
                    }
                }
                return keys;
            }
        });
    }

    public static Connection open(Database database) {
        try {
            return database.open();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Waits until it holds, ten seconds at most. */
    public static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
