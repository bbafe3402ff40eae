package city.canopy.gateway.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads a segment's records in order. What is damaged is stepped over to the next good record and its bytes are counted;
 * what is torn at the end is an end. One thread.
 */
final class SegmentReader implements Closeable {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    /** Where in the file the buffer begins. */
    private long base = Segment.HEADER_BYTES;
    /** Behind the last good record. */
    private long goodEnd = Segment.HEADER_BYTES;

    private long damaged;

    SegmentReader(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** A record; the body is a copy. */
    record Found(long number, byte[] body) {}

    /**
     * The next good record before a position of the file, or null when there is none.
     *
     * @param end nothing from there on is looked at
     * @param above records whose number is not higher are taken for damage
     */
    Found next(long end, long above) throws IOException {
        long from = position();
        while (position() + Segment.RECORD_BYTES <= end) {
            Found found = tryHere(end, above);
            if (found != null) {
                damaged += position() - Segment.RECORD_BYTES - found.body().length - from;
                goodEnd = position();
                return found;
            }
            if (!buffer.hasRemaining()) {
                // The file is shorter than it was: nothing of it is needed any more.
                break;
            }
            buffer.position(buffer.position() + 1);
        }
        // It may be there one day: the next call begins where this one did.
        seek(from);
        return null;
    }

    private Found tryHere(long end, long above) throws IOException {
        if (!fill(Segment.RECORD_BYTES) || buffer.getInt(buffer.position()) != Segment.MARKER) {
            return null;
        }
        int length = buffer.getInt(buffer.position() + 4);
        if (length < 0 || length > SegmentLog.MAX_BODY || position() + Segment.RECORD_BYTES + length > end) {
            return null;
        }
        if (!fill(Segment.RECORD_BYTES + length)) {
            return null;
        }
        int at = buffer.position();
        crc.reset();
        crc.update(buffer.duplicate().position(at + 12).limit(at + Segment.RECORD_BYTES + length));
        long number = buffer.getLong(at + 12);
        if ((int) crc.getValue() != buffer.getInt(at + 8) || number <= above) {
            return null;
        }
        byte[] body = new byte[length];
        buffer.get(at + Segment.RECORD_BYTES, body);
        buffer.position(at + Segment.RECORD_BYTES + length);
        return new Found(number, body);
    }

    /** Whether the buffer holds so many bytes from its position on. */
    private boolean fill(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return true;
        }
        base += buffer.position();
        if (bytes > buffer.capacity()) {
            buffer = ByteBuffer.allocate(bytes).put(buffer);
        } else {
            buffer.compact();
        }
        while (buffer.position() < bytes) {
            if (channel.read(buffer, base + buffer.position()) < 0) {
                break;
            }
        }
        buffer.flip();
        return buffer.remaining() >= bytes;
    }

    private long position() {
        return base + buffer.position();
    }

    private void seek(long position) {
        base = position;
        buffer.position(0).limit(0);
    }

    /** Where the last good record that was found ends. */
    long goodEnd() {
        return goodEnd;
    }

    /** How many bytes before good records were none. */
    long damagedBytes() {
        return damaged;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
