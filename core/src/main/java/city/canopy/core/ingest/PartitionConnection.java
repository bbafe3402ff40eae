package city.canopy.core.ingest;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition's own connection; made anew after it broke. One thread. */
final class PartitionConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionConnection.class);

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
