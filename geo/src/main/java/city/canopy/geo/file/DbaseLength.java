package city.canopy.geo.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a {@code .dbf} has all the rows that its head counts. The store does not tell of those that are missing: it gives
 * each of them the attributes of the last one that is there. Stateless.
 */
final class DbaseLength {
    private static final int HEAD = 32;

    private DbaseLength() {}

    /** @throws IOException when the file is cut off; the message says how many rows are missing */
    static void check(Path dbf) throws IOException {
        ByteBuffer head;
        try (InputStream in = Files.newInputStream(dbf)) {
            head = ByteBuffer.wrap(in.readNBytes(HEAD)).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (head.limit() < HEAD) {
            throw new IOException(dbf.getFileName() + " is damaged or cut off: it has no head");
        }
        long rows = Integer.toUnsignedLong(head.getInt(4));
        int start = Short.toUnsignedInt(head.getShort(8));
        int length = Short.toUnsignedInt(head.getShort(10));
        if (start <= HEAD || length == 0) {
            throw new IOException(dbf.getFileName() + " is damaged: its head says that a row has " + length + " bytes");
        }
        long there = Math.max(0, Files.size(dbf) - start) / length;
        if (there < rows) {
            throw new IOException(dbf.getFileName() + " is cut off: it has " + there + " of its " + rows
                    + " rows; hand it over again");
        }
    }
}
