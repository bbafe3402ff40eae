package city.canopy.geo.tile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the few kinds of protocol buffer fields that a vector tile has. Grows as needed; one thread's. */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    /** A varint of 64 bits. */
    private static final int MOST = 10;

    private byte[] bytes;
    private int size;

    Protobuf(int capacity) {
        bytes = new byte[Math.max(MOST, capacity)];
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void clear() {
        size = 0;
    }

    /** How much it holds before it grows. */
    int capacity() {
        return bytes.length;
    }

    /** What was written, without a copy where it fills the buffer; nothing may be written any more. */
    byte[] finish() {
        return size == bytes.length ? bytes : toBytes();
    }

    /** How many bytes {@link #head} takes, for a field of a number below 16. */
    static int headSize(int length) {
        int size = 2;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            size++;
        }
        return size;
    }

    void number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
    }

    void real(int field, double value) {
        varint((long) field << 3 | EIGHT_BYTES);
        room(Double.BYTES);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Double.BYTES; i++) {
            bytes[size++] = (byte) (bits >>> (8 * i));
        }
    }

    void text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        head(field, utf8.length);
        raw(utf8);
    }

    /** Begins a message in place, whose fields follow; it ends with {@link #close}. Answers its place. */
    int open(int field) {
        varint((long) field << 3 | LENGTH);
        room(1);
        return size++;
    }

    /** Ends the message that was begun last, now that its length is known. */
    void close(int place) {
        int length = size - place - 1;
        int more = 0;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            more++;
        }
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, place + 1, bytes, place + 1 + more, length);
            size += more;
        }
        int rest = length;
        int at = place;
        for (; (rest & ~0x7F) != 0; rest >>>= 7) {
            bytes[at++] = (byte) (rest & 0x7F | 0x80);
        }
        bytes[at] = (byte) rest;
    }

    void message(int field, Protobuf message) {
        head(field, message.size);
        raw(message);
    }

    /** Bytes as they are. */
    void raw(byte[] other) {
        raw(other, 0, other.length);
    }

    void raw(byte[] other, int from, int to) {
        room(to - from);
        System.arraycopy(other, from, bytes, size, to - from);
        size += to - from;
    }

    /** What stands in another one, as it is. */
    void raw(Protobuf other) {
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    void head(int field, int length) {
        varint((long) field << 3 | LENGTH);
        varint(length);
    }

    /** A number with a sign, folded so that small ones stay short. */
    void zigzag(int value) {
        varint((value << 1 ^ value >> 31) & 0xFFFF_FFFFL);
    }

    void varint(long value) {
        room(MOST);
        if ((value & ~0x7FL) == 0) {
            bytes[size++] = (byte) value;
            return;
        }
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
