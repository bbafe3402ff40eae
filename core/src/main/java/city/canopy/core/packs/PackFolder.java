package city.canopy.core.packs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A pack's files, whether they lie in a folder on the disk or inside the jar. */
final class PackFolder {
    /** The most files of one kind in a pack. */
    static final int MAX_FILES = 500;

    private final String name;
    private final Path folder;

    private PackFolder(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** The packs that come with Canopy, in their order. */
    static List<PackFolder> builtIn() {
        try (InputStream index = PackFolder.class.getResourceAsStream("/packs/index.txt")) {
            Path root = classPathFolder("/packs/index.txt").getParent();
            List<PackFolder> folders = new ArrayList<>();
            for (String line : new String(index.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.isBlank()) {
                    folders.add(new PackFolder(line.strip(), root.resolve(line.strip())));
                }
            }
            return folders;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path classPathFolder(String resource) throws IOException {
        URL url = PackFolder.class.getResource(resource);
        if (url == null) {
            throw new FileNotFoundException("the jar lacks " + resource);
        }
        try {
            URI uri = url.toURI();
            if (uri.getScheme().equals("jar")) {
                jarFileSystem(uri);
            }
            return Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Opened once and kept: the jar is ours for as long as the process lives. */
    private static synchronized FileSystem jarFileSystem(URI uri) throws IOException {
        try {
            return FileSystems.getFileSystem(uri);
        } catch (FileSystemNotFoundException e) {
            return FileSystems.newFileSystem(uri, Map.of());
        }
    }

    /** The folders below {@code data.dir/packs}, by name; none where there is no such folder. */
    static List<PackFolder> below(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> new PackFolder(folder.getFileName().toString(), folder))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    /** The file as messages name it: {@code trees/rules/tree-dry.yaml}. */
    String label(String file) {
        return name + "/" + file;
    }

    InputStream open(String file) throws IOException {
        return Files.newInputStream(folder.resolve(file));
    }

    String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /** The YAML files of a sub-folder, as {@code sub/name.yaml}, by name. */
    List<String> list(String sub) throws IOException {
        Path below = folder.resolve(sub);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(below)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml"))
                    .sorted()
                    .limit(MAX_FILES)
                    .map(file -> sub + "/" + file)
                    .toList();
        }
    }
}
