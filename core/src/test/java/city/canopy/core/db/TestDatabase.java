package city.canopy.core.db;

import city.canopy.core.series.SeriesConfig;
import city.canopy.core.series.SeriesLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real databases for tests: one embedded server per JVM, started at the first use and removed at the end. Durable as
 * in production.
 */
public final class TestDatabase {
    private static final String LAID_OUT = "laid_out";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static EmbeddedServer server;

    private TestDatabase() {}

    /** A new, migrated, empty database. Close it when done. */
    public static Database fresh() {
        return fresh(8);
    }

    /** The same with a pool of a given size. */
    public static Database fresh(int poolSize) {
        return copyOf(LAID_OUT, poolSize);
    }

    /** A new, migrated, empty database in which the series are not laid out yet. */
    public static Database withoutSeries() {
        return copyOf(EmbeddedServer.DATABASE, 4);
    }

    /** A new database with nothing in it. */
    public static Database empty() {
        return copyOf("template0", 4);
    }

    private static Database copyOf(String template, int poolSize) {
        EmbeddedServer running = server();
        String name = "test_" + NUMBER.incrementAndGet();
        execute(running, "create database " + name + " template " + template);
        return new Database(running.url(name), running.user(), running.password(), poolSize);
    }

    /** The server that all databases of this JVM are on. */
    public static synchronized EmbeddedServer server() {
        if (server == null) {
            try {
                Path folder = Files.createTempDirectory("canopy-test-db-");
                EmbeddedConfig config = new EmbeddedConfig(0, 256, 4096, 200, Duration.ofMinutes(2));
                server = EmbeddedServer.start(folder, config, (up, reason) -> {});
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "test-database-removal"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try (Database template = Database.of(server, 2)) {
                Migrations.run(template);
            }
            execute(server, "create database " + LAID_OUT + " template " + EmbeddedServer.DATABASE);
            try (Database template = new Database(server.url(LAID_OUT), server.user(), server.password(), 2)) {
                SeriesLayout.prepare(template, SeriesConfig.defaults(), Clock.systemUTC());
            }
        }
        return server;
    }

    private static void remove(Path folder) {
        server.close();
        try {
            PostgresBinaries.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(EmbeddedServer running, String sql) {
        try (Connection c = DriverManager.getConnection(running.url("postgres"), running.user(), running.password());
                Statement s = c.createStatement()) {
            s.execute(sql);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
