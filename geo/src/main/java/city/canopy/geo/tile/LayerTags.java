package city.canopy.geo.tile;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The properties of a layer's features, every name and every value kept once. Built once; any thread. */
final class LayerTags {
    private final List<String> names = new ArrayList<>();

    /** Each as a field of a tile. */
    private final byte[][] values;

    private final int[][] pairs;
    private final String[] ids;
    private final ThreadLocal<Marks> marks = ThreadLocal.withInitial(() -> new Marks(values()));

    LayerTags(List<GeoFeature> features) {
        Map<String, Integer> nameAt = new LinkedHashMap<>();
        Map<Object, Integer> valueAt = new HashMap<>();
        List<byte[]> encoded = new ArrayList<>();
        Protobuf scratch = new Protobuf(64);
        pairs = new int[features.size()][];
        ids = new String[features.size()];
        for (int i = 0; i < features.size(); i++) {
            ids[i] = features.get(i).id();
            Map<String, Object> properties = features.get(i).properties();
            int[] own = new int[2 * properties.size()];
            int n = 0;
            for (Map.Entry<String, Object> property : properties.entrySet()) {
                if (property.getValue() != null && !property.getKey().equals(TileLayer.ID)) {
                    own[n++] = nameAt.computeIfAbsent(property.getKey(), name -> {
                        names.add(name);
                        return names.size() - 1;
                    });
                    own[n++] = valueAt.computeIfAbsent(property.getValue(), value -> {
                        encoded.add(TileDictionary.encode(value, scratch));
                        return encoded.size() - 1;
                    });
                }
            }
            pairs[i] = java.util.Arrays.copyOf(own, n);
        }
        values = encoded.toArray(byte[][]::new);
    }

    private int values() {
        return values.length;
    }

    int names() {
        return names.size();
    }

    /** For each name, whether it is wanted. */
    boolean[] wanted(Predicate<String> properties) {
        boolean[] wanted = new boolean[names.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = properties.test(names.get(i));
        }
        return wanted;
    }

    String name(int at) {
        return names.get(at);
    }

    /** A value as a field of a tile; not to be written to. */
    byte[] value(int at) {
        return values[at];
    }

    /** Where this thread notes which values one tile has. */
    Marks marks() {
        return marks.get();
    }

    /** For each value a number, of which nothing is known at first. One thread's, for one tile after the other. */
    static final class Marks {
        private final long[] marked;
        private long round;

        private Marks(int values) {
            marked = new long[values];
        }

        /** Forgets all numbers. */
        void clear() {
            round++;
        }

        /** The number of a value, or -1. */
        int find(int value) {
            long mark = marked[value];
            return mark >>> 32 == round ? (int) mark : -1;
        }

        void put(int value, int number) {
            marked[value] = round << 32 | number;
        }
    }

    /** Name and value of each property of a feature, in turn. */
    int[] of(int feature) {
        return pairs[feature];
    }

    String id(int feature) {
        return ids[feature];
    }
}
