package city.canopy.core.db;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL cluster folder and the programs that make, start and stop it. Not thread-safe; the caller holds the
 * folder's lock.
 */
final class PostgresCluster {
    static final String USER = "canopy";
    private static final Duration PROGRAM_TIMEOUT = Duration.ofMinutes(2);
    private static final int SHOWN_OUTPUT = 2_000;

    private final Path home;
    private final Path cluster;
    private final Path programs;

    /**
     * @param home the data folder; the cluster is {@code pgdata} in it, the password {@code pgpassword}
     * @param programs the unpacked {@link PostgresBinaries}
     */
    PostgresCluster(Path home, Path programs) {
        this.home = home;
        this.cluster = home.resolve("pgdata");
        this.programs = programs;
    }

    Path folder() {
        return cluster;
    }

    /** Makes the cluster where there is none: checksums, UTF-8, SCRAM for everyone, one superuser. */
    void initialise() throws IOException, InterruptedException {
        if (Files.exists(cluster.resolve("PG_VERSION"))) {
            requireSameMajor();
            return;
        }
        Path passwordFile = writePassword();
        Path work = home.resolve("pgdata.part");
        PostgresBinaries.deleteTree(work);
        run(List.of(
                program("initdb"),
                "-D",
                work.toString(),
                "-U",
                USER,
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile,
                "-E",
                "UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
        Files.move(work, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireSameMajor() throws IOException, InterruptedException {
        String ours = run(List.of(program("postgres"), "--version")).replaceAll("(?s).*?(\\d+)[.].*", "$1");
        String theirs = Files.readString(cluster.resolve("PG_VERSION")).strip();
        if (!ours.equals(theirs)) {
            throw new EmbeddedServerException("the data in " + cluster + " was written by PostgreSQL " + theirs
                    + ", this build carries " + ours + ": back up with the older build and restore with this one");
        }
    }

    private Path writePassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Path file = passwordFile();
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        return file;
    }

    private Path passwordFile() {
        return home.resolve("pgpassword");
    }

    /** The superuser's password. Never to be logged. */
    String password() throws IOException {
        if (!Files.exists(passwordFile())) {
            throw new EmbeddedServerException("the password file " + passwordFile()
                    + " is missing: put it back from a backup, or the data beside it cannot be opened");
        }
        return Files.readString(passwordFile()).strip();
    }

    /** The settings that a server of ours runs with; anything not named keeps PostgreSQL's default. */
    static Map<String, String> settings(EmbeddedConfig config, boolean lz4) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("max_connections", Integer.toString(config.maxConnections()));
        // A query over all the days that are kept locks each day's table and indexes.
        settings.put("max_locks_per_transaction", "512");
        settings.put("shared_buffers", megabytes(config.sharedBuffersMb()));
        settings.put("max_wal_size", megabytes(config.maxWalSizeMb()));
        settings.put("checkpoint_timeout", "15min");
        settings.put("wal_buffers", "16MB");
        settings.put("wal_compression", lz4 ? "lz4" : "off");
        settings.put("jit", "off");
        settings.put("log_timezone", "UTC");
        settings.put("logging_collector", "on");
        settings.put("log_directory", "log");
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_truncate_on_rotation", "on");
        // Neither statements nor row contents belong in a log.
        settings.put("log_error_verbosity", "terse");
        settings.put("log_min_error_statement", "panic");
        return settings;
    }

    private static String megabytes(int n) {
        return n % 1024 == 0 ? n / 1024 + "GB" : n + "MB";
    }

    /** Whether this build of PostgreSQL can pack full-page images with LZ4. */
    boolean knowsLz4() throws IOException, InterruptedException {
        return start(List.of(
                                program("postgres"),
                                "-D",
                                cluster.toString(),
                                "-C",
                                "wal_compression",
                                "-c",
                                "wal_compression=lz4"))
                        .waitFor()
                == 0;
    }

    /** Starts the server as a process of a session of its own, so that Ctrl-C reaches it only through us. */
    Process launch(int port, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(
                asPlainUser(List.of(program("postgres"), "-D", cluster.toString(), "-p", Integer.toString(port))));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return builder(command).start();
    }

    /** What the last start or program said, for a message. */
    String lastOutput() throws IOException {
        String text = Files.exists(outputFile()) ? Files.readString(outputFile(), StandardCharsets.UTF_8) : "";
        return text.substring(Math.max(0, text.length() - SHOWN_OUTPUT)).strip();
    }

    /**
     * Asks the server to stop and waits.
     *
     * @param mode {@code fast} or {@code immediate}
     * @return whether it has stopped
     */
    boolean stop(String mode, Duration patience) throws IOException, InterruptedException {
        Process process = start(List.of(
                program("pg_ctl"),
                "stop",
                "-D",
                cluster.toString(),
                "-m",
                mode,
                "-w",
                "-t",
                Long.toString(patience.toSeconds())));
        return process.waitFor() == 0;
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Process process = start(command);
        if (!process.waitFor(PROGRAM_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new EmbeddedServerException(command.get(0) + " did not end within " + PROGRAM_TIMEOUT);
        }
        if (process.exitValue() != 0) {
            throw new EmbeddedServerException(command.get(0) + " failed: " + lastOutput() + hint());
        }
        return lastOutput();
    }

    private Process start(List<String> command) throws IOException {
        return builder(asPlainUser(command)).start();
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // Whatever the service was started with must not steer the server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.directory(home.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.redirectErrorStream(true);
        builder.redirectOutput(outputFile().toFile());
        return builder;
    }

    private Path outputFile() {
        return home.resolve("postgres.out");
    }

    /** PostgreSQL refuses to run as root; in a user namespace without a mapping it is nobody. */
    private static List<String> asPlainUser(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }

    static String hint() {
        return isRoot()
                ? " (as root PostgreSQL needs user namespaces, 'unshare -U': allow them, run as an ordinary user, or set"
                        + " database.url to a server of your own)"
                : "";
    }
}
