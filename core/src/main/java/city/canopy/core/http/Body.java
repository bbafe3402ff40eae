package city.canopy.core.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The body of a request.
 *
 * @param bytes all of it, where it is held in memory; else none. Not to be written to
 * @param file where it lies, where it is kept in a file; the file is gone when the request has been answered
 * @param sha256 of a body in a file
 */
record Body(byte[] bytes, Optional<Path> file, byte[] sha256) {
    private static final byte[] NOTHING = {};

    /** No body. */
    static final Body NONE = of(NOTHING);

    static Body of(byte[] bytes) {
        return new Body(bytes, Optional.empty(), NOTHING);
    }

    static Body in(Path file, byte[] sha256) {
        return new Body(NOTHING, Optional.of(file), sha256);
    }
}
