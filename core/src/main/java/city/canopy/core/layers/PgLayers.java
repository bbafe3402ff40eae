package city.canopy.core.layers;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The map layers: kept in PostgreSQL, held in memory whole. {@link #snapshot} and the other readings are cheap and may
 * be called by any thread; edits block on the database, are done one after the other, and are seen by readers at once
 * after their commit and never before. Coordinates are WGS 84, longitude first.
 *
 * <p>Limits: {@value #MAX_LAYERS} layers; {@value #MAX_FEATURES} features in a layer; {@value #MAX_VERTICES} vertices,
 * {@value #MAX_PROPERTIES} properties and {@value #MAX_TEXT} characters of one property in a feature. What is over a
 * limit is refused with {@link IllegalArgumentException} before anything is written. Edits of another process are seen
 * when {@link #refresh} is told of them; edits of two processes are done one after the other.
 */
public final class PgLayers implements LayerSource {
    public static final int MAX_LAYERS = 200;
    public static final int MAX_FEATURES = 1_000_000;
    public static final int MAX_VERTICES = 100_000;
    public static final int MAX_PROPERTIES = 200;
    public static final int MAX_TEXT = 20_000;
    /** How many steps of a feature's life are told. */
    public static final int MAX_HISTORY = 200;
    /** The kind of the event that tells of an edit; its data is a {@link LayerChange} as JSON. */
    public static final String CHANGED = "layer.changed";

    private final Database database;
    private final Clock clock;
    private final PgFeatures rows;
    private final FeatureChecks checks;
    private final int maxFeatures;
    private final Object editing = new Object();
    private final List<Consumer<LayerChange>> listeners = new CopyOnWriteArrayList<>();

    /** Swapped as a whole, so a reader never sees a definition without its snapshot. */
    private volatile Map<String, Held> held;

    private record Held(LayerDefinition definition, LayerSnapshot snapshot) {}

    private record Edited(LayerSnapshot snapshot, LayerChange change) {}

    PgLayers(Database database, Clock clock, ZoneId zone, int maxFeatures) {
        this.database = Objects.requireNonNull(database, "database");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.rows = new PgFeatures(zone);
        this.checks = new FeatureChecks(zone);
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
                before.snapshot().features().forEach(feature -> FeatureChecks.checkKind(definition, feature));
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
        if (!features.isEmpty()) {
            apply(
                    layer,
                    features.stream().<FeatureEdit>map(FeatureEdit.Put::new).toList(),
                    actor);
        }
        return snapshot(layer);
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
        try {
            apply(layer, List.of(new FeatureEdit.Remove(id, Optional.empty())), actor);
            return true;
        } catch (EditConflictException e) {
            return false;
        }
    }

    /**
     * Edits features of a layer. All or none, in one transaction, which also tells of it as {@value #CHANGED}.
     *
     * @param edits at least one, and one for each feature at most
     * @param actor who does it, for the history
     * @throws IllegalArgumentException when a feature is over a limit or does not fit the layer; it says which and why
     * @throws EditConflictException when an edit does not fit what stands
     */
    public LayerChange apply(String layer, List<FeatureEdit> edits, String actor) {
        synchronized (editing) {
            Held before = get(layer);
            try {
                Edited done = database.inTransaction(c -> edit(c, before, edits, actor));
                swap(new Held(before.definition(), done.snapshot()));
                listeners.forEach(listener -> listener.accept(done.change()));
                return done.change();
            } catch (DatabaseException e) {
                lookWhatStands(layer, e);
                throw e;
            }
        }
    }

    private Edited edit(Connection c, Held held, List<FeatureEdit> edits, String actor) throws SQLException {
        // The row's lock keeps the edits of other processes out until this one is committed.
        long version = PgLayerRows.nextVersion(c, held.definition().name());
        LayerSnapshot before = version == held.snapshot().version() + 1
                ? held.snapshot()
                : new LayerSnapshot(
                        held.definition().name(),
                        version - 1,
                        rows.list(c, held.definition().name()));
        check(held.definition(), edits, before);
        List<GeoFeature> states = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (FeatureEdit edit : edits) {
            edit.state().ifPresentOrElse(states::add, () -> removed.add(edit.id()));
        }
        Instant now = clock.instant();
        rows.remove(c, before.layer(), removed, actor, now);
        LayerSnapshot after = before.with(version, rows.write(c, states, actor, now), removed);
        LayerChange.Gatherer gatherer = new LayerChange.Gatherer();
        edits.forEach(edit -> gatherer.touch(edit.id(), before.find(edit.id()), after.find(edit.id())));
        LayerChange change = gatherer.of(before.layer(), version);
        PgLayerRows.announce(c, CHANGED, change);
        return new Edited(after, change);
    }

    /**
     * Reads a layer again where another process has edited it; asks the database whether one has. Blocks: a
     * millisecond when none has, up to seconds for a large layer when one has.
     */
    public void refresh(String layer) {
        if (!names().contains(layer) || isCurrent(layer)) {
            return;
        }
        synchronized (editing) {
            // An edit of our own may have been between its commit and its swap.
            if (!isCurrent(layer)) {
                readAgain(layer);
            }
        }
    }

    private boolean isCurrent(String layer) {
        return get(layer).snapshot().version() == database.read(c -> PgLayerRows.version(c, layer));
    }

    private void readAgain(String layer) {
        Held before = get(layer);
        LayerSnapshot after = database.read(c -> read(c, layer));
        if (after.version() != before.snapshot().version()) {
            swap(new Held(before.definition(), after));
            LayerChange change = difference(before.snapshot(), after);
            listeners.forEach(listener -> listener.accept(change));
        }
    }

    private static LayerChange difference(LayerSnapshot before, LayerSnapshot after) {
        LayerChange.Gatherer gatherer = new LayerChange.Gatherer();
        for (GeoFeature feature : after.features()) {
            Optional<GeoFeature> old = before.find(feature.id());
            if (old.isEmpty() || old.get().version() != feature.version()) {
                gatherer.touch(feature.id(), old, Optional.of(feature));
            }
        }
        for (GeoFeature feature : before.features()) {
            if (after.find(feature.id()).isEmpty()) {
                gatherer.touch(feature.id(), Optional.of(feature), Optional.empty());
            }
        }
        return gatherer.of(after.layer(), after.version());
    }

    /** Tells a listener of every edit, after readers see it, on the thread that made it; it must not block. */
    public void listen(Consumer<LayerChange> listener) {
        listeners.add(listener);
    }

    /** The life of a feature, newest first, at most {@value #MAX_HISTORY} steps. Empty where it never was. Blocks. */
    public List<FeatureVersion> history(String layer, String id) {
        return database.read(c -> PgFeatureHistory.list(c, layer, id, MAX_HISTORY));
    }

    /** A commit whose answer was lost may have happened: what stands is what the database says. */
    private void lookWhatStands(String layer, DatabaseException cause) {
        try {
            readAgain(layer);
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

    private void check(LayerDefinition definition, List<FeatureEdit> edits, LayerSnapshot before) {
        Set<String> ids = new HashSet<>();
        int added = 0;
        for (FeatureEdit edit : edits) {
            if (!ids.add(edit.id())) {
                throw FeatureChecks.refused(
                        definition.name(), edit.id(), "its id comes twice: give each feature its own");
            }
            edit.state().ifPresent(state -> checks.check(definition, state));
            Optional<GeoFeature> standing = before.find(edit.id());
            edit.check(standing);
            added += standing.isEmpty() && edit.state().isPresent() ? 1 : 0;
        }
        if (before.size() + added > maxFeatures) {
            throw new IllegalArgumentException("layer " + definition.name() + " would have over " + maxFeatures
                    + " features: split it into several layers");
        }
    }
}
