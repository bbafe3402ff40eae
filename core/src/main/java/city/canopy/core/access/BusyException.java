package city.canopy.core.access;

/** Too many passwords are being checked at once; trying again in a few seconds helps. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException() {
        super("too many passwords at once", null, false, false);
    }
}
