package city.canopy.geo.filter;

/** A condition that cannot be used. The message says where, why, and what may be written instead. */
public final class ConditionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    /** @param position the character it is about, counted from 1; 0 when it is about the whole text */
    ConditionException(String message, int position) {
        super(position > 0 ? "at character " + position + ": " + message : message);
        this.position = position;
    }

    /** The character of the text that it is about, counted from 1; 0 when it is about the whole text. */
    public int position() {
        return position;
    }
}
