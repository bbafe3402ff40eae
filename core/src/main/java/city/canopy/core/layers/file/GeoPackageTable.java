package city.canopy.core.layers.file;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.file.FileSink;
import city.canopy.geo.file.SourceFeature;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One table of features of an open GeoPackage. Used once. */
final class GeoPackageTable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Connection c;
    private final Path file;
    private final String table;
    private String geometryColumn;

    private enum Role {
        KEY,
        ID,
        GEOMETRY,
        TRUTH,
        JSON,
        PLAIN
    }

    private record Column(String name, String attribute, Role role) {}

    /** What {@code gpkg_data_columns} says of a column. */
    private record Words(String name, String description, String mediaType) {}

    GeoPackageTable(Connection c, Path file, Optional<String> wanted) throws SQLException, IOException {
        this.c = c;
        this.file = file;
        this.table = choose(wanted);
    }

    private String choose(Optional<String> wanted) throws SQLException, IOException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("select g.table_name from gpkg_contents g join sqlite_master m"
                        + " on m.name = g.table_name and m.type = 'table' and m.sql not like 'create virtual%'"
                        + " where g.data_type = 'features' order by 1 limit 1000");
                ResultSet rows = s.executeQuery()) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        if (wanted.isPresent() && tables.contains(wanted.get())) {
            return wanted.get();
        }
        if (wanted.isEmpty() && tables.size() == 1) {
            return tables.get(0);
        }
        throw new IOException(file.getFileName()
                + (tables.isEmpty()
                        ? " holds no table of features; views are not read"
                        : " holds the tables " + String.join(", ", tables) + "; say which one as its table"));
    }

    void read(FileSink sink) throws SQLException, IOException {
        declareSystem(sink);
        List<Column> columns = columns();
        List<String> quoted = columns.stream()
                .map(column -> GeoPackageColumns.quoted(column.name()))
                .toList();
        try (PreparedStatement s = c.prepareStatement(
                        "select " + String.join(", ", quoted) + " from " + GeoPackageColumns.quoted(table));
                ResultSet rows = s.executeQuery()) {
            for (int number = 1; rows.next(); number++) {
                readRow(rows, columns, number, sink);
            }
        }
    }

    /** The system of the geometry column; none where the file leaves it undefined. */
    private void declareSystem(FileSink sink) throws SQLException, IOException {
        try (PreparedStatement s = c.prepareStatement("select g.column_name, g.srs_id, r.organization,"
                + " r.organization_coordsys_id, r.definition from gpkg_geometry_columns g left join"
                + " gpkg_spatial_ref_sys r on r.srs_id = g.srs_id where g.table_name = ?")) {
            s.setString(1, table);
            try (ResultSet rows = s.executeQuery()) {
                if (!rows.next()) {
                    throw new IOException(file.getFileName() + " does not say which column of " + table
                            + " holds the geometry; export it again");
                }
                geometryColumn = rows.getString(1);
                int srs = rows.getInt(2);
                String code = "EPSG:" + rows.getInt(4);
                String definition = rows.getString(5);
                boolean defined = definition != null && !definition.isBlank() && !definition.equals("undefined");
                if (srs <= 0) {
                    return;
                }
                if ("EPSG".equalsIgnoreCase(rows.getString(3)) && Crs.isKnown(code)) {
                    sink.declared(code);
                } else if (defined) {
                    sink.declared(definition);
                }
            }
        }
    }

    private List<Column> columns() throws SQLException, IOException {
        Map<String, Words> words = words();
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement s =
                c.prepareStatement("select name, type, pk from pragma_table_xinfo(?) where hidden = 0")) {
            s.setString(1, table);
            try (ResultSet rows = s.executeQuery()) {
                while (rows.next()) {
                    columns.add(
                            column(rows.getString(1), String.valueOf(rows.getString(2)), rows.getInt(3) > 0, words));
                }
            }
        }
        if (columns.size() > GeoPackageFormat.MAX_COLUMNS) {
            throw new IOException(file.getFileName() + " has more than " + GeoPackageFormat.MAX_COLUMNS
                    + " columns; leave some away");
        }
        return columns;
    }

    private Column column(String name, String type, boolean key, Map<String, Words> words) {
        Words said = words.getOrDefault(name, new Words(null, null, null));
        if (name.equalsIgnoreCase(geometryColumn)) {
            return new Column(name, name, Role.GEOMETRY);
        }
        if (key) {
            return new Column(name, name, Role.KEY);
        }
        if (GeoPackageColumns.IS_ID.equals(said.description())) {
            return new Column(name, name, Role.ID);
        }
        boolean renamed = GeoPackageColumns.IS_ATTRIBUTE.equals(said.description()) && said.name() != null;
        Role role = type.toLowerCase(Locale.ROOT).startsWith("bool") ? Role.TRUTH : Role.PLAIN;
        return new Column(
                name, renamed ? said.name() : name, GeoPackageColumns.isJson(said.mediaType()) ? Role.JSON : role);
    }

    private Map<String, Words> words() throws SQLException {
        Map<String, Words> words = new HashMap<>();
        if (!hasTable("gpkg_data_columns")) {
            return words;
        }
        try (PreparedStatement s = c.prepareStatement("select column_name, name, description, mime_type"
                + " from gpkg_data_columns where table_name = ? limit 2000")) {
            s.setString(1, table);
            try (ResultSet rows = s.executeQuery()) {
                while (rows.next()) {
                    words.put(rows.getString(1), new Words(rows.getString(2), rows.getString(3), rows.getString(4)));
                }
            }
        }
        return words;
    }

    private boolean hasTable(String name) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("select 1 from sqlite_master where type = 'table' and name = ?")) {
            s.setString(1, name);
            try (ResultSet rows = s.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void readRow(ResultSet rows, List<Column> columns, int number, FileSink sink)
            throws SQLException, IOException {
        Map<String, Object> properties = new LinkedHashMap<>();
        String id = null;
        String key = null;
        byte[] blob = null;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            Object value = rows.getObject(i + 1);
            switch (column.role()) {
                case KEY -> key = value == null ? null : value.toString();
                case ID -> id = value == null ? null : value.toString();
                case GEOMETRY -> blob = value instanceof byte[] bytes ? bytes : null;
                default -> {
                    Object read = value(value, column.role());
                    if (read != null) {
                        properties.put(column.attribute(), read);
                    }
                }
            }
        }
        boolean named = properties.get("id") != null;
        accept(number, id != null || named ? id : key, blob, properties, sink);
    }

    private static void accept(int number, String id, byte[] blob, Map<String, Object> properties, FileSink sink)
            throws IOException {
        if (blob == null) {
            sink.accept(new SourceFeature(number, id, null, properties));
            return;
        }
        SourceFeature feature;
        try {
            feature = new SourceFeature(number, id, GeoPackageBlob.read(blob), properties);
        } catch (IOException e) {
            sink.problem(new LayerProblem("feature " + number, Cause.BAD_GEOMETRY, e.getMessage()));
            return;
        }
        sink.accept(feature);
    }

    /** Of a value as SQLite has it; null for what a layer cannot hold. */
    private static Object value(Object value, Role role) {
        if (value instanceof Integer || value instanceof Long) {
            long whole = ((Number) value).longValue();
            return role == Role.TRUTH && (whole == 0 || whole == 1) ? (Object) (whole == 1) : (Object) whole;
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number : null;
        }
        if (value instanceof String text) {
            return role == Role.JSON ? scalar(text) : text;
        }
        return null;
    }

    /** A scalar out of JSON; objects and lists stay text. */
    private static Object scalar(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return text;
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return json.longValue();
        }
        if (json.isNumber()) {
            return Double.isFinite(json.doubleValue()) ? json.doubleValue() : null;
        }
        return json.isTextual() ? json.textValue() : json.isNull() ? null : text;
    }
}
