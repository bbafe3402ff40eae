package city.canopy.geo.layer;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An unmodifiable map of few entries that keeps their order. The names are shared by all maps that have the same ones in
 * the same order, so that a hundred thousand features take a quarter of the room; a name is looked for one by one.
 */
final class CompactMap extends AbstractMap<String, Object> {
    /** How many lists of names are shared; further ones stand for themselves. */
    private static final int MAX_SHARED = 10_000;

    private static final Map<List<String>, String[]> SHARED = new ConcurrentHashMap<>();

    private final String[] names;
    private final Object[] values;

    private CompactMap(String[] names, Object[] values) {
        this.names = names;
        this.values = values;
    }

    /** A copy. @throws NullPointerException when a name is null */
    static Map<String, Object> copyOf(Map<String, Object> map) {
        if (map instanceof CompactMap) {
            return map;
        }
        List<String> names = List.copyOf(map.keySet());
        String[] shared = SHARED.get(names);
        if (shared == null) {
            shared = names.toArray(String[]::new);
            if (SHARED.size() < MAX_SHARED) {
                SHARED.put(names, shared);
            }
        }
        return new CompactMap(shared, map.values().toArray());
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public boolean containsKey(Object name) {
        return place(name) >= 0;
    }

    @Override
    public Object get(Object name) {
        int place = place(name);
        return place < 0 ? null : values[place];
    }

    private int place(Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public Iterator<Entry<String, Object>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Entry<String, Object>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Entry<String, Object> next() {
            if (next >= names.length) {
                throw new NoSuchElementException();
            }
            return new SimpleImmutableEntry<>(names[next], values[next++]);
        }
    }
}
