package city.canopy.core.layers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Small things in gzip (RFC 1952), many a second: the packer of each thread is used again, as to make one takes longer
 * than to pack a tile. Any thread.
 */
final class GzipMember {
    /** Magic number, deflate, no flags, no time, packed in haste, no system. */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

    private static final int TAIL = 8;
    private static final ThreadLocal<Deflater> PACKER =
            ThreadLocal.withInitial(() -> new Deflater(Deflater.BEST_SPEED, true));

    private GzipMember() {}

    /** @param crc32 of the bytes */
    static byte[] of(byte[] bytes, int crc32) {
        Deflater packer = PACKER.get();
        packer.reset();
        packer.setInput(bytes);
        packer.finish();
        byte[] out = Arrays.copyOf(HEAD, HEAD.length + bytes.length / 2 + 64);
        int size = HEAD.length;
        while (!packer.finished()) {
            if (out.length - size < 64) {
                out = Arrays.copyOf(out, out.length * 2);
            }
            size += packer.deflate(out, size, out.length - size);
        }
        byte[] whole = Arrays.copyOf(out, size + TAIL);
        ByteBuffer.wrap(whole, size, TAIL)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(crc32)
                .putInt(bytes.length);
        return whole;
    }
}
