package city.canopy.core.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder for what a bench writes. */
record BenchFolder(Path path) implements AutoCloseable {
    static BenchFolder make() throws IOException {
        return new BenchFolder(Files.createTempDirectory("canopy-bench-"));
    }

    /** One inside this folder, which is there. */
    static BenchFolder in(Path parent) throws IOException {
        return new BenchFolder(Files.createTempDirectory(parent, "canopy-bench-"));
    }

    static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, Java " + Runtime.version() + ", heap limit "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB";
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
