package city.canopy.core.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The way to an {@link EmbeddedServer} that somebody else runs on a data folder. Stateless. */
public final class RunningServer {
    private RunningServer() {}

    /**
     * Empty where nobody runs one there. It may stop at any time; the caller closes the database.
     *
     * @throws EmbeddedServerException when somebody holds the folder and its server cannot be reached yet
     */
    public static Optional<Database> find(Path dataDir, int poolSize) {
        if (!Files.isRegularFile(dataDir.resolve("postgres").resolve("lock"))) {
            return Optional.empty();
        }
        try {
            Path home = dataDir.toRealPath().resolve("postgres");
            if (!isHeld(home)) {
                return Optional.empty();
            }
            PostgresCluster cluster = new PostgresCluster(home, home);
            Postmaster server = Postmaster.find(cluster.folder())
                    .filter(Postmaster::ready)
                    .orElseThrow(() -> new EmbeddedServerException("the service on " + dataDir
                            + " is just starting or stopping its database; try again in a moment"));
            String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + EmbeddedServer.DATABASE;
            return Optional.of(new Database(url, PostgresCluster.USER, cluster.password(), poolSize));
        } catch (IOException e) {
            throw new EmbeddedServerException("the embedded PostgreSQL of " + dataDir + " cannot be found: " + e, e);
        }
    }

    private static boolean isHeld(Path home) throws IOException {
        try (FileChannel channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException ours) {
            return true;
        }
    }
}
