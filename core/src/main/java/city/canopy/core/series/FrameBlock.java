package city.canopy.core.series;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The frames of one batch, packed: a version byte, then deflated at level 1, for each frame its ordinal, its fields and
 * its payload, ended by an ordinal of -1. Ordinals ascend; those of messages that brought nothing new are missing. Used
 * again for every block; not thread-safe.
 */
final class FrameBlock implements AutoCloseable {
    private static final int VERSION = 1;
    private static final int END = -1;
    private static final int BUFFER = 1 << 14;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream(BUFFER);
    private DataOutputStream out;
    private int frames;
    private long lastReceived;

    /** Begins a new block. */
    void begin() {
        packed.reset();
        packed.write(VERSION);
        deflater.reset();
        out = new DataOutputStream(new DeflaterOutputStream(packed, deflater, BUFFER));
        frames = 0;
        lastReceived = Long.MIN_VALUE;
    }

    void add(int ordinal, RawFrame frame) {
        try {
            out.writeShort(ordinal);
            text(frame.device());
            text(frame.topic());
            text(frame.contentType());
            out.writeLong(frame.receivedAtMicros());
            out.writeInt(frame.payload().length);
            out.write(frame.payload());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        frames++;
        lastReceived = Math.max(lastReceived, frame.receivedAtMicros());
    }

    private void text(String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    int frames() {
        return frames;
    }

    /** The latest time of receipt in the block. */
    long lastReceived() {
        return lastReceived;
    }

    /** Ends the block and gives its bytes. */
    byte[] end() {
        try {
            out.writeShort(END);
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return packed.toByteArray();
    }

    /** Frees what the packing holds outside the heap. */
    @Override
    public void close() {
        deflater.end();
    }

    /** Finds one frame in a block's bytes; reads no further than it. */
    static Optional<RawFrame> find(byte[] block, int ordinal) {
        if (block.length == 0 || block[0] != VERSION) {
            throw new IllegalStateException("a frame block of an unknown version");
        }
        try (DataInputStream in =
                new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(block, 1, block.length - 1)))) {
            for (int at = in.readShort(); at != END && at <= ordinal; at = in.readShort()) {
                RawFrame frame = new RawFrame(text(in), text(in), text(in), in.readLong(), bytes(in));
                if (at == ordinal) {
                    return Optional.of(frame);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a frame block is damaged", e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
