package city.canopy.geo.layer;

/** What the values of one attribute are, over all features of a layer; a missing value fits everywhere. */
public enum AttributeKind {
    TEXT,
    /** Numbers, at least one of them with a fraction. */
    NUMBER,
    /** Whole numbers, none with a fraction. */
    WHOLE,
    BOOLEAN,
    /** Values of several kinds. */
    MIXED;

    /** The largest whole number up to which every one is a double too. */
    private static final long MAX_EXACT = 1L << 53;

    /** The kind of one value that is not null. */
    public static AttributeKind of(Object value) {
        if (value instanceof Boolean) {
            return BOOLEAN;
        }
        if (value instanceof Number number) {
            return isWhole(number) ? WHOLE : NUMBER;
        }
        return TEXT;
    }

    public static boolean isWhole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    /** Whether a whole number keeps its value as a double. */
    public static boolean isExact(long whole) {
        return whole >= -MAX_EXACT && whole <= MAX_EXACT;
    }

    /** The kind that holds values of both. */
    public AttributeKind and(AttributeKind other) {
        if (this == other) {
            return this;
        }
        boolean numbers = (this == NUMBER || this == WHOLE) && (other == NUMBER || other == WHOLE);
        return numbers ? NUMBER : MIXED;
    }
}
