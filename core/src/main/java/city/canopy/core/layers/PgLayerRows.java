package city.canopy.core.layers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code layer}. Every method works in the caller's transaction. */
final class PgLayerRows {
    /** How many features an event names; its boxes say where all of them are. */
    private static final int MAX_IDS_TOLD = 100;

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> TITLE = new TypeReference<>() {};
    private static final TypeReference<List<LayerDefinition.Attribute>> ATTRIBUTES = new TypeReference<>() {};

    private PgLayerRows() {}

    static List<LayerDefinition> list(Connection c) throws SQLException {
        List<LayerDefinition> all = new ArrayList<>();
        try (PreparedStatement select = c.prepareStatement(
                        "select name, pack, kind, title, public, attributes from layer order by name collate \"C\"");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString(1);
                all.add(new LayerDefinition(
                        name,
                        rows.getString(2),
                        LayerDefinition.Kind.ofWord(rows.getString(3)),
                        read(rows.getString(4), TITLE, name),
                        rows.getBoolean(5),
                        read(rows.getString(6), ATTRIBUTES, name)));
            }
        }
        return all;
    }

    static void write(Connection c, LayerDefinition definition) throws SQLException {
        try (PreparedStatement insert =
                c.prepareStatement("insert into layer (name, pack, kind, title, public, attributes)"
                        + " values (?, ?, ?, ?::jsonb, ?, ?::jsonb) on conflict (name) do update set"
                        + " pack = excluded.pack, kind = excluded.kind, title = excluded.title,"
                        + " public = excluded.public, attributes = excluded.attributes")) {
            insert.setString(1, definition.name());
            insert.setString(2, definition.pack());
            insert.setString(3, definition.kind().word());
            insert.setString(4, json(definition.title()));
            insert.setBoolean(5, definition.isPublic());
            insert.setString(6, json(definition.attributes()));
            insert.executeUpdate();
        }
    }

    static long version(Connection c, String layer) throws SQLException {
        return one(c, "select version from layer where name = ?", layer);
    }

    /** Moves the layer's version on by one and answers it. */
    static long nextVersion(Connection c, String layer) throws SQLException {
        return one(c, "update layer set version = version + 1 where name = ? returning version", layer);
    }

    /** Tells of an edit, once the transaction is committed. */
    static void announce(Connection c, String kind, LayerChange change) throws SQLException {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("layer", change.layer());
        told.put("version", change.version());
        told.put(
                "features",
                change.ids().subList(0, Math.min(MAX_IDS_TOLD, change.ids().size())));
        told.put(
                "boxes",
                change.boxes().stream()
                        .map(box -> List.of(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY()))
                        .toList());
        try (PreparedStatement insert =
                c.prepareStatement("insert into outbox (kind, key, payload) values (?, ?, ?::jsonb)")) {
            insert.setString(1, kind);
            insert.setString(2, change.layer());
            insert.setString(3, json(told));
            insert.executeUpdate();
        }
    }

    private static long one(Connection c, String sql, String layer) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            statement.setString(1, layer);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("layer " + layer + " is gone from the database");
                }
                return rows.getLong(1);
            }
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type, String layer) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the row of layer " + layer + " is damaged", e);
        }
    }
}
