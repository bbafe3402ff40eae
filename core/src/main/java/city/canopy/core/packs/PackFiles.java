package city.canopy.core.packs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which files a folder of packs holds, how long each is and when it was last written: two that are equal hold the same
 * packs.
 */
public record PackFiles(Map<String, Written> files) {
    /** The most files that are looked at. */
    public static final int MAX_FILES = 10_000;

    private static final int DEEPEST = 4;

    /**
     * A file.
     *
     * @param size in bytes
     * @param modified in nanoseconds since 1970, as exact as the file system keeps it
     */
    public record Written(long size, long modified) {}

    public PackFiles {
        files = Map.copyOf(files);
    }

    /**
     * What is there now; nothing where there is no such folder.
     *
     * @throws UncheckedIOException when the folder cannot be read
     */
    public static PackFiles below(Path folder) {
        Map<String, Written> found = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> paths = Files.walk(folder, DEEPEST)) {
                paths.limit(MAX_FILES).forEach(path -> written(path, folder, found));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new PackFiles(found);
    }

    private static void written(Path path, Path folder, Map<String, Written> found) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                found.put(
                        folder.relativize(path).toString(),
                        new Written(
                                attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
            }
        } catch (NoSuchFileException e) {
            found.remove(folder.relativize(path).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
