package city.canopy.core.packs;

import city.canopy.devices.profile.PackYaml;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pack's folder, on disk or in the jar.
 *
 * @param id the folder's name
 * @param path where it is
 * @param shown how its files are called in messages
 */
record PackFolder(String id, Path path, String shown) {
    private static final String ROOT = "packs/";

    /** The folders that the program brings. A jar that holds them stays open for good. */
    static List<PackFolder> builtIn() {
        List<PackFolder> folders = new ArrayList<>();
        ClassLoader loader = PackFolder.class.getClassLoader();
        try (InputStream index = loader.getResourceAsStream(ROOT + "index.txt")) {
            if (index == null) {
                throw new IllegalStateException("the program lacks its packs/index.txt; build it again");
            }
            for (String id : lines(index)) {
                URL manifest = loader.getResource(ROOT + id + "/pack.yaml");
                if (manifest == null) {
                    throw new IllegalStateException("the program lacks its pack " + id + "; build it again");
                }
                folders.add(new PackFolder(id, path(manifest.toURI()).getParent(), ROOT + id));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return folders;
    }

    private static List<String> lines(InputStream in) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        return reader.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static Path path(URI file) throws IOException {
        if ("jar".equals(file.getScheme())) {
            try {
                FileSystems.newFileSystem(file, Map.of());
            } catch (FileSystemAlreadyExistsException e) {
                return Path.of(file);
            }
        }
        return Path.of(file);
    }

    /** The folders below this one that are packs, by name; none where there is no such folder. */
    static List<PackFolder> below(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> Files.isRegularFile(child.resolve("pack.yaml")))
                    .sorted()
                    .map(child -> new PackFolder(child.getFileName().toString(), child, child.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This folder where it is a pack itself, else the packs below it. */
    static List<PackFolder> at(Path folder) {
        if (!Files.isRegularFile(folder.resolve("pack.yaml"))) {
            return below(folder);
        }
        String id = folder.toAbsolutePath().normalize().getFileName().toString();
        return List.of(new PackFolder(id, folder, folder.toString()));
    }

    /** What to do with an open file. */
    interface Use<T> {
        T apply(String shown, InputStream in) throws IOException;
    }

    /** Reads a file that may be there. */
    <T> Optional<T> read(String name, Use<T> use) {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(use.apply(shown + "/" + name, in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + shown + "/" + name, e);
        }
    }

    Optional<PackYaml> yaml(String name) {
        return read(name, PackYaml::read);
    }

    /** The YAML files of a folder within, by name. */
    List<String> yamlFiles(String folder) {
        Path within = path.resolve(folder);
        if (!Files.isDirectory(within)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(within)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .map(name -> folder + "/" + name)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Path> layerContent(String layer) {
        return Optional.of(path.resolve("layers").resolve(layer + ".geojson")).filter(Files::isRegularFile);
    }
}
