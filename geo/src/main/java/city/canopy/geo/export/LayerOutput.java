package city.canopy.geo.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A kind of file that a layer can be written into. Stateless; any thread. A new one is added to {@link LayerOutputs}. */
public interface LayerOutput {
    /** Its name on the command line, such as {@code geojson}. */
    String name();

    /** The ending of its files, without a dot. */
    String ending();

    String mediaType();

    /**
     * Writes a layer into a file, which is made or replaced.
     *
     * @return what the file cannot hold as the layer has it, each as a sentence; empty where it holds all
     * @throws IOException when it cannot be written, or the layer cannot be in such a file at all; the message says what
     *     to do
     */
    List<String> write(LayerExtract extract, Path file) throws IOException;
}
