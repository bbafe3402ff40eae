package city.canopy.core.photos;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** The frame of a PNG file: chunks of length, type, data and checksum, the last one called IEND. */
final class PngChunks {
    private static final int SIGNATURE = 8;
    private static final int OVERHEAD = 12;
    private static final int IEND = 0x49454E44;

    private PngChunks() {}

    /** Whether every chunk is there and as it was written; the JDK's reader would show what it has got by then. */
    static boolean areWhole(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int at = SIGNATURE;
        while (bytes.length - at >= OVERHEAD) {
            int length = file.getInt(at);
            if (length < 0 || length > bytes.length - at - OVERHEAD) {
                return false;
            }
            CRC32 crc = new CRC32();
            crc.update(bytes, at + 4, length + 4);
            if ((int) crc.getValue() != file.getInt(at + 8 + length)) {
                return false;
            }
            if (file.getInt(at + 4) == IEND) {
                return true;
            }
            at += OVERHEAD + length;
        }
        return false;
    }
}
