package city.canopy.core.series;

/** What is known about a stored reading, as bits; 0 is a reading with nothing to remark. */
public final class Quality {
    /** A reading of the same datastream that was measured later was there already. */
    public static final int LATE = 1;
    /** The payload carried no time: {@code measured_at} is the time of receipt. */
    public static final int UNTIMED = 2;

    private Quality() {}

    static short of(boolean timed, boolean late) {
        return (short) ((late ? LATE : 0) | (timed ? 0 : UNTIMED));
    }
}
