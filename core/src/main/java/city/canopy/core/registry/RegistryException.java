package city.canopy.core.registry;

/** A device cannot be enrolled or changed like this; the message says why and what to do. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public RegistryException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** For programs: {@code unknown_profile}, {@code already_enrolled}, … */
    public String code() {
        return code;
    }
}
