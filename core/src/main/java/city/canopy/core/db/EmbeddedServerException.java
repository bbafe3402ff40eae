package city.canopy.core.db;

/** The embedded PostgreSQL cannot be set up, started or stopped. The message says what to do. */
public final class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EmbeddedServerException(String message) {
        super(message);
    }

    public EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
