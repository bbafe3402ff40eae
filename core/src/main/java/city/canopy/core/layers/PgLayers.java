package city.canopy.core.layers;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/**
 * The map layers: kept in PostgreSQL, held in memory whole. {@link #snapshot} and the other readings are cheap and may
 * be called by any thread; edits block on the database, are done one after the other, and are seen by readers at once
 * after their commit and never before. Coordinates are WGS 84, longitude first.
 *
 * <p>Limits: {@value #MAX_LAYERS} layers; {@value #MAX_FEATURES} features in a layer; {@value #MAX_VERTICES} vertices,
 * {@value #MAX_PROPERTIES} properties and {@value #MAX_TEXT} characters of one property in a feature. What is over a
 * limit is refused with {@link IllegalArgumentException} before anything is written. One process edits: another one's
 * edits are seen after a restart.
 */
public final class PgLayers implements LayerSource {
    public static final int MAX_LAYERS = 200;
    public static final int MAX_FEATURES = 1_000_000;
    public static final int MAX_VERTICES = 100_000;
    public static final int MAX_PROPERTIES = 200;
    public static final int MAX_TEXT = 20_000;

    private final Database database;
    private final Clock clock;
    private final ZoneId zone;
    private final PgFeatures rows;
    private final int maxFeatures;
    private final Object editing = new Object();

    /** Swapped as a whole, so a reader never sees a definition without its snapshot. */
    private volatile Map<String, Held> held;

    private record Held(LayerDefinition definition, LayerSnapshot snapshot) {}

    private record Edited<T>(LayerSnapshot snapshot, T answer) {}

    private interface Edit<T> {
        Edited<T> run(Connection c, LayerSnapshot before) throws SQLException;
    }

    PgLayers(Database database, Clock clock, ZoneId zone, int maxFeatures) {
        this.database = Objects.requireNonNull(database, "database");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.zone = Objects.requireNonNull(zone, "zone");
        this.rows = new PgFeatures(zone);
        this.maxFeatures = maxFeatures;
        this.held = Map.copyOf(database.read(this::readAll));
    }

    /**
     * Reads all layers. Blocks.
     *
     * @param zone in which days begin, for features that are valid from or to a date
     */
    public static PgLayers open(Database database, Clock clock, ZoneId zone) {
        return new PgLayers(database, clock, zone, MAX_FEATURES);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(held.keySet());
    }

    @Override
    public LayerSnapshot snapshot(String layer) {
        return get(layer).snapshot();
    }

    /** What the layer is, if there is one of this name. */
    public Optional<LayerDefinition> findDefinition(String layer) {
        return Optional.ofNullable(held.get(layer)).map(Held::definition);
    }

    /** What all layers are, by name. */
    public Collection<LayerDefinition> listDefinitions() {
        Map<String, LayerDefinition> sorted = new TreeMap<>();
        held.forEach((name, one) -> sorted.put(name, one.definition()));
        return Collections.unmodifiableCollection(sorted.values());
    }

    /** A feature as it stands now. Empty where there is no such feature or no such layer. */
    public Optional<GeoFeature> find(String layer, String id) {
        return Optional.ofNullable(held.get(layer))
                .flatMap(one -> one.snapshot().find(id));
    }

    /** Where a feature comes from; empty where there is none. Blocks. */
    public Optional<FeatureOrigin> findOrigin(String layer, String id) {
        return database.read(c -> PgFeatures.origin(c, layer, id));
    }

    /**
     * Makes the layer, or brings its definition up to date; its features stay.
     *
     * @throws IllegalArgumentException when it would be one layer too many, or when features that are there do not fit
     *     its new kind
     */
    public void ensureLayer(LayerDefinition definition) {
        synchronized (editing) {
            Held before = held.get(definition.name());
            if (before != null && before.definition().equals(definition)) {
                return;
            }
            if (before == null && held.size() >= MAX_LAYERS) {
                throw new IllegalArgumentException("there are " + MAX_LAYERS + " layers already: remove one first");
            }
            if (before != null) {
                before.snapshot().features().forEach(feature -> checkKind(definition, feature));
            }
            database.inTransaction(c -> {
                PgLayerRows.write(c, definition);
                return null;
            });
            LayerSnapshot snapshot =
                    before == null ? new LayerSnapshot(definition.name(), 0, List.of()) : before.snapshot();
            swap(new Held(definition, snapshot));
        }
    }

    /**
     * Gives a layer its first content. Does nothing when the layer has ever had any, so what people removed does not
     * come back at the next start.
     *
     * @return whether it was loaded
     */
    public boolean seed(String layer, List<GeoFeature> features, String actor) {
        synchronized (editing) {
            if (get(layer).snapshot().version() > 0) {
                return false;
            }
            load(layer, features, actor);
            return true;
        }
    }

    /**
     * Adds features to a layer; one whose id is there already takes its place. All or none, in one transaction.
     *
     * @param features all of {@code layer}; the versions that they carry do not matter
     * @param actor who does it, for the history
     * @return the layer as it stands after it
     * @throws IllegalArgumentException when a feature is over a limit or does not fit the layer; it says which and why
     */
    public LayerSnapshot load(String layer, List<GeoFeature> features, String actor) {
        if (features.isEmpty()) {
            return snapshot(layer);
        }
        return edit(layer, (c, before) -> {
            check(layer, features, before);
            List<GeoFeature> written = rows.write(c, features, actor, clock.instant());
            LayerSnapshot after = with(before, written, PgLayerRows.nextVersion(c, layer));
            return new Edited<>(after, after);
        });
    }

