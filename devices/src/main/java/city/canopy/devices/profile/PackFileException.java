package city.canopy.devices.profile;

import java.util.Objects;

/** A pack's file that cannot be used. The message reads {@code FILE:LINE: what is wrong; what to do}. */
public final class PackFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;

    /**
     * @param file the file's name, as people know it
     * @param line counted from 1
     * @param message what is wrong and what to do about it
     */
    public PackFileException(String file, int line, String message) {
        super(file + ":" + line + ": " + message);
        this.file = Objects.requireNonNull(file, "file");
        this.line = line;
    }

    public String file() {
        return file;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }
}
