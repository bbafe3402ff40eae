package city.canopy.devices.codec;

/** JSON readers guess UTF-16 and UTF-32 from the first bytes; RFC 8259 knows UTF-8 alone, and so do we. */
final class Utf8 {
    private Utf8() {}

    /** Whether a JSON text that begins like this can be in UTF-8: no NUL and no foreign byte order mark. */
    static boolean begins(byte[] payload) {
        for (int i = 0; i < Math.min(4, payload.length); i++) {
            int b = payload[i] & 0xff;
            if (b == 0 || b >= 0xfe) {
                return false;
            }
        }
        return true;
    }
}
