package city.canopy.core.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Tells whether a transaction has committed when the connection was lost before the answer to COMMIT came. Take the
 * transaction's {@link #id} before the commit; ask {@link #find} on another connection after the loss.
 */
public enum CommitOutcome {
    COMMITTED,
    ABORTED,
    /** Not decided yet: ask again. */
    IN_PROGRESS;

    /** The id of the transaction that a connection is in; costs a round trip. */
    public static long id(Connection c) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select pg_current_xact_id()::text::bigint");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }

    /**
     * What became of a transaction.
     *
     * @throws DatabaseException when the database does not answer, or has forgotten: it remembers some millions of
     *     transactions
     */
    public static CommitOutcome find(Database database, long id) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select pg_xact_status('" + id + "'::xid8)")) {
                r.next();
                String status = r.getString(1);
                if (status == null) {
                    throw new SQLException("transaction " + id + " is too old to tell what became of it", "55000");
                }
                return switch (status) {
                    case "committed" -> COMMITTED;
                    case "aborted" -> ABORTED;
                    default -> IN_PROGRESS;
                };
            }
        });
    }
}
