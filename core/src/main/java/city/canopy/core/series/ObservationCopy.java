package city.canopy.core.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Readings on their way into the parent table by binary COPY. Rows are gathered and sent in the order of their
 * datastreams, {@value #SORTED} at most at a time: neighbours in the key find its index's pages warm, and a datastream's
 * readings lie together in the table. Buffers are used again for every batch. Not thread-safe.
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
    /** Rows that are sorted together. */
    private static final int SORTED_BITS = 15;

    private static final int SORTED = 1 << SORTED_BITS;
    private static final int CAPACITY = 1 << 18;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] buffer = new byte[CAPACITY];
    private int length;
    private byte[] rows = new byte[1_024 * ROW];
    private long[] order = new long[1_024];
    private int count;
    private CopyIn copy;

    /** Begins a COPY; {@link #end} or {@link #cancel} must follow. */
    void begin(Connection c) throws SQLException {
        copy = c.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        System.arraycopy(HEADER, 0, buffer, 0, HEADER.length);
        length = HEADER.length;
        count = 0;
    }

    boolean isOpen() {
        return copy != null;
    }

    void row(long datastream, long measuredAt, double value, short quality, long receivedAt, long frame)
            throws SQLException {
        if (count == SORTED) {
            sort();
        } else if (count == order.length) {
            order = Arrays.copyOf(order, count * 2);
            rows = Arrays.copyOf(rows, order.length * ROW);
        }
        byte[] b = rows;
        int at = count * ROW;
        SHORT.set(b, at, COLUMNS);
        at = field(b, at + 2, datastream);
        at = field(b, at, measuredAt - EPOCH_SHIFT);
        at = field(b, at, Double.doubleToRawLongBits(value));
        INT.set(b, at, 2);
        SHORT.set(b, at + 4, quality);
        at = field(b, at + 6, receivedAt - EPOCH_SHIFT);
        field(b, at, frame);
        order[count] = datastream << SORTED_BITS | count;
        count++;
    }

    /** Moves the gathered rows to the buffer: by datastream, those of one in the order in which they came. */
    private void sort() throws SQLException {
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            if (length + ROW > CAPACITY) {
                send();
            }
            System.arraycopy(rows, (int) (order[i] & SORTED - 1) * ROW, buffer, length, ROW);
            length += ROW;
        }
        count = 0;
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
        sort();
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
