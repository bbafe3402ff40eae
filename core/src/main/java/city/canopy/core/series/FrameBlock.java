package city.canopy.core.series;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The frames of one batch, packed: a version byte, the length before packing, then deflated at level 1, for each frame
 * its ordinal, its fields and its payload. Ordinals ascend; those of messages that brought nothing new are missing. A
 * topic that only names another device than the one before, and a media type that is the same, are not repeated. Used
 * again for every block; not thread-safe.
 */
final class FrameBlock implements AutoCloseable {
    private static final byte VERSION = 1;
    private static final int HEADER = 5;
    private static final int LONGEST = 512 << 20;
    private static final int SAME_TOPIC = 1;
    private static final int SAME_TYPE = 2;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private byte[] raw = new byte[1 << 16];
    private int length;
    private byte[] packed = new byte[1 << 16];
    private TopicShape shape;
    private String contentType;
    private int frames;
    private long lastReceived;

    /** A topic around the name of a device: {@code canopy/v1/devices/} and {@code /telemetry}. */
    private record TopicShape(String before, String after, boolean named) {
        static TopicShape of(String topic, String device) {
            int at = topic.indexOf(device);
            return at < 0 || device.isEmpty()
                    ? new TopicShape(topic, "", false)
                    : new TopicShape(topic.substring(0, at), topic.substring(at + device.length()), true);
        }

        String topic(String device) {
            return named ? before + device + after : before;
        }

        boolean fits(String topic, String device) {
            if (!named) {
                return topic.equals(before);
            }
            return topic.length() == before.length() + device.length() + after.length()
                    && topic.startsWith(before)
                    && topic.startsWith(device, before.length())
                    && topic.endsWith(after);
        }
    }

    /** Begins a new block. */
    void begin() {
        length = 0;
        shape = null;
        contentType = null;
        frames = 0;
        lastReceived = Long.MIN_VALUE;
    }

    void add(int ordinal, RawFrame frame) {
        boolean sameTopic = shape != null && shape.fits(frame.topic(), frame.device());
        boolean sameType = Objects.equals(contentType, frame.contentType());
        room(16);
        putInt(ordinal);
        raw[length++] = (byte) ((sameTopic ? SAME_TOPIC : 0) | (sameType ? SAME_TYPE : 0));
        text(frame.device());
        if (!sameTopic) {
            shape = TopicShape.of(frame.topic(), frame.device());
            text(shape.before());
            text(shape.named() ? shape.after() : null);
        }
        if (!sameType) {
            contentType = frame.contentType();
            text(contentType);
        }
        room(12);
        putInt((int) (frame.receivedAtMicros() >>> 32));
        putInt((int) frame.receivedAtMicros());
        bytes(frame.payload());
        frames++;
        lastReceived = Math.max(lastReceived, frame.receivedAtMicros());
    }

    private void text(String text) {
        if (text == null) {
            room(4);
            putInt(-1);
        } else {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void bytes(byte[] bytes) {
        room(4 + bytes.length);
        putInt(bytes.length);
        System.arraycopy(bytes, 0, raw, length, bytes.length);
        length += bytes.length;
    }

    private void putInt(int value) {
        raw[length++] = (byte) (value >>> 24);
        raw[length++] = (byte) (value >>> 16);
        raw[length++] = (byte) (value >>> 8);
        raw[length++] = (byte) value;
    }

    private void room(int bytes) {
        if (length > LONGEST - bytes) {
            throw new IllegalArgumentException("a block of frames is at most 512 MiB");
        }
        if (length + bytes > raw.length) {
            raw = Arrays.copyOf(raw, Math.max(length + bytes, raw.length * 2));
        }
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
        ByteBuffer.wrap(packed).put(VERSION).putInt(length);
        deflater.reset();
        deflater.setInput(raw, 0, length);
        deflater.finish();
        int at = HEADER;
        while (!deflater.finished()) {
            if (at == packed.length) {
                packed = Arrays.copyOf(packed, packed.length * 2);
            }
            at += deflater.deflate(packed, at, packed.length - at);
        }
        return Arrays.copyOf(packed, at);
    }

    /** Frees what the packing holds outside the heap. */
    @Override
    public void close() {
        deflater.end();
    }

    /**
     * Finds one frame in a block's bytes.
     *
     * @throws IllegalStateException when the bytes are not a block
     */
    static Optional<RawFrame> find(byte[] block, int ordinal) {
        try {
            ByteBuffer in = unpacked(block);
            TopicShape shape = null;
            String contentType = null;
            while (in.hasRemaining()) {
                int at = in.getInt();
                int flags = in.get();
                String device = text(in);
                if ((flags & SAME_TOPIC) == 0) {
                    String before = text(in);
                    String after = text(in);
                    shape = new TopicShape(before, after, after != null);
                }
                contentType = (flags & SAME_TYPE) == 0 ? text(in) : contentType;
                long received = in.getLong();
                int size = in.getInt();
                if (at == ordinal) {
                    byte[] payload = new byte[size];
                    in.get(payload);
                    return Optional.of(new RawFrame(device, shape.topic(device), contentType, received, payload));
                }
                in.position(in.position() + size);
            }
            return Optional.empty();
        } catch (DataFormatException | BufferUnderflowException | IllegalArgumentException e) {
            throw new IllegalStateException("a block of frames is damaged", e);
        }
    }

    private static ByteBuffer unpacked(byte[] block) throws DataFormatException {
        ByteBuffer header = ByteBuffer.wrap(block);
        if (header.get() != VERSION) {
            throw new IllegalArgumentException("an unknown version");
        }
        int size = header.getInt();
        if (size < 0 || size > LONGEST) {
            throw new IllegalArgumentException("an impossible length");
        }
        byte[] raw = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(block, HEADER, block.length - HEADER);
            // The second call reads the checksum at the end.
            if (inflater.inflate(raw) != size || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
                throw new DataFormatException("cut off");
            }
            return ByteBuffer.wrap(raw);
        } finally {
            inflater.end();
        }
    }

    private static String text(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0) {
            return null;
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
