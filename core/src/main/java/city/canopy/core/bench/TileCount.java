package city.canopy.core.bench;

/** Counts the features of a vector tile, by its length-delimited fields alone. */
final class TileCount {
    private static final int LAYERS = 3;
    private static final int FEATURES = 2;

    private final byte[] bytes;
    private int at;

    private TileCount(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    static int features(byte[] tile) {
        return new TileCount(tile, 0).count(tile.length, LAYERS);
    }

    private int count(int end, int field) {
        int found = 0;
        while (at < end) {
            long key = varint();
            boolean wanted = key >>> 3 == field && (key & 7) == 2;
            switch ((int) (key & 7)) {
                case 0 -> varint();
                case 1 -> at += 8;
                case 2 -> {
                    int length = (int) varint();
                    int next = at + length;
                    if (wanted) {
                        found += field == LAYERS ? count(next, FEATURES) : 1;
                    }
                    at = next;
                }
                case 5 -> at += 4;
                default -> throw new IllegalStateException("this is no vector tile");
            }
        }
        return found;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
