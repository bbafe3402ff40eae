package city.canopy.core.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in a process of its own, for installations without a database server. Its data stay in the given
 * folder across starts; it listens on 127.0.0.1 only and asks everyone for a generated password.
 *
 * <p>It is watched: when the process dies it is started again on the same port. A server that a killed JVM left behind
 * on the same folder is taken over. Two JVMs never share a folder. Thread-safe.
 */
public final class EmbeddedServer implements AutoCloseable {
    /** The database that is made at the first start. */
    public static final String DATABASE = "canopy";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration FAST_STOP = Duration.ofSeconds(60);
    private static final long WATCH_EVERY_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    /**
     * Told when the server dies and when it is back, and again with another reason while it cannot be started; on the
     * watching thread, must return soon.
     */
    @FunctionalInterface
    public interface Listener {
        /** @param reason what happened, for people */
        void changed(boolean up, String reason);
    }

    private final FileChannel lockFile;
    private final PostgresCluster cluster;
    private final EmbeddedConfig config;
    private final Map<String, String> settings;
    private final String password;
    private final Listener listener;
    private final Thread watcher;
    private volatile Postmaster postmaster;
    private volatile boolean up;
    private volatile boolean stopping;

    private EmbeddedServer(FileChannel lockFile, Path home, EmbeddedConfig config, Listener listener)
            throws IOException, InterruptedException {
        this.lockFile = lockFile;
        this.config = config;
        this.listener = listener;
        this.cluster = new PostgresCluster(home, PostgresBinaries.unpacked(home));
        cluster.initialise();
        this.password = cluster.password();
        this.settings = PostgresCluster.settings(config, cluster.knowsLz4());
        this.postmaster = takeOverOrStart();
        try {
            ensureDatabase();
        } catch (SQLException e) {
            cluster.stop("fast", FAST_STOP);
            throw new EmbeddedServerException("the embedded PostgreSQL runs but cannot be used: " + e.getMessage(), e);
        }
        this.up = true;
        this.watcher = new Thread(this::watch, "postgres-watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    /**
     * Starts the server on a data folder, making both where they are not there.
     *
     * @throws EmbeddedServerException when it cannot be started, or another process uses the folder
     */
    public static EmbeddedServer start(Path dataDir, EmbeddedConfig config, Listener listener) {
        FileChannel lockFile = null;
        try {
            Path home = prepared(dataDir);
            lockFile = lock(home);
            return new EmbeddedServer(lockFile, home, config, listener);
        } catch (IOException e) {
            release(lockFile);
            throw new EmbeddedServerException("the embedded PostgreSQL cannot be started in " + dataDir + ": " + e, e);
        } catch (InterruptedException e) {
            release(lockFile);
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while PostgreSQL started", e);
        } catch (RuntimeException e) {
            release(lockFile);
            throw e;
        }
    }

    private static Path prepared(Path dataDir) throws IOException {
        Files.createDirectories(dataDir);
        Path home = dataDir.toRealPath().resolve("postgres");
        if (!Files.isDirectory(home)) {
            Files.createDirectory(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return home;
    }

    private static FileChannel lock(Path home) throws IOException {
        FileChannel channel = FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            LOG.debug("this process holds {} already", home);
        }
        if (lock == null) {
            channel.close();
            throw new EmbeddedServerException("the data folder " + home.getParent()
                    + " is used by another running Canopy: stop it, or set data.dir to another folder");
        }
        return channel;
    }

    private static void release(FileChannel lockFile) {
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Postmaster takeOverOrStart() throws IOException, InterruptedException {
        Optional<Postmaster> left = Postmaster.find(cluster.folder());
        if (left.isPresent()) {
            if (left.get().ready() && adopts(left.get())) {
                LOG.info(
                        "took over the PostgreSQL (process {}) that an earlier run left behind",
                        left.get().pid());
                return left.get();
            }
            LOG.info(
                    "stopping the PostgreSQL (process {}) that an earlier run left behind",
                    left.get().pid());
            stopServer(left.get());
        }
        return launch(config.port());
    }

    /** Takes a left-over server only with our settings, and only once the sessions of its dead owner have ended. */
    private boolean adopts(Postmaster left) throws InterruptedException {
        if (config.port() != 0 && config.port() != left.port()) {
            return false;
        }
        try (Connection c = DriverManager.getConnection(url(left.port(), "postgres"), PostgresCluster.USER, password);
                Statement s = c.createStatement()) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                try (ResultSet r = s.executeQuery("show " + setting.getKey())) {
                    if (!r.next() || !r.getString(1).equals(setting.getValue())) {
                        LOG.info("the left-over PostgreSQL runs with another {}", setting.getKey());
                        return false;
                    }
                }
            }
            return endedOtherSessions(s);
        } catch (SQLException e) {
            LOG.info("the left-over PostgreSQL does not answer as expected: {}", e.getMessage());
            return false;
        }
    }

    private static boolean endedOtherSessions(Statement s) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < deadline) {
            try (ResultSet r = s.executeQuery("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
                r.next();
                if (r.getInt(1) == 0) {
                    return true;
                }
            }
            Thread.sleep(10);
        }
        return false;
    }

    /** @param wanted the port; 0 tries free ones */
    private Postmaster launch(int wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + config.startTimeout().toNanos();
        String output = "";
        for (int attempt = 0; attempt < 5; attempt++) {
            int port = wanted == 0 ? freePort() : wanted;
            Process process = cluster.launch(port, settings);
            Optional<Postmaster> started = awaitReady(process, deadline);
            if (started.isPresent()) {
                return started.get();
            }
            output = cluster.lastOutput();
            if (process.isAlive()) {
                stopServer(new Postmaster(process.pid(), port, false));
                break;
            }
            // The port was taken in between, or processes of a killed server are still ending.
            Thread.sleep(100L << attempt);
        }
        throw new EmbeddedServerException(
                "PostgreSQL did not start on " + cluster.folder() + ": " + output + PostgresCluster.hint());
    }

    private Optional<Postmaster> awaitReady(Process process, long deadline) throws IOException, InterruptedException {
        while (process.isAlive() && System.nanoTime() < deadline) {
            Optional<Postmaster> found = Postmaster.find(cluster.folder());
            if (found.isPresent()
                    && found.get().pid() == process.pid()
                    && found.get().ready()) {
                return found;
            }
            Thread.sleep(10);
        }
        return Optional.empty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void ensureDatabase() throws SQLException {
        try (Connection c = DriverManager.getConnection(
                        url(postmaster.port(), "postgres"), PostgresCluster.USER, password);
                Statement s = c.createStatement()) {
            boolean there;
            try (ResultSet r = s.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                there = r.next();
            }
            if (!there) {
                s.execute("create database " + DATABASE);
            }
        }
    }

    private void watch() {
        long pause = WATCH_EVERY_MS;
        while (!stopping) {
            try {
                Thread.sleep(pause);
                pause = postmaster.isAlive() ? WATCH_EVERY_MS : restart(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** @return how long to wait before looking again, in ms */
    private synchronized long restart(long pause) throws InterruptedException {
        if (stopping) {
            return pause;
        }
        if (up) {
            up = false;
            LOG.error("PostgreSQL (process {}) has died; starting it again", postmaster.pid());
            listener.changed(false, "PostgreSQL has died and is being started again");
        }
        try {
            postmaster = launch(postmaster.port());
        } catch (IOException | EmbeddedServerException e) {
            LOG.error("PostgreSQL cannot be started again: {}", e.getMessage());
            listener.changed(false, e.getMessage());
            return Math.min(LONGEST_PAUSE_MS, pause * 2);
        }
        up = true;
        LOG.info("PostgreSQL is back (process {})", postmaster.pid());
        listener.changed(true, "PostgreSQL is running");
        return WATCH_EVERY_MS;
    }

    /** Where our database is. */
    public String url() {
        return url(DATABASE);
    }

    /** Where another database of this server is. */
    public String url(String database) {
        return url(postmaster.port(), database);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String user() {
        return PostgresCluster.USER;
    }

    /** The generated password. Never to be logged. */
    public String password() {
        return password;
    }

    /** Kept when the server is started again. */
    public int port() {
        return postmaster.port();
    }

    /** The process that leads the server; another one after a restart. */
    public long pid() {
        return postmaster.pid();
    }

    public boolean isUp() {
        return up;
    }

    /** Stops the server: sessions are ended, everything is written. Returns when it has stopped. */
    @Override
    public void close() {
        stopping = true;
        watcher.interrupt();
        try {
            watcher.join();
            synchronized (this) {
                up = false;
                stopServer(postmaster);
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL cannot be stopped: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while PostgreSQL stopped", e);
        } finally {
            release(lockFile);
        }
    }

    private void stopServer(Postmaster server) throws IOException, InterruptedException {
        if (!server.isAlive()) {
            return;
        }
        // It says that it has stopped when its file is gone; the process goes a moment later, and is waited for below.
        boolean told = cluster.stop("fast", FAST_STOP) || cluster.stop("immediate", Duration.ofSeconds(10));
        if (!told && server.isAlive()) {
            LOG.warn("PostgreSQL (process {}) does not stop; killing it", server.pid());
            ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        if (server.isAlive()) {
            throw new EmbeddedServerException("PostgreSQL (process " + server.pid() + ") cannot be stopped");
        }
    }
}
