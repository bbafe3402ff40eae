package city.canopy.core.ingest;

import city.canopy.core.db.CommitOutcome;
import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition's own connection; made anew after it broke. One thread. */
final class PartitionConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionConnection.class);

    private static final long ASK_AGAIN_MS = 100;
    private static final String FORGOTTEN = "55000";

    private final Database database;
    private Connection connection;

    PartitionConnection(Database database) {
        this.database = database;
    }

    Connection get() throws SQLException {
        if (connection == null) {
            connection = database.open();
        }
        return connection;
    }

    /**
     * Commits. When the connection is lost before the answer comes, asks the database, for as long as that takes, what
     * became of the transaction: what has committed must not be judged again as if it had not.
     *
     * @throws SQLException when it has not committed
     */
    void commit() throws SQLException {
        long id = CommitOutcome.id(get());
        try {
            connection.commit();
        } catch (SQLException e) {
            close();
            if (!hasCommitted(id, e)) {
                throw e;
            }
            log.info("the answer to a commit was lost; it had committed");
        }
    }

    private boolean hasCommitted(long id, SQLException lost) throws SQLException {
        while (true) {
            try {
                switch (CommitOutcome.find(database, id)) {
                    case COMMITTED:
                        return true;
                    case ABORTED:
                        return false;
                    case IN_PROGRESS:
                        break;
                }
            } catch (DatabaseException e) {
                if (FORGOTTEN.equals(e.sqlState())) {
                    throw lost;
                }
                log.debug("the database does not say yet what became of a commit: {}", e.getMessage());
            }
            try {
                Thread.sleep(ASK_AGAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw lost;
            }
        }
    }

    /** Ends the transaction without effect; a connection that cannot even do that is dropped. */
    void rollback() {
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            log.info("the connection is made anew: {}", e.getMessage());
            close();
        }
    }

    @Override
    public void close() {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("a broken connection did not close cleanly: {}", e.getMessage());
        }
        connection = null;
    }
}
