package city.canopy.geo.tile;

/**
 * What a thread writes the parts of a tile on, for one tile after the other: made anew for each, and grown, they were most
 * of the memory that its making took. A sheet that has grown over {@value #MOST} bytes is not kept.
 */
final class TileSheets {
    /** Room for the largest tile that is given out. */
    static final int MOST = 1 << 19;

    private static final ThreadLocal<TileSheets> OWN = ThreadLocal.withInitial(TileSheets::new);

    private Protobuf features = new Protobuf(16_384);
    private Protobuf names = new Protobuf(256);
    private Protobuf values = new Protobuf(4_096);

    private TileSheets() {}

    /** This thread's, blank. The tile before must have been taken off them. */
    static TileSheets blank() {
        TileSheets own = OWN.get();
        own.features = blank(own.features, 16_384);
        own.names = blank(own.names, 256);
        own.values = blank(own.values, 4_096);
        return own;
    }

    private static Protobuf blank(Protobuf sheet, int capacity) {
        if (sheet.capacity() > MOST) {
            return new Protobuf(capacity);
        }
        sheet.clear();
        return sheet;
    }

    Protobuf features() {
        return features;
    }

    Protobuf names() {
        return names;
    }

    Protobuf values() {
        return values;
    }
}
