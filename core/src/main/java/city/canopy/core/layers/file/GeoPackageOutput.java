package city.canopy.core.layers.file;

import city.canopy.core.layers.file.GeoPackageColumns.Column;
import city.canopy.geo.crs.Crs;
import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.export.LayerOutput;
import city.canopy.geo.layer.AttributeKind;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;

/** Writes GeoPackages (OGC 12-128r18, version 1.3), one layer each, with a spatial index. */
public final class GeoPackageOutput implements LayerOutput {
    private static final int BATCH = 1_000;
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> TABLES = List.of(
            "create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer primary key,"
                    + " organization text not null, organization_coordsys_id integer not null,"
                    + " definition text not null, description text)",
            "create table gpkg_contents (table_name text not null primary key, data_type text not null,"
                    + " identifier text unique, description text default '', last_change datetime not null,"
                    + " min_x double, min_y double, max_x double, max_y double, srs_id integer,"
                    + " foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id))",
            "create table gpkg_geometry_columns (table_name text not null, column_name text not null,"
                    + " geometry_type_name text not null, srs_id integer not null, z tinyint not null,"
                    + " m tinyint not null, primary key (table_name, column_name), unique (table_name),"
                    + " foreign key (table_name) references gpkg_contents (table_name),"
                    + " foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id))",
            "create table gpkg_extensions (table_name text, column_name text, extension_name text not null,"
                    + " definition text not null, scope text not null,"
                    + " unique (table_name, column_name, extension_name))",
            "create table gpkg_data_columns (table_name text not null, column_name text not null, name text,"
                    + " title text, description text, mime_type text, constraint_name text,"
                    + " primary key (table_name, column_name), unique (table_name, name))",
            "create table gpkg_data_column_constraints (constraint_name text not null, constraint_type text not null,"
                    + " value text, min numeric, min_is_inclusive boolean, max numeric, max_is_inclusive boolean,"
                    + " description text, unique (constraint_name, constraint_type, value))",
            "insert into gpkg_spatial_ref_sys values ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', ''),"
                    + " ('Undefined geographic', 0, 'NONE', 0, 'undefined', '')",
            "insert into gpkg_extensions values"
                    + " ('gpkg_data_columns', null, 'gpkg_schema',"
                    + " 'http://www.geopackage.org/spec131/#extension_schema', 'read-write'),"
                    + " ('gpkg_data_column_constraints', null, 'gpkg_schema',"
                    + " 'http://www.geopackage.org/spec131/#extension_schema', 'read-write')");

    private final Clock clock;

    /** @param clock says when the file was written */
    public GeoPackageOutput(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "gpkg";
    }

    @Override
    public String ending() {
        return "gpkg";
    }

    @Override
    public String mediaType() {
        return "application/geopackage+sqlite3";
    }

