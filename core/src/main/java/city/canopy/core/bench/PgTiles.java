package city.canopy.core.bench;

import city.canopy.core.db.Database;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.tile.TileAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import org.locationtech.jts.geom.Point;

/** The tiles of the same trees as PostGIS makes them: the usual table, index and query. Thread-safe. */
final class PgTiles implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final List<String> TEXTS =
            List.of("species", "species_latin", "species_group", "class", "planted", "street");
    private static final List<String> NUMBERS = List.of("height_m", "diameter_cm");

    private static final String TILE = """
            select ST_AsMVT(t, 'trees', 4096, 'geom') from (
                select id, species, species_latin, species_group, class, planted, street, height_m, diameter_cm, generated,
                    ST_AsMVTGeom(geom, ST_TileEnvelope(?, ?, ?), 4096, 0, true) as geom
                from canopy_bench_trees where geom && ST_TileEnvelope(?, ?, ?)) t""";

    /** @param user or null, where the address carries it; likewise the password */
    record Address(String url, String user, String password) {}

    private final Database database;

    /** Fills its table with the trees. */
    PgTiles(Address address, Collection<GeoFeature> trees, int connections) {
        database = new Database(address.url(), address.user(), address.password(), connections);
        try {
            database.inTransaction(c -> {
                fill(c, trees);
                return null;
            });
            vacuum();
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw new IllegalStateException("the PostGIS database cannot be used: " + e.getMessage(), e);
        }
    }

    private static void fill(Connection c, Collection<GeoFeature> trees) throws SQLException {
        try (Statement statement = c.createStatement()) {
            statement.execute("create extension if not exists postgis");
            statement.execute("drop table if exists canopy_bench_trees");
            statement.execute("create table canopy_bench_trees (id text primary key, species text, species_latin text,"
                    + " species_group text, class text, planted text, street text, height_m double precision,"
                    + " diameter_cm double precision, generated boolean, geom geometry(Point, 3857))");
        }
        try (PreparedStatement insert = c.prepareStatement("insert into canopy_bench_trees (species, species_latin,"
                + " species_group, class, planted, street, height_m, diameter_cm, generated, id, geom) values (?, ?, ?,"
                + " ?, ?, ?, ?, ?, ?, ?, ST_Transform(ST_SetSRID(ST_MakePoint(?, ?), 4326), 3857))")) {
            int waiting = 0;
            for (GeoFeature tree : trees) {
                bind(insert, tree);
                if (++waiting % BATCH == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
        try (Statement statement = c.createStatement()) {
            statement.execute("create index on canopy_bench_trees using gist (geom)");
        }
    }

    private static void bind(PreparedStatement insert, GeoFeature tree) throws SQLException {
        int column = 1;
        for (String name : TEXTS) {
            insert.setString(column++, String.valueOf(tree.properties().get(name)));
        }
        for (String name : NUMBERS) {
            insert.setDouble(column++, ((Number) tree.properties().get(name)).doubleValue());
        }
        insert.setBoolean(column++, Boolean.TRUE.equals(tree.properties().get("generated")));
        insert.setString(column++, tree.id());
        insert.setDouble(column++, ((Point) tree.geometry()).getX());
        insert.setDouble(column, ((Point) tree.geometry()).getY());
        insert.addBatch();
    }

    private void vacuum() throws SQLException {
        try (Connection c = database.open()) {
            c.setAutoCommit(true);
            try (Statement statement = c.createStatement()) {
                statement.execute("vacuum analyze canopy_bench_trees");
            }
        }
    }

    byte[] encode(TileAddress tile) {
        return database.read(c -> {
            try (PreparedStatement select = c.prepareStatement(TILE)) {
                for (int first = 1; first <= 4; first += 3) {
                    select.setInt(first, tile.zoom());
                    select.setInt(first + 1, tile.column());
                    select.setInt(first + 2, tile.row());
                }
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getBytes(1);
                }
            }
        });
    }

    @Override
    public void close() {
        try {
            database.inTransaction(c -> {
                try (Statement statement = c.createStatement()) {
                    return statement.execute("drop table canopy_bench_trees");
                }
            });
        } finally {
            database.close();
        }
    }
}
