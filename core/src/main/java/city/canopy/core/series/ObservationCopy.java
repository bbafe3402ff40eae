package city.canopy.core.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Readings on their way into the parent table by binary COPY. One buffer, used again for every batch; it is sent
 * whenever it is full. Not thread-safe.
 */
final class ObservationCopy {
    private static final String COPY = "copy observation (datastream_id, measured_at, value, quality, received_at,"
            + " frame_id) from stdin (format binary)";
    /** PostgreSQL counts from 2000-01-01. */
    private static final long EPOCH_SHIFT = 946_684_800_000_000L;

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final short COLUMNS = 6;
    private static final int ROW = 2 + COLUMNS * 4 + 5 * 8 + 2;
    private static final int CAPACITY = 1 << 18;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] buffer = new byte[CAPACITY];
    private int length;
    private CopyIn copy;

    /** Begins a COPY; {@link #end} or {@link #cancel} must follow. */
    void begin(Connection c) throws SQLException {
        copy = c.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        System.arraycopy(HEADER, 0, buffer, 0, HEADER.length);
        length = HEADER.length;
    }

    boolean isOpen() {
        return copy != null;
    }

    void row(long datastream, long measuredAt, double value, short quality, long receivedAt, long frame)
            throws SQLException {
        if (length + ROW > CAPACITY) {
            send();
        }
        byte[] b = buffer;
        int at = length;
        SHORT.set(b, at, COLUMNS);
        at = field(b, at + 2, datastream);
        at = field(b, at, measuredAt - EPOCH_SHIFT);
        at = field(b, at, Double.doubleToRawLongBits(value));
        INT.set(b, at, 2);
        SHORT.set(b, at + 4, quality);
        at = field(b, at + 6, receivedAt - EPOCH_SHIFT);
        length = field(b, at, frame);
    }

    private static int field(byte[] b, int at, long value) {
        INT.set(b, at, 8);
        LONG.set(b, at + 4, value);
        return at + 12;
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, length);
        length = 0;
    }

    /** Sends the rest and waits for the server's word on all of it. */
    void end() throws SQLException {
        if (length + 2 > CAPACITY) {
            send();
        }
        SHORT.set(buffer, length, (short) -1);
        length += 2;
        send();
        try {
            copy.endCopy();
        } finally {
            copy = null;
        }
    }

    /** Ends a COPY that something else has broken, so that the connection can be rolled back. */
    void cancel(Exception reason) {
        if (copy == null) {
            return;
        }
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            reason.addSuppressed(e);
        } finally {
            copy = null;
        }
    }
}
