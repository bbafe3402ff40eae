package city.canopy.core.commands;

/** A command cannot be given, or not be taken back; the message says why and what to do. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public CommandException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** For programs: {@code unknown_command}, {@code too_many}, … */
    public String code() {
        return code;
    }
}
