package city.canopy.geo.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip file from outside, unpacked into a folder of its own that {@link #close} removes. Only the bare names of its
 * entries are used, so that none can lie elsewhere, and only those with an ending that is asked for. Limits: {@value #MAX_ENTRIES} entries, {@value #MAX_BYTES} bytes
 * unpacked, and {@value #MAX_RATIO} times its size where that is over {@value #ALWAYS_BYTES} bytes.
 */
final class UnpackedZip implements AutoCloseable {
    static final int MAX_ENTRIES = 1_000;
    static final long MAX_BYTES = 2L << 30;
    static final long ALWAYS_BYTES = 64L << 20;
    static final long MAX_RATIO = 200;

    private final Path file;
    private final Path folder;
    private final List<Path> files = new ArrayList<>();

    private UnpackedZip(Path file, Path folder) {
        this.file = file;
        this.folder = folder;
    }

    /**
     * @param endings of the entries that are wanted, without the dot
     * @throws IOException when it is no zip file, or over a limit; nothing of it is left then
     */
    static UnpackedZip of(Path file, Set<String> endings) throws IOException {
        UnpackedZip unpacked = new UnpackedZip(file, Files.createTempDirectory("canopy-import-"));
        try (ZipFile zip = open(file)) {
            unpacked.unpack(zip, endings);
            return unpacked;
        } catch (ZipException e) {
            unpacked.close();
            throw new IOException(file.getFileName() + " is no zip file that can be read: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            unpacked.close();
            throw e instanceof IOException io
                    ? io
                    : new IOException(file.getFileName() + " is damaged: " + e.getMessage());
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            // Some programs write names in their country's code page. Whatever it is, siblings stay siblings.
            return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
        }
    }

    private void unpack(ZipFile zip, Set<String> endings) throws IOException {
        if (zip.size() > MAX_ENTRIES) {
            throw new IOException(
                    file.getFileName() + " holds more than " + MAX_ENTRIES + " files; pack one layer only");
        }
        long left = Math.min(MAX_BYTES, Math.max(ALWAYS_BYTES, MAX_RATIO * Files.size(file)));
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName().replace('\\', '/');
            name = name.substring(name.lastIndexOf('/') + 1);
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (!entry.isDirectory() && !name.startsWith(".") && endings.contains(ending)) {
                Path target = folder.resolve(name);
                if (!target.getParent().equals(folder) || Files.exists(target)) {
                    throw new IOException(
                            file.getFileName() + " holds two files named " + name + "; pack one layer only");
                }
                left = copy(zip, entry, target, left);
                files.add(target);
            }
        }
    }

    private long copy(ZipFile zip, ZipEntry entry, Path target, long most) throws IOException {
        long left = most;
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                left -= n;
                if (left < 0) {
                    throw new IOException(file.getFileName() + " unpacks to more than 2 GiB, or to more than "
                            + MAX_RATIO + " times its size; split it");
                }
                out.write(buffer, 0, n);
            }
        }
        return left;
    }

    /** Whether there is a file of this name, in whatever case it is written. */
    boolean holds(String name) {
        return files.stream().anyMatch(path -> path.getFileName().toString().equalsIgnoreCase(name));
    }

    /**
     * Its one file with this ending.
     *
     * @param ending with the dot
     * @param wanted its name without the ending, where one is said
     * @param without what is said where there is none
     * @throws IOException when there is none, or several to choose from
     */
    Path only(String ending, Optional<String> wanted, String without) throws IOException {
        List<Path> all = files.stream()
                .filter(path ->
                        path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending))
                .sorted()
                .toList();
        List<Path> found = all.stream()
                .filter(path ->
                        wanted.isEmpty() || path.getFileName().toString().equalsIgnoreCase(wanted.get() + ending))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (all.isEmpty()) {
            throw new IOException(file.getFileName() + without);
        }
        String names = String.join(
                ", ", all.stream().map(path -> path.getFileName().toString()).toList());
        throw new IOException(file.getFileName() + " holds " + names + "; say which one as its table");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
