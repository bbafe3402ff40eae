package city.canopy.core.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
    private static final EmbeddedConfig SMALL = new EmbeddedConfig(0, 32, 128, 20, Duration.ofMinutes(1));

    @TempDir
    Path folder;

    private final BlockingQueue<Boolean> health = new LinkedBlockingQueue<>();
    private EmbeddedServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start() {
        start(SMALL);
    }

    private void start(EmbeddedConfig config) {
        server = EmbeddedServer.start(folder, config, (up, reason) -> health.add(up));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url(), server.user(), server.password());
    }

    private String ask(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    @Test
    void isDurableAndSizedAsAsked() throws SQLException {
        start();
        assertThat(ask("show fsync")).isEqualTo("on");
        assertThat(ask("show synchronous_commit")).isEqualTo("on");
        assertThat(ask("show full_page_writes")).isEqualTo("on");
        assertThat(ask("show data_checksums")).isEqualTo("on");
        assertThat(ask("show shared_buffers")).isEqualTo("32MB");
        assertThat(ask("show max_wal_size")).isEqualTo("128MB");
        assertThat(ask("show server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void opensToNobodyWithoutThePasswordAndKeepsThatReadableToTheOwnerOnly() throws Exception {
        start();
        assertThatThrownBy(() -> DriverManager.getConnection(server.url(), server.user(), "wrong"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        assertThat(ask("select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'"))
                .isEqualTo("0");
        assertThat(ask("select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'canopy'"))
                .isEqualTo("t");
        Path password = folder.resolve("postgres/pgpassword");
        assertThat(Files.readString(password)).isEqualTo(server.password()).hasSizeGreaterThanOrEqualTo(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("postgres"))))
                .isEqualTo("rwx------");
    }

    @Test
    void listensOnTheLoopbackOnlyAndOnNoSocketFile() throws Exception {
        start();
        assertThat(ask("show unix_socket_directories")).isEmpty();
        assertThat(ask("show listen_addresses")).isEqualTo("127.0.0.1");
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(a -> !a.isLoopbackAddress())
                .toList();
        for (InetAddress other : others) {
            assertThatThrownBy(() -> new Socket(other, server.port()).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void keepsItsDataAcrossStarts() throws SQLException {
        start();
        execute("create table kept as select 42 as answer");
        String password = server.password();
        server.close();
        assertThat(Postmaster.isAlive(server.pid())).isFalse();
        start();
        assertThat(ask("select answer from kept")).isEqualTo("42");
        assertThat(server.password()).isEqualTo(password);
    }

    @Test
    void comesBackOnTheSamePortWhenItIsKilledAndKeepsWhatWasCommitted() throws Exception {
        start();
        execute("create table kept as select 42 as answer");
        int port = server.port();
        long pid = server.pid();
        for (int round = 0; round < 3; round++) {
            kill(server.pid());
            assertThat(health.poll(20, TimeUnit.SECONDS)).isFalse();
            assertThat(health.poll(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.isUp()).isTrue();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.pid()).isNotEqualTo(pid);
            assertThat(ask("select answer from kept")).isEqualTo("42");
        }
    }

    @Test
    void aPoolGoesOnAfterTheServerWasKilled() throws Exception {
        start();
        try (Database database = Database.of(server, 3)) {
            assertThat(one(database)).isEqualTo(1);
            kill(server.pid());
            assertThat(health.poll(20, TimeUnit.SECONDS)).isFalse();
            assertThat(health.poll(20, TimeUnit.SECONDS)).isTrue();
            // Each session that was open may fail once, and says that trying again helps.
            int failures = 0;
            for (int i = 0; i < 4; i++) {
                try {
                    assertThat(one(database)).isEqualTo(1);
                } catch (DatabaseException e) {
                    assertThat(e.isTransient()).isTrue();
                    failures++;
                }
            }
            assertThat(failures).isLessThanOrEqualTo(3);
            assertThat(one(database)).isEqualTo(1);
        }
    }

    private static int one(Database database) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select 1")) {
                r.next();
                return r.getInt(1);
            }
        });
    }

    @Test
    void aSecondOneOnTheSameFolderIsRefused() {
        start();
        assertThatThrownBy(() -> EmbeddedServer.start(folder, SMALL, (up, reason) -> {}))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("used by another running Canopy")
                .hasMessageContaining("data.dir");
        assertThat(Postmaster.isAlive(server.pid())).isTrue();
    }

    @Test
    void takesOverTheServerOfAKilledProcessAndEndsItsSessions() throws Exception {
        Orphan orphan = orphan();
        try (Connection theirs = DriverManager.getConnection(orphan.url, "canopy", orphan.password);
                Statement s = theirs.createStatement()) {
            s.execute("begin; create table half_done (n int)");
            long before = System.nanoTime();
            start();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.pid()).isEqualTo(orphan.pid);
            assertThatThrownBy(() -> s.execute("commit")).isInstanceOf(SQLException.class);
        }
        assertThat(ask("select to_regclass('half_done') is null")).isEqualTo("t");
        kill(server.pid());
        assertThat(health.poll(20, TimeUnit.SECONDS)).isFalse();
        // A start that fails while the old processes still end is told as well.
        Boolean up = false;
        while (Boolean.FALSE.equals(up)) {
            up = health.poll(20, TimeUnit.SECONDS);
        }
        assertThat(up).isTrue();
    }

    @Test
    void replacesTheServerOfAKilledProcessWhenItRunsWithOtherSettings() throws Exception {
        Orphan orphan = orphan();
        start(new EmbeddedConfig(0, 48, 128, 20, Duration.ofMinutes(1)));
        assertThat(server.pid()).isNotEqualTo(orphan.pid);
        assertThat(Postmaster.isAlive(orphan.pid)).isFalse();
        assertThat(ask("show shared_buffers")).isEqualTo("48MB");
    }

    @Test
    void aStaleProcessFileThatNamesSomebodyElseHarmsNobody() throws Exception {
        start();
        server.close();
        Path file = folder.resolve("postgres/pgdata/postmaster.pid");
        Files.writeString(file, ProcessHandle.current().pid() + "\n" + folder + "\n0\n5432\n\n127.0.0.1\n\nready\n");
        start();
        assertThat(ask("select 1")).isEqualTo("1");
    }

    @Test
    void aMissingPasswordFileStopsTheStartAndSaysSo() throws IOException {
        start();
        server.close();
        server = null;
        Path password = folder.resolve("postgres/pgpassword");
        Files.move(password, folder.resolve("elsewhere"));
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("pgpassword");
        Files.move(folder.resolve("elsewhere"), password);
        start();
        assertThat(server.isUp()).isTrue();
    }

    private record Orphan(long pid, String url, String password) {}

    /** A server whose JVM was killed with SIGKILL. */
    private Orphan orphan() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "city.canopy.core.db.EmbeddedServerTest$Owner",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = jvm.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("ready ")) {
                line = lines.readLine();
            }
            assertThat(line).as("the other process started its server").isNotNull();
            String[] words = line.split(" ");
            jvm.destroyForcibly().waitFor();
            long pid = Long.parseLong(words[1]);
            assertThat(Postmaster.isAlive(pid)).isTrue();
            return new Orphan(pid, words[2], words[3]);
        }
    }

    /** The process that is killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws InterruptedException {
            EmbeddedServer server = EmbeddedServer.start(Path.of(args[0]), SMALL, (up, reason) -> {});
            System.out.println("ready " + server.pid() + " " + server.url() + " " + server.password());
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }
}
