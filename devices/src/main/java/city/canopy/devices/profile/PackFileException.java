package city.canopy.devices.profile;

/** A pack's file cannot be used; the message says where, why, and what to write instead. */
public final class PackFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;

    /**
     * @param file the file's name within the pack
     * @param line counted from 1; 0 where the whole file is meant
     * @param problem what is wrong, and what to do
     */
    public PackFileException(String file, int line, String problem) {
        super(file + (line > 0 ? ":" + line : "") + ": " + problem);
        this.file = file;
        this.line = line;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }
}
