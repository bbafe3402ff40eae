package city.canopy.gateway.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * One file of a {@link SegmentLog}: a header (magic, the log's id, the first number, a checksum) and records, each
 *
 * <pre>marker (4) | length of the body (4) | CRC-32C of number and body (4) | number (8) | body</pre>
 *
 * in network byte order. The marker lets a reader find the next good record behind a damaged one. The checksum is
 * CRC-32C, RFC 3720 appendix B.4. This class knows the form alone; who may write when is the log's affair.
 */
final class Segment {
    static final int HEADER_BYTES = 32;
    static final int RECORD_BYTES = 20;
    static final int MARKER = 0xC5A7109D;
    private static final long MAGIC = 0x43414E4F50594C31L; // "CANOPYL1"
    private static final String SUFFIX = ".log";

    private Segment() {}

    /** The file that begins with this number. */
    static Path file(Path dir, long first) {
        return dir.resolve(String.format("%020d%s", first, SUFFIX));
    }

    /** The number in a segment's name, or -1 for other files. */
    static long first(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX) || name.length() != 20 + SUFFIX.length()) {
            return -1;
        }
        try {
            return Long.parseLong(name.substring(0, 20));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Makes the file with its header; not yet forced to disk. Nothing is left open when it fails. */
    static FileChannel create(Path file, long id, long first) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putLong(id).putLong(first);
        header.putInt(crc(header.array(), 0, 24)).putInt(0).flip();
        try {
            write(channel, header);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    /** The log's id out of a file's header; empty where the header is damaged: the records may still be good. */
    static OptionalLong id(Path file) throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            in.readNBytes(header, 0, HEADER_BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(header);
        boolean good = buffer.getLong(0) == MAGIC && buffer.getInt(24) == crc(header, 0, 24);
        return good ? OptionalLong.of(buffer.getLong(8)) : OptionalLong.empty();
    }

    /** Puts one record into the buffer, which has room for it. */
    static void put(ByteBuffer buffer, long number, byte[] body, CRC32C crc) {
        buffer.putInt(MARKER).putInt(body.length);
        int sum = buffer.position();
        buffer.putInt(0).putLong(number).put(body);
        crc.reset();
        crc.update(buffer.duplicate().position(sum + 4).limit(buffer.position()));
        buffer.putInt(sum, (int) crc.getValue());
    }

    static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
