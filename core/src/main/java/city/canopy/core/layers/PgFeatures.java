package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.ValuePool;
import city.canopy.geo.layer.Wkb;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/** The rows of {@code feature} and {@code feature_history}. Every method works in the caller's transaction. */
final class PgFeatures {
    /** Rows in one statement; also the driver's fetch size. */
    private static final int CHUNK = 2_000;

    private static final String UPSERT = """
            insert into feature (layer, id, geometry, properties, valid_from, valid_to,
                accuracy_m, source, surveyed_on, updated_by, updated_at, version)
            select ?, i.id, i.geometry, i.properties::jsonb, i.valid_from, i.valid_to,
                i.accuracy_m, i.source, i.surveyed_on, ?, ?, coalesce(
                    (select max(h.version) from feature_history h where h.layer = ? and h.id = i.id), 0) + 1
            from unnest(?::text[], ?::bytea[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                ?::float8[], ?::text[], ?::date[])
                as i (id, geometry, properties, valid_from, valid_to, accuracy_m, source, surveyed_on)
            on conflict (layer, id) do update set geometry = excluded.geometry, properties = excluded.properties,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to, accuracy_m = excluded.accuracy_m,
                source = excluded.source, surveyed_on = excluded.surveyed_on, updated_by = excluded.updated_by,
                updated_at = excluded.updated_at, version = excluded.version
            returning id, version""";

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> PROPERTIES = new TypeReference<>() {};

    private final ZoneId zone;

    PgFeatures(ZoneId zone) {
        this.zone = zone;
    }

    /** All features of a layer, in order of id. */
    List<GeoFeature> list(Connection c, String layer) throws SQLException {
        List<GeoFeature> features = new ArrayList<>();
        try (PreparedStatement select = c.prepareStatement(
                "select id, geometry, properties, version from feature where layer = ? order by id collate \"C\"")) {
            select.setFetchSize(CHUNK);
            select.setString(1, layer);
            WKBReader wkb = new WKBReader();
            try (ResultSet rows = select.executeQuery()) {
                ValuePool pool = new ValuePool();
                while (rows.next()) {
                    String id = rows.getString(1);
                    Map<String, Object> properties = properties(rows.getString(3), layer, id);
                    properties.replaceAll((name, value) -> pool.share(value));
                    features.add(new GeoFeature(
                            layer, id, geometry(wkb, rows.getBytes(2), layer, id), properties, rows.getLong(4)));
                }
            }
        }
        return features;
    }

    /** Writes features, new or not, and answers them with their new versions, in the order given. */
    List<GeoFeature> write(Connection c, List<GeoFeature> features, String actor, Instant now) throws SQLException {
        List<GeoFeature> written = new ArrayList<>(features.size());
        for (int from = 0; from < features.size(); from += CHUNK) {
            List<GeoFeature> chunk = features.subList(from, Math.min(features.size(), from + CHUNK));
            String layer = chunk.get(0).layer();
            String[] ids = chunk.stream().map(GeoFeature::id).toArray(String[]::new);
            PgFeatureHistory.keep(c, layer, ids, actor, now, false);
            Map<String, Long> versions = upsert(c, layer, ids, chunk, actor, now);
            for (GeoFeature f : chunk) {
                written.add(new GeoFeature(layer, f.id(), f.geometry(), f.properties(), versions.get(f.id())));
            }
        }
        return written;
    }

    /** Removes features; their last states go to the history. */
    void remove(Connection c, String layer, List<String> removed, String actor, Instant now) throws SQLException {
        if (removed.isEmpty()) {
            return;
        }
        String[] ids = removed.toArray(String[]::new);
        PgFeatureHistory.keep(c, layer, ids, actor, now, true);
        try (PreparedStatement delete = c.prepareStatement("delete from feature where layer = ? and id = any (?)")) {
            delete.setString(1, layer);
            delete.setArray(2, c.createArrayOf("text", ids));
            delete.executeUpdate();
        }
    }

    /** The version goes on from the history, so an id that was removed and comes back does not start again at 1. */
    private Map<String, Long> upsert(
            Connection c, String layer, String[] ids, List<GeoFeature> chunk, String actor, Instant now)
            throws SQLException {
        int n = chunk.size();
        byte[][] geometries = new byte[n][];
        String[] properties = new String[n];
        String[] from = new String[n];
        String[] to = new String[n];
        Double[] accuracies = new Double[n];
        String[] sources = new String[n];
        String[] surveyed = new String[n];
        for (int i = 0; i < n; i++) {
            geometries[i] = Wkb.write(chunk.get(i).geometry());
            properties[i] = json(chunk.get(i).properties());
            Validity validity = Validity.of(chunk.get(i).properties(), zone);
            from[i] = timestamp(validity.from());
            to[i] = timestamp(validity.to());
            Provenance provenance = Provenance.of(chunk.get(i).properties());
            accuracies[i] = provenance.accuracyMeters().orElse(null);
            sources[i] = provenance.source().orElse(null);
            surveyed[i] = provenance.surveyedOn().map(LocalDate::toString).orElse(null);
        }
        Map<String, Long> versions = new HashMap<>(n * 2);
        try (PreparedStatement insert = c.prepareStatement(UPSERT)) {
            insert.setString(1, layer);
            insert.setString(2, actor);
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.setString(4, layer);
            insert.setArray(5, c.createArrayOf("text", ids));
            insert.setArray(6, c.createArrayOf("bytea", geometries));
            insert.setArray(7, c.createArrayOf("text", properties));
            insert.setArray(8, c.createArrayOf("timestamptz", from));
            insert.setArray(9, c.createArrayOf("timestamptz", to));
            insert.setArray(10, c.createArrayOf("float8", accuracies));
            insert.setArray(11, c.createArrayOf("text", sources));
            insert.setArray(12, c.createArrayOf("date", surveyed));
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    versions.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return versions;
    }

    private static String timestamp(Instant moment) {
        if (moment.equals(Instant.MIN)) {
            return "-infinity";
        }
        return moment.equals(Instant.MAX) ? "infinity" : moment.toString();
    }

    private static String json(Map<String, Object> properties) {
        try {
            return JSON.writeValueAsString(properties);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a property cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static Geometry geometry(WKBReader reader, byte[] wkb, String layer, String id) {
        try {
            return reader.read(wkb);
        } catch (ParseException e) {
            throw new IllegalStateException("feature " + id + " of layer " + layer + " has a damaged geometry", e);
        }
    }

    static Map<String, Object> properties(String json, String layer, String id) {
        try {
            return JSON.readValue(json, PROPERTIES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("feature " + id + " of layer " + layer + " has damaged properties", e);
        }
    }
}
