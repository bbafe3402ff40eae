package city.canopy.core.series;

import city.canopy.core.db.Database;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All datastreams, in memory, by key, id, device and subject; new ones are made at their first reading, in a transaction
 * of their own, and never go away. Thread-safe; only {@link #load} and {@link #resolve} with new keys ask the database.
 */
public final class Datastreams {
    /** How many datastreams there can be. At 1 KB each they need 5 GB: an installation meets other limits first. */
    public static final int DEFAULT_LIMIT = 5_000_000;

    private static final int KEYS_AT_ONCE = 5_000;
    private static final String COLUMNS = "id, device, quantity, instance, layer, feature_id, unit";

    private final Database database;
    private final int limit;
    private final Map<Key, Datastream> byKey = new ConcurrentHashMap<>();
    private final Map<Long, Datastream> byId = new ConcurrentHashMap<>();
    private final Map<DeviceId, List<Datastream>> byDevice = new ConcurrentHashMap<>();
    private final Map<Subject, List<Datastream>> bySubject = new ConcurrentHashMap<>();

    /**
     * What makes a datastream itself and no other. A quantity that changes its unit begins a new one: values of two
     * units never mix.
     *
     * @param layer the feature's layer, or null where it is about the device itself
     * @param featureId the feature, or null likewise
     * @param unit the UCUM code of its values
     */
    public record Key(DeviceId device, Quantity quantity, int instance, String layer, String featureId, String unit)
            implements Comparable<Key> {
        public Key {
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(quantity, "quantity");
            Objects.requireNonNull(unit, "unit");
            if ((layer == null) != (featureId == null)) {
                throw new IllegalArgumentException("a datastream has a layer and a feature, or neither");
            }
        }

        @Override
        public int compareTo(Key other) {
            int c = device.compareTo(other.device);
            c = c != 0 ? c : quantity.compareTo(other.quantity);
            c = c != 0 ? c : Integer.compare(instance, other.instance);
            c = c != 0 ? c : orEmpty(layer).compareTo(orEmpty(other.layer));
            c = c != 0 ? c : orEmpty(featureId).compareTo(orEmpty(other.featureId));
            return c != 0 ? c : unit.compareTo(other.unit);
        }
    }

    private Datastreams(Database database, int limit) {
        this.database = database;
        this.limit = limit;
    }

    /** Reads all of them. */
    public static Datastreams load(Database database) {
        return load(database, DEFAULT_LIMIT);
    }

    /** @param limit how many there can be; beyond it {@link #resolve} refuses new ones */
    public static Datastreams load(Database database, int limit) {
        Datastreams datastreams = new Datastreams(database, limit);
        database.read(c -> {
            try (Statement s = c.createStatement()) {
                s.setFetchSize(10_000);
                try (ResultSet r = s.executeQuery("select " + COLUMNS + " from datastream order by id")) {
                    while (r.next()) {
                        datastreams.add(row(r));
                    }
                }
            }
            return null;
        });
        return datastreams;
    }

    public Optional<Datastream> find(Key key) {
        return Optional.ofNullable(byKey.get(key));
    }

    public Optional<Datastream> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All datastreams of a device, whatever they are about, by id. */
    public List<Datastream> list(DeviceId device) {
        return byDevice.getOrDefault(device, List.of());
    }

    /** All datastreams about a feature or about a device itself, whoever measures, by id. */
    public List<Datastream> list(Subject subject) {
        return bySubject.getOrDefault(subject, List.of());
    }

    /** Every datastream, in no order. */
    public Collection<Datastream> list() {
        return Collections.unmodifiableCollection(byId.values());
    }

    public int count() {
        return byId.size();
    }

    /**
     * The datastreams of these keys, in their order; those that are not there are made and committed.
     *
     * @return one for each key; null where it would be a new one and the limit is reached
     * @throws city.canopy.core.db.DatabaseException when the database refuses
     */
    public List<Datastream> resolve(List<Key> keys) {
        Set<Key> missing = new LinkedHashSet<>();
        for (Key key : keys) {
            if (!byKey.containsKey(key)) {
                missing.add(key);
            }
        }
        if (!missing.isEmpty()) {
            make(missing);
        }
        List<Datastream> resolved = new ArrayList<>(keys.size());
        for (Key key : keys) {
            resolved.add(byKey.get(key));
        }
        return resolved;
    }

    private synchronized void make(Set<Key> missing) {
        // Always in the same order, so that two processes cannot wait for each other.
        List<Key> sorted = new ArrayList<>(new TreeSet<>(missing));
        sorted.removeIf(byKey::containsKey);
        List<Key> allowed = sorted.subList(0, Math.min(sorted.size(), Math.max(0, limit - count())));
        for (int from = 0; from < allowed.size(); from += KEYS_AT_ONCE) {
            List<Key> some = allowed.subList(from, Math.min(allowed.size(), from + KEYS_AT_ONCE));
            database.inTransaction(c -> insertAndRead(c, some)).forEach(this::add);
        }
    }

    private static List<Datastream> insertAndRead(Connection c, List<Key> keys) throws SQLException {
        String unnest = " from unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[])"
                + " with ordinality as k(device, quantity, instance, layer, feature_id, unit, position)";
        try (PreparedStatement s = c.prepareStatement("insert into datastream (device, quantity, instance, layer,"
                + " feature_id, unit) select device, quantity, instance, layer, feature_id, unit" + unnest
                + " order by position on conflict do nothing")) {
            bind(c, s, keys);
            s.executeUpdate();
        }
        List<Datastream> found = new ArrayList<>(keys.size());
        try (PreparedStatement s = c.prepareStatement("select " + COLUMNS + unnest
                + " join datastream d using (device, quantity, instance, layer, feature_id, unit) order by position")) {
            bind(c, s, keys);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(row(r));
                }
            }
        }
        return found;
    }

    private static void bind(Connection c, PreparedStatement s, List<Key> keys) throws SQLException {
        s.setArray(
                1,
                c.createArrayOf(
                        "text", keys.stream().map(k -> k.device().value()).toArray()));
        s.setArray(
                2,
                c.createArrayOf(
                        "text", keys.stream().map(k -> k.quantity().name()).toArray()));
        s.setArray(3, c.createArrayOf("int4", keys.stream().map(Key::instance).toArray()));
        s.setArray(
                4,
                c.createArrayOf(
                        "text", keys.stream().map(k -> orEmpty(k.layer())).toArray()));
        s.setArray(
                5,
                c.createArrayOf(
                        "text", keys.stream().map(k -> orEmpty(k.featureId())).toArray()));
        s.setArray(6, c.createArrayOf("text", keys.stream().map(Key::unit).toArray()));
    }

    private static Datastream row(ResultSet r) throws SQLException {
        return new Datastream(
                r.getLong(1),
                new DeviceId(r.getString(2)),
                new Quantity(r.getString(3)),
                r.getInt(4),
                orNull(r.getString(5)),
                orNull(r.getString(6)),
                r.getString(7));
    }

    private void add(Datastream d) {
        Key key = new Key(d.device(), d.quantity(), d.instance(), d.layer(), d.featureId(), d.unit());
        byId.put(d.id(), d);
        byDevice.merge(d.device(), List.of(d), Datastreams::joined);
        bySubject.merge(d.subject(), List.of(d), Datastreams::joined);
        byKey.put(key, d);
    }

    private static List<Datastream> joined(List<Datastream> some, List<Datastream> more) {
        List<Datastream> all = new ArrayList<>(some.size() + more.size());
        all.addAll(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
