package city.canopy.geo.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A kind of file that features come in. Stateless; any thread. A new one is added to {@link LayerFormats}. */
public interface LayerFormat {
    /** Its name on the command line, such as {@code geojson}. */
    String name();

    /** The endings of its files, in small letters, without a dot. */
    Iterable<String> endings();

    /**
     * Reads a file. What is wrong with one feature is a problem of that feature and reading goes on.
     *
     * @throws IOException when the file itself cannot be read; the message says what to do
     */
    void read(Path file, FormatOptions options, FileSink sink) throws IOException;

    /** Whether a file is one of these, by its name. */
    default boolean takes(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (String ending : endings()) {
            if (name.endsWith("." + ending)) {
                return true;
            }
        }
        return false;
    }
}
