package city.canopy.core.layers.file;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.locationtech.jts.geom.Envelope;

/**
 * The spatial index of a table that is being written: the extension {@code gpkg_rtree_index} of GeoPackage 1.3, with the
 * triggers by which other programs keep it when they edit. Features are added in the order of their rows. One thread.
 */
final class GeoPackageIndex implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final String BOX =
            "new.fid, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)";
    private static final String THERE = "new.geom not null and not ST_IsEmpty(new.geom)";
    private static final String NOT_THERE = "(new.geom isnull or ST_IsEmpty(new.geom))";

    /** What comes after the trigger's name, by the standard's names; {@code %t} is the table, {@code %i} its index. */
    private static final Map<String, String> TRIGGERS = Map.of(
            "insert",
            "after insert on %t when (" + THERE + ") begin insert or replace into %i values (" + BOX + "); end",
            "update1",
            "after update of geom on %t when old.fid = new.fid and (" + THERE + ")"
                    + " begin insert or replace into %i values (" + BOX + "); end",
            "update2",
            "after update of geom on %t when old.fid = new.fid and " + NOT_THERE
                    + " begin delete from %i where id = old.fid; end",
            "update3",
            "after update on %t when old.fid != new.fid and (" + THERE + ")"
                    + " begin delete from %i where id = old.fid; insert or replace into %i values (" + BOX + "); end",
            "update4",
            "after update on %t when old.fid != new.fid and " + NOT_THERE
                    + " begin delete from %i where id in (old.fid, new.fid); end",
            "delete",
            "after delete on %t when old.geom not null begin delete from %i where id = old.fid; end");

    private final Connection connection;
    private final String table;
    private final String index;
    private final PreparedStatement insert;
    private long row;
    private int waiting;

    /** Makes an empty index. @param table a new table with the columns {@code fid} and {@code geom} */
    GeoPackageIndex(Connection connection, String table) throws SQLException {
        this.connection = connection;
        this.table = table;
        this.index = "rtree_" + table + "_geom";
        execute("create virtual table %i using rtree (id, minx, maxx, miny, maxy)");
        this.insert = connection.prepareStatement(filled("insert into %i values (?, ?, ?, ?, ?)"));
    }

    /** The next row's box; a feature that is nowhere has none in the index. */
    void add(Envelope box) throws SQLException {
        row++;
        if (box.isNull()) {
            return;
        }
        insert.setLong(1, row);
        insert.setDouble(2, box.getMinX());
        insert.setDouble(3, box.getMaxX());
        insert.setDouble(4, box.getMinY());
        insert.setDouble(5, box.getMaxY());
        insert.addBatch();
        if (++waiting == BATCH) {
            insert.executeBatch();
            waiting = 0;
        }
    }

    /** Declares the index when all rows are in it. From now on only programs that know the triggers' functions can edit. */
    void finish() throws SQLException {
        insert.executeBatch();
        for (Map.Entry<String, String> trigger : new TreeMap<>(TRIGGERS).entrySet()) {
            String name = GeoPackageColumns.quoted(index + '_' + trigger.getKey());
            execute("create trigger " + name + ' ' + trigger.getValue());
        }
        try (PreparedStatement s = connection.prepareStatement("insert into gpkg_extensions values (?, 'geom',"
                + " 'gpkg_rtree_index', 'http://www.geopackage.org/spec131/#extension_rtree', 'write-only')")) {
            s.setString(1, table);
            s.executeUpdate();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(filled(sql));
        }
    }

    private String filled(String sql) {
        return sql.replace("%t", GeoPackageColumns.quoted(table)).replace("%i", GeoPackageColumns.quoted(index));
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
