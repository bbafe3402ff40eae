package city.canopy.core.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * The way to PostgreSQL: a pool for short work on many threads, and connections of one's own for the partitions.
 * Every session commits synchronously, whatever the server's default is. Thread-safe; the work blocks.
 */
public final class Database implements AutoCloseable {
    /** How long an answer may take before the connection counts as dead. */
    public static final Duration SOCKET_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POOL_TIMEOUT = Duration.ofSeconds(15);

    private final String url;
    private final Properties properties;
    private final HikariDataSource pool;

    /** Work inside one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection c) throws SQLException;
    }

    /**
     * Does not connect yet.
     *
     * @param url {@code jdbc:postgresql:…}
     * @param user or null where the address carries it
     * @param password or null likewise; never logged
     * @param poolSize how many sessions the pool may hold, 1 to 200
     */
    public Database(String url, String user, String password, int poolSize) {
        this.url = Objects.requireNonNull(url, "url");
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("database.url must start with jdbc:postgresql:");
        }
        if (poolSize < 1 || poolSize > 200) {
            throw new IllegalArgumentException("the pool holds 1 to 200 connections, not " + poolSize);
        }
        this.properties = properties(user, password);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties);
        config.setPoolName("canopy");
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(Math.min(2, poolSize));
        config.setConnectionTimeout(POOL_TIMEOUT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        this.pool = new HikariDataSource(config);
    }

    /** The database of an embedded server. */
    public static Database of(EmbeddedServer server, int poolSize) {
        return new Database(server.url(), server.user(), server.password(), poolSize);
    }

    private static Properties properties(String user, String password) {
        Properties p = new Properties();
        if (user != null) {
            p.setProperty("user", user);
        }
        if (password != null) {
            p.setProperty("password", password);
        }
        p.setProperty("ApplicationName", "canopy");
        p.setProperty("tcpKeepAlive", "true");
        p.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        p.setProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
        p.setProperty("options", "-c synchronous_commit=on");
        // Errors name the rows that they are about; those have no place in a log.
        p.setProperty("logServerErrorDetail", "false");
        return p;
    }

    /** A connection outside the pool, autocommit off. Who opens it closes it. */
    public Connection open() throws SQLException {
        Connection c = DriverManager.getConnection(url, properties);
        c.setAutoCommit(false);
        return c;
    }

    /**
     * Runs work in a transaction of its own on a pooled connection; anything thrown rolls it back.
     *
     * @throws DatabaseException in place of an SQLException
     */
    public <T> T inTransaction(Work<T> work) {
        try (Connection c = pool.getConnection()) {
            return committed(c, work);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** The same for reading only; writing in it fails. */
    public <T> T read(Work<T> work) {
        try (Connection c = pool.getConnection()) {
            c.setReadOnly(true);
            return committed(c, work);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private static <T> T committed(Connection c, Work<T> work) throws SQLException {
        try {
            T result = work.run(c);
            c.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollback(c, e);
            throw e;
        }
    }

    private static void rollback(Connection c, Throwable reason) {
        try {
            c.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Pooled connections, autocommit off. */
    public DataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
