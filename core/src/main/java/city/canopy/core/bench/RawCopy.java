package city.canopy.core.bench;

import city.canopy.core.db.Database;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The raw limit: rows of the same shape by binary COPY into the same table, nothing else done, committed in batches. */
final class RawCopy {
    private static final int BATCH = 2_000;
    private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;
    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private final Database database;
    private final long[] streams;
    private final int writers;

    /** @param devices whose datastreams are written to */
    RawCopy(Database database, List<String> devices, int writers) {
        this.database = database;
        this.writers = writers;
        this.streams = database.read(connection -> streams(connection, devices));
    }

    private static long[] streams(Connection connection, List<String> devices) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select id from datastream where device = any (?) order by id limit 1000")) {
            select.setArray(1, connection.createArrayOf("text", devices.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                List<Long> ids = new ArrayList<>();
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
                return ids.stream().mapToLong(Long::longValue).toArray();
            }
        }
    }

    /** Rows a second over all writers. */
    double run(int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int own = writer;
                Callable<Long> work = () -> write(own, seconds);
                counts.add(threads.submit(work));
            }
            long rows = 0;
            for (Future<Long> count : counts) {
                rows += count.get();
            }
            return rows / (double) seconds;
        } finally {
            threads.shutdownNow();
        }
    }

    private long write(int writer, int seconds) throws SQLException, IOException {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        long measured = (System.currentTimeMillis() - 3_600_000L * 12) * 1_000 - EPOCH_2000_MICROS;
        long rows = 0;
        try (Connection connection = database.open()) {
            while (System.nanoTime() < until) {
                ByteBuffer buffer = ByteBuffer.allocate(HEADER.length + 8 + BATCH * 74 + 2);
                buffer.put(HEADER).putInt(0).putInt(0);
                for (int i = 0; i < BATCH; i++) {
                    int turn = i * writers + writer;
                    row(buffer, streams[turn % streams.length], measured + turn / streams.length * 1_000L);
                }
                buffer.putShort((short) -1);
                CopyIn copy = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("copy observation (datastream_id, measured_at, value, quality, received_at, frame_id)"
                                + " from stdin with (format binary)");
                copy.writeToCopy(buffer.array(), 0, buffer.position());
                copy.endCopy();
                connection.commit();
                rows += BATCH;
                measured += (BATCH * writers / streams.length + 1) * 1_000L;
            }
        }
        return rows;
    }

    private static void row(ByteBuffer buffer, long stream, long measured) {
        buffer.putShort((short) 6);
        buffer.putInt(8).putLong(stream);
        buffer.putInt(8).putLong(measured);
        buffer.putInt(8).putDouble(33.3);
        buffer.putInt(2).putShort((short) 0);
        buffer.putInt(8).putLong(measured);
        buffer.putInt(8).putLong(1L);
    }
}