    /** Adds or replaces one feature; see {@link #load}. Answers it with its new version. */
    public GeoFeature put(GeoFeature feature, String actor) {
        return load(feature.layer(), List.of(feature), actor).find(feature.id()).orElseThrow();
    }

    /**
     * Removes a feature; its last state stays in the history.
     *
     * @return whether it was there
     */
    public boolean remove(String layer, String id, String actor) {
        return edit(layer, (c, before) -> {
            if (!rows.remove(c, layer, id, actor, clock.instant())) {
                return new Edited<>(before, false);
            }
            List<GeoFeature> rest = new ArrayList<>(before.features());
            rest.removeIf(feature -> feature.id().equals(id));
            return new Edited<>(new LayerSnapshot(layer, PgLayerRows.nextVersion(c, layer), rest), true);
        });
    }

    private <T> T edit(String layer, Edit<T> edit) {
        synchronized (editing) {
            Held before = get(layer);
            try {
                Edited<T> done = database.inTransaction(c -> edit.run(c, before.snapshot()));
                swap(new Held(before.definition(), done.snapshot()));
                return done.answer();
            } catch (DatabaseException e) {
                readAgain(before.definition(), e);
                throw e;
            }
        }
    }

    /** A commit whose answer was lost may have happened: what stands is what the database says. */
    private void readAgain(LayerDefinition definition, DatabaseException cause) {
        try {
            swap(new Held(definition, database.read(c -> read(c, definition.name()))));
        } catch (DatabaseException e) {
            cause.addSuppressed(e);
        }
    }

    private Map<String, Held> readAll(Connection c) throws SQLException {
        Map<String, Held> all = new LinkedHashMap<>();
        for (LayerDefinition definition : PgLayerRows.list(c)) {
            all.put(definition.name(), new Held(definition, read(c, definition.name())));
        }
        return all;
    }

    private LayerSnapshot read(Connection c, String layer) throws SQLException {
        return new LayerSnapshot(layer, PgLayerRows.version(c, layer), rows.list(c, layer));
    }

    private void swap(Held one) {
        Map<String, Held> next = new LinkedHashMap<>(held);
        next.put(one.definition().name(), one);
        held = Map.copyOf(next);
    }

    private Held get(String layer) {
        Held one = held.get(layer);
        if (one == null) {
            throw new IllegalArgumentException("there is no layer " + layer);
        }
        return one;
    }

    private static LayerSnapshot with(LayerSnapshot before, List<GeoFeature> written, long version) {
        Map<String, GeoFeature> all = new LinkedHashMap<>();
        before.features().forEach(feature -> all.put(feature.id(), feature));
        written.forEach(feature -> all.put(feature.id(), feature));
        return new LayerSnapshot(before.layer(), version, all.values());
    }

    private void check(String layer, List<GeoFeature> features, LayerSnapshot before) {
        LayerDefinition definition = get(layer).definition();
        Set<String> ids = new HashSet<>();
        int added = 0;
        for (GeoFeature feature : features) {
            if (!feature.layer().equals(layer)) {
                throw refused(feature, "it belongs to layer " + feature.layer() + ", not to " + layer);
            }
            if (!ids.add(feature.id())) {
                throw refused(feature, "its id comes twice: give each feature its own");
            }
            checkShape(feature);
            checkProperties(feature);
            checkKind(definition, feature);
            added += before.find(feature.id()).isPresent() ? 0 : 1;
        }
        if (before.size() + added > maxFeatures) {
            throw new IllegalArgumentException(
                    "layer " + layer + " would have over " + maxFeatures + " features: split it into several layers");
        }
    }

    private static void checkShape(GeoFeature feature) {
        if (feature.id().isEmpty() || feature.id().length() > 200) {
            throw refused(feature, "its id must have 1 to 200 characters");
        }
        Geometry geometry = feature.geometry();
        if (geometry.isEmpty()) {
            throw refused(feature, "it has no geometry");
        }
        if (geometry.getNumPoints() > MAX_VERTICES) {
            throw refused(feature, "it has over " + MAX_VERTICES + " vertices: simplify or split it");
        }
        Envelope envelope = geometry.getEnvelopeInternal();
        boolean onEarth = envelope.getMinX() >= -180
                && envelope.getMaxX() <= 180
                && envelope.getMinY() >= -90
                && envelope.getMaxY() <= 90;
        if (!onEarth) {
            throw refused(feature, "it lies outside -180 to 180 and -90 to 90 degrees: are lon and lat exchanged?");
        }
    }

    private void checkProperties(GeoFeature feature) {
        if (feature.properties().size() > MAX_PROPERTIES) {
            throw refused(feature, "it has over " + MAX_PROPERTIES + " properties");
        }
        feature.properties().forEach((name, value) -> checkProperty(feature, name, value));
        try {
            Validity.of(feature.properties(), zone);
        } catch (IllegalArgumentException e) {
            throw refused(feature, e.getMessage());
        }
    }

    private static void checkProperty(GeoFeature feature, String name, Object value) {
        boolean known = value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
        if (!known) {
            throw refused(feature, "its property " + name + " is neither text, number nor boolean");
        }
        if (value instanceof String text && text.length() > MAX_TEXT) {
            throw refused(feature, "its property " + name + " has over " + MAX_TEXT + " characters");
        }
    }

    private static void checkKind(LayerDefinition definition, GeoFeature feature) {
        if (!definition.kind().takes(feature.geometry())) {
            throw refused(
                    feature,
                    "it is a " + feature.geometry().getGeometryType() + ", but the layer takes "
                            + definition.kind().word() + " geometries");
        }
    }

    private static IllegalArgumentException refused(GeoFeature feature, String why) {
        return new IllegalArgumentException("feature " + feature.id() + " of layer " + feature.layer() + ": " + why);
    }
}
