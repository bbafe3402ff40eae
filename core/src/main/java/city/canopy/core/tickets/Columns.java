package city.canopy.core.tickets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Many rows as one array for each column, for {@code unnest}: one statement, however many rows. */
final class Columns {
    private final Connection connection;
    private final PreparedStatement statement;
    private int next = 1;

    Columns(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    /** The next column. Times are written as text, arrays of bytes as such, everything else by its own type. */
    Columns add(String type, Object[] values) throws SQLException {
        Object[] written = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            written[i] = plain(values[i]);
        }
        if (type.equals("bytea")) {
            byte[][] bytes = new byte[written.length][];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte[]) written[i];
            }
            written = bytes;
        }
        statement.setArray(next++, connection.createArrayOf(type, written));
        return this;
    }

    private static Object plain(Object value) {
        Object inner = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        return inner instanceof Instant instant ? instant.toString() : inner;
    }
}
