package city.canopy.core.layers.file;

import city.canopy.geo.file.FileSink;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/**
 * GeoPackages: the features of one table. The file is opened to be read only and taken as it is; one with changes beside
 * it is refused. Nothing in it is carried out: views, virtual tables and generated columns are not read, and what stands in its schema is
 * not trusted. Limits: {@value #MAX_VALUE_BYTES} bytes in one value, {@value #MAX_COLUMNS} columns, ten minutes.
 */
public final class GeoPackageFormat implements LayerFormat {
    /** The largest text or geometry, in bytes. */
    static final int MAX_VALUE_BYTES = 32 << 20;

    static final int MAX_COLUMNS = 1_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** Steps of SQLite's machine between two looks at the clock. */
    private static final int STEPS = 100_000;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "geopackage";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("gpkg");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        requireSqlite(file);
        requireWhole(file);
        try (Connection c = open(file)) {
            long end = System.nanoTime() + LONGEST.toNanos();
            ProgressHandler.setHandler(c, STEPS, new ProgressHandler() {
                @Override
                protected int progress() {
                    return System.nanoTime() > end ? 1 : 0;
                }
            });
            new GeoPackageTable(c, file, options.table()).read(sink);
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " is no GeoPackage that can be read: " + e.getMessage(), e);
        }
    }

    private static void requireSqlite(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(file.getFileName() + " is no GeoPackage: it does not begin as one");
            }
        }
    }

    /** What another program has written beside the file, and not into it yet, would be missing without a word. */
    private static void requireWhole(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + "-wal");
        if (Files.exists(beside) && Files.size(beside) > 0) {
            throw new IOException(file.getFileName() + " has changes that are in " + beside.getFileName()
                    + " only; close it in the program that has it open, then hand it over");
        }
    }

    private static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(MAX_VALUE_BYTES));
        config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
        Connection c = DriverManager.getConnection(
                "jdbc:sqlite:" + file.toUri() + "?mode=ro&immutable=1", config.toProperties());
        try (Statement s = c.createStatement()) {
            s.execute("pragma trusted_schema = off");
            s.execute("pragma mmap_size = 0");
            s.execute("pragma cell_size_check = on");
            s.execute("pragma query_only = on");
            return c;
        } catch (SQLException e) {
            c.close();
            throw e;
        }
    }
}
