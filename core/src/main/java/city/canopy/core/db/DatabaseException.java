package city.canopy.core.db;

import java.sql.SQLException;

/** Something went wrong in or on the way to the database; keeps the SQLSTATE. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.sqlState = cause.getSQLState();
    }

    /** The five characters of SQLSTATE, or null where the trouble has none. */
    public String sqlState() {
        return sqlState;
    }

    /** Whether what was to be written is at fault (classes 22 data, 23 integrity): doing it again would not help. */
    public boolean isMessageAtFault() {
        return inClass("22") || inClass("23");
    }

    /** Whether the same work may succeed later: connection lost, deadlock, out of resources, server going down. */
    public boolean isTransient() {
        return sqlState == null
                || inClass("08")
                || inClass("25")
                || inClass("40")
                || inClass("53")
                || inClass("55")
                || inClass("57")
                || inClass("58");
    }

    private boolean inClass(String prefix) {
        return sqlState != null && sqlState.startsWith(prefix);
    }
}
