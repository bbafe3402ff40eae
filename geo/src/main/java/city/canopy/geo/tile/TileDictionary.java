package city.canopy.geo.tile;

import java.util.Arrays;

/** The names and values that one tile uses, in the order in which they come first. One thread's. */
final class TileDictionary {
    private static final int NAMES = 3;
    private static final int VALUES = 4;
    private static final int TEXT = 1;
    private static final int REAL = 3;
    private static final int WHOLE = 4;
    private static final int FLAG = 7;

    private final LayerTags tags;
    private final boolean[] wanted;
    private final Protobuf names = new Protobuf(256);
    private final Protobuf values = new Protobuf(4096);
    private final Protobuf value = new Protobuf(64);
    private final int[] nameAt;
    private int nameCount;
    private int valueCount;
    private int idName = -1;
    private int countName = -1;
    /** An open-addressed table from a layer's value to the tile's. */
    private int[] keys = new int[256];

    private int[] places = new int[256];
    private int used;

    /** @param wanted for each of the layer's names, whether the tile is to have it */
    TileDictionary(LayerTags tags, boolean[] wanted) {
        this.tags = tags;
        this.wanted = wanted;
        this.nameAt = new int[tags.names()];
        Arrays.fill(nameAt, -1);
        Arrays.fill(keys, -1);
    }

    /** Adds the id of a feature to the tags of one in the tile. */
    void id(int feature, Protobuf into) {
        if (idName < 0) {
            idName = name(TileLayer.ID);
        }
        into.varint(idName);
        into.varint(append(tags.id(feature)));
    }

    /** Adds how many features one in the tile stands for. */
    void count(long count, Protobuf into) {
        if (countName < 0) {
            countName = name(TileLayer.COUNT);
        }
        into.varint(countName);
        into.varint(append(count));
    }

    /** Adds the wanted properties of a feature. */
    void properties(int feature, Protobuf into) {
        int[] pairs = tags.of(feature);
        for (int i = 0; i < pairs.length; i += 2) {
            if (!wanted[pairs[i]]) {
                continue;
            }
            int name = nameAt[pairs[i]];
            if (name < 0) {
                name = name(tags.name(pairs[i]));
                nameAt[pairs[i]] = name;
            }
            into.varint(name);
            into.varint(value(pairs[i + 1]));
        }
    }

    void writeTo(Protobuf layer) {
        layer.raw(names);
        layer.raw(values);
    }

    private int name(String name) {
        names.text(NAMES, name);
        return nameCount++;
    }

    private int value(int global) {
        int mask = keys.length - 1;
        int slot = global * 0x9E37_79B1 >>> 8 & mask;
        while (keys[slot] >= 0) {
            if (keys[slot] == global) {
                return places[slot];
            }
            slot = slot + 1 & mask;
        }
        keys[slot] = global;
        places[slot] = append(tags.value(global));
        int place = places[slot];
        if (++used * 2 > keys.length) {
            grow();
        }
        return place;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldPlaces = places;
        keys = new int[oldKeys.length * 2];
        places = new int[keys.length];
        Arrays.fill(keys, -1);
        int mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] >= 0) {
                int slot = oldKeys[i] * 0x9E37_79B1 >>> 8 & mask;
                while (keys[slot] >= 0) {
                    slot = slot + 1 & mask;
                }
                keys[slot] = oldKeys[i];
                places[slot] = oldPlaces[i];
            }
        }
    }

    private int append(Object what) {
        value.clear();
        if (what instanceof Boolean flag) {
            value.number(FLAG, flag ? 1 : 0);
        } else if (what instanceof Double || what instanceof Float) {
            value.real(REAL, ((Number) what).doubleValue());
        } else if (what instanceof Number number) {
            value.number(WHOLE, number.longValue());
        } else {
            value.text(TEXT, what.toString());
        }
        values.message(VALUES, value);
        return valueCount++;
    }
}
