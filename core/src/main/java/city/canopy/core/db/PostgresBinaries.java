package city.canopy.core.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs that travel inside the jar, unpacked once per user and version into a folder that is named
 * by the archive's checksum. Two processes may unpack at once: each works in a folder of its own, and the first rename
 * wins.
 */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /**
     * The folder with {@code bin}, {@code lib} and {@code share}.
     *
     * @param fallback where to unpack when the user's cache ({@code XDG_CACHE_HOME}, else {@code ~/.cache}) cannot be
     *     written
     * @throws EmbeddedServerException when there are no programs for this machine
     */
    static Path unpacked(Path fallback) throws IOException {
        requireKnownMachine();
        String name = "postgres-" + checksum().substring(0, 16);
        Path cache = userCache();
        if (cache != null) {
            try {
                return unpackedBelow(cache, name);
            } catch (FileSystemException notWritable) {
                return unpackedBelow(fallback, name);
            }
        }
        return unpackedBelow(fallback, name);
    }

    private static void requireKnownMachine() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch");
        if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
            throw new EmbeddedServerException("there is no embedded PostgreSQL for " + os + " on " + arch
                    + ": set database.url to a PostgreSQL server of your own");
        }
    }

    private static Path userCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) {
            return Path.of(xdg, "canopy");
        }
        String home = System.getProperty("user.home");
        return home == null || home.isBlank() || !Files.isDirectory(Path.of(home))
                ? null
                : Path.of(home, ".cache", "canopy");
    }

    private static String checksum() throws IOException {
        try (InputStream in = archive()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream archive() {
        InputStream in = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (in == null) {
            throw new EmbeddedServerException(
                    "this build carries no PostgreSQL: set database.url to a PostgreSQL server of your own");
        }
        return in;
    }

    private static Path unpackedBelow(Path parent, String name) throws IOException {
        Path target = parent.resolve(name);
        if (Files.isExecutable(target.resolve("bin/postgres"))) {
            return target;
        }
        Files.createDirectories(parent);
        Path work = Files.createTempDirectory(
                parent,
                name + ".part-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            extractTo(work);
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException lost) {
            if (!Files.isExecutable(target.resolve("bin/postgres"))) {
                throw lost;
            }
        } finally {
            deleteTree(work);
        }
        return target;
    }

    private static void extractTo(Path work) throws IOException {
        try (InputStream raw = archive();
                XZInputStream xz = new XZInputStream(new BufferedInputStream(raw, 1 << 16));
                TarArchiveInputStream tar = new TarArchiveInputStream(xz)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = work.resolve(entry.getName()).normalize();
                if (!file.startsWith(work)) {
                    throw new IOException("an archive entry leads outside: " + entry.getName());
                }
                extract(tar, entry, file);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, file);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            // A power cut after the rename must not leave an empty program behind.
            try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
                written.force(true);
            }
        } else {
            throw new IOException("an archive entry of an unexpected kind: " + entry.getName());
        }
    }

    /** Removes a folder and all in it; does nothing when it is not there. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
