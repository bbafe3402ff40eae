package city.canopy.core.app;

import city.canopy.devices.profile.PackFileException;

/** The service cannot start; the message says what to do about it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }

    public StartException(String message) {
        super(message);
    }

    /** The packs cannot be used; the first problem is told, the further ones are counted. */
    static StartException ofPacks(PackFileException first) {
        int further = first.getSuppressed().length;
        String rest = further == 0 ? "" : " (and " + further + " more; canopy packs check tells all)";
        return new StartException("a pack cannot be used: " + first.getMessage() + rest, first);
    }
}