    @Override
    public List<String> write(LayerExtract extract, Path file) throws IOException {
        List<Column> columns = GeoPackageColumns.of(extract);
        Files.deleteIfExists(file);
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath())) {
            try (Statement s = c.createStatement()) {
                s.execute("pragma application_id = 0x47504B47");
                s.execute("pragma user_version = 10300");
                // The file is thrown away when the program dies while it is written.
                s.execute("pragma synchronous = off");
                s.execute("pragma journal_mode = off");
            }
            c.setAutoCommit(false);
            createTables(c, extract, columns);
            Envelope box = writeFeatures(c, extract, columns);
            writeBox(c, extract.layer(), box);
            c.commit();
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " cannot be written: " + e.getMessage(), e);
        }
        return List.of();
    }

    private void createTables(Connection c, LayerExtract extract, List<Column> columns) throws SQLException {
        try (Statement s = c.createStatement()) {
            for (String table : TABLES) {
                s.execute(table);
            }
            StringBuilder create = new StringBuilder("create table ")
                    .append(GeoPackageColumns.quoted(extract.layer()))
                    .append(" (fid integer primary key autoincrement not null, geom ")
                    .append(shape(extract.shapes()))
                    .append(", id text not null unique");
            columns.forEach(column -> create.append(", ")
                    .append(GeoPackageColumns.quoted(column.name()))
                    .append(' ')
                    .append(column.type()));
            s.execute(create.append(')').toString());
        }
        int srs = srsId(extract);
        execute(
                c,
                "insert into gpkg_spatial_ref_sys values (?, ?, 'EPSG', ?, ?, '')",
                extract.crs(),
                srs,
                srs,
                Crs.text(extract.crs()));
        execute(
                c,
                "insert into gpkg_contents (table_name, data_type, identifier, last_change, srs_id)"
                        + " values (?, 'features', ?, ?, ?)",
                extract.layer(),
                extract.layer(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
                srs);
        execute(
                c,
                "insert into gpkg_geometry_columns values (?, 'geom', ?, ?, ?, 0)",
                extract.layer(),
                shape(extract.shapes()),
                srs,
                extract.hasHeights() ? 2 : 0);
        String describe = "insert into gpkg_data_columns (table_name, column_name, name, description, mime_type)"
                + " values (?, ?, ?, ?, ?)";
        execute(c, describe, extract.layer(), GeoPackageColumns.ID, null, GeoPackageColumns.IS_ID, null);
        for (Column column : columns) {
            if (column.needsWords()) {
                execute(
                        c,
                        describe,
                        extract.layer(),
                        column.name(),
                        column.attribute(),
                        GeoPackageColumns.IS_ATTRIBUTE,
                        column.mediaType());
            }
        }
    }

    /** The type of all geometries by the names of the standard. */
    private static String shape(Set<String> shapes) {
        if (shapes.size() != 1) {
            return "GEOMETRY";
        }
        String one = shapes.iterator().next().toUpperCase(Locale.ROOT);
        return one.equals("LINEARRING") ? "LINESTRING" : one;
    }

    private static int srsId(LayerExtract extract) {
        return Integer.parseInt(extract.crs().substring("EPSG:".length()));
    }

    private static Envelope writeFeatures(Connection c, LayerExtract extract, List<Column> columns)
            throws SQLException {
        StringBuilder insert = new StringBuilder("insert into ")
                .append(GeoPackageColumns.quoted(extract.layer()))
                .append(" values (null, ?, ?")
                .append(", ?".repeat(columns.size()))
                .append(')');
        Envelope box = new Envelope();
        int srs = srsId(extract);
        try (PreparedStatement s = c.prepareStatement(insert.toString());
                GeoPackageIndex index = new GeoPackageIndex(c, extract.layer())) {
            int waiting = 0;
            for (GeoFeature feature : extract.features()) {
                box.expandToInclude(feature.geometry().getEnvelopeInternal());
                index.add(feature.geometry().getEnvelopeInternal());
                s.setBytes(1, GeoPackageBlob.write(feature.geometry(), srs));
                s.setString(2, feature.id());
                bind(s, columns, feature.properties());
                s.addBatch();
                if (++waiting == BATCH) {
                    s.executeBatch();
                    waiting = 0;
                }
            }
            s.executeBatch();
            index.finish();
        }
        return box;
    }

    private static void bind(PreparedStatement s, List<Column> columns, Map<String, Object> properties)
            throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            Object value = properties.get(columns.get(i).attribute());
            int at = i + 3;
            if (value == null) {
                s.setObject(at, null);
            } else if (columns.get(i).kind() == AttributeKind.MIXED) {
                s.setString(at, json(value));
            } else if (value instanceof Boolean yes) {
                s.setInt(at, yes ? 1 : 0);
            } else if (value instanceof Number number) {
                if (columns.get(i).kind() == AttributeKind.WHOLE) {
                    s.setLong(at, number.longValue());
                } else {
                    s.setDouble(at, number.doubleValue());
                }
            } else {
                s.setString(at, value.toString());
            }
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }

    private static void writeBox(Connection c, String layer, Envelope box) throws SQLException {
        if (!box.isNull()) {
            execute(
                    c,
                    "update gpkg_contents set min_x = ?, min_y = ?, max_x = ?, max_y = ? where table_name = ?",
                    box.getMinX(),
                    box.getMinY(),
                    box.getMaxX(),
                    box.getMaxY(),
                    layer);
        }
    }

    private static void execute(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                s.setObject(i + 1, values[i]);
            }
            s.executeUpdate();
        }
    }
}
