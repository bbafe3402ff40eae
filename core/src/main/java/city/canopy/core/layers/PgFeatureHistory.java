package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.io.WKBReader;

/** The rows of {@code feature_history}: states that ended. Every method works in the caller's transaction. */
final class PgFeatureHistory {
    private static final String KEEP = """
            insert into feature_history (layer, id, version, geometry, properties, valid_from, valid_to,
                written_at, written_by, changed_at, changed_by, removed)
            select layer, id, version, geometry, properties, valid_from, valid_to, updated_at, updated_by, ?, ?, ?
            from feature where layer = ? and id = any (?)""";

    private static final String LIST = """
            select version, geometry, properties, updated_at, updated_by, false, null, null
            from feature where layer = ? and id = ?
            union all
            select version, geometry, properties, written_at, written_by, removed, changed_at, changed_by
            from feature_history where layer = ? and id = ?
            order by 1 desc limit ?""";

    private PgFeatureHistory() {}

    /** Keeps the states that these features have now, before they end. */
    static void keep(Connection c, String layer, String[] ids, String actor, Instant now, boolean removed)
            throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(KEEP)) {
            insert.setObject(1, now.atOffset(ZoneOffset.UTC));
            insert.setString(2, actor);
            insert.setBoolean(3, removed);
            insert.setString(4, layer);
            insert.setArray(5, c.createArrayOf("text", ids));
            insert.executeUpdate();
        }
    }

    static List<FeatureVersion> list(Connection c, String layer, String id, int max) throws SQLException {
        List<FeatureVersion> steps = new ArrayList<>();
        try (PreparedStatement select = c.prepareStatement(LIST)) {
            select.setString(1, layer);
            select.setString(2, id);
            select.setString(3, layer);
            select.setString(4, id);
            select.setInt(5, max);
            WKBReader wkb = new WKBReader();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    add(
                            rows,
                            new GeoFeature(
                                    layer,
                                    id,
                                    PgFeatures.geometry(wkb, rows.getBytes(2), layer, id),
                                    PgFeatures.properties(rows.getString(3), layer, id),
                                    rows.getLong(1)),
                            steps);
                }
            }
        }
        return List.copyOf(steps.subList(0, Math.min(max, steps.size())));
    }

    private static void add(ResultSet rows, GeoFeature state, List<FeatureVersion> steps) throws SQLException {
        if (rows.getBoolean(6)) {
            steps.add(new FeatureVersion(
                    state.version(), Optional.empty(), moment(rows, 7), Optional.ofNullable(rows.getString(8))));
        }
        steps.add(new FeatureVersion(
                state.version(),
                Optional.of(state),
                moment(rows, 4),
                Optional.ofNullable(rows.getString(5)).filter(name -> !name.isEmpty())));
    }

    private static Optional<Instant> moment(ResultSet rows, int column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
