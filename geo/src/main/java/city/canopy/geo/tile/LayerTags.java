package city.canopy.geo.tile;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Name and value of each property, in turn; those of a feature end where those of the next begin. */
    private final int[] pairs;

    private final int[] pairEnd;
    /** Each id as a value, a field of a tile, likewise. */
    private final byte[] ids;

    private final int[] idEnd;
    private final ThreadLocal<Marks> marks = ThreadLocal.withInitial(() -> new Marks(values()));

    /** @param features in the order in which they will be asked for, as far as possible: they lie one after the other */
    LayerTags(List<GeoFeature> features) {
        Map<String, Integer> nameAt = new LinkedHashMap<>();
        Map<Object, Integer> valueAt = new HashMap<>();
        List<byte[]> encoded = new ArrayList<>();
        Protobuf scratch = new Protobuf(64);
        Protobuf everyId = new Protobuf(16 * features.size());
        pairEnd = new int[features.size() + 1];
        idEnd = new int[features.size() + 1];
        int[] own = new int[16 * features.size()];
        int n = 0;
        for (int i = 0; i < features.size(); i++) {
            everyId.raw(TileDictionary.encode(features.get(i).id(), scratch));
            idEnd[i + 1] = everyId.size();
            for (Map.Entry<String, Object> property :
                    features.get(i).properties().entrySet()) {
                if (property.getValue() != null && !property.getKey().equals(TileLayer.ID)) {
                    own = n + 2 > own.length ? Arrays.copyOf(own, 2 * n + 16) : own;
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
            pairEnd[i + 1] = n;
        }
        pairs = Arrays.copyOf(own, n);
        ids = everyId.toBytes();
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

    /** Where the properties of a feature begin; they end where those of the next begin. */
    int begin(int feature) {
        return pairEnd[feature];
    }

    int nameAt(int pair) {
        return pairs[pair];
    }

    int valueAt(int pair) {
        return pairs[pair + 1];
    }

    /** Adds the id of a feature to the values of a tile. */
    void writeId(int feature, Protobuf values) {
        values.raw(ids, idEnd[feature], idEnd[feature + 1]);
    }
}
