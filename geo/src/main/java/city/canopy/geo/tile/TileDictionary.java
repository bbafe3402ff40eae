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
    private final Protobuf names;
    private final Protobuf values;
    private final LayerTags.Marks marks;
    private final int[] nameAt;
    private int nameCount;
    private int valueCount;
    private int idName = -1;
    private int countName = -1;

    /**
     * @param wanted for each of the layer's names, whether the tile is to have it
     * @param sheets where names and values are written
     */
    TileDictionary(LayerTags tags, boolean[] wanted, TileSheets sheets) {
        this.tags = tags;
        this.wanted = wanted;
        this.names = sheets.names();
        this.values = sheets.values();
        this.nameAt = new int[tags.names()];
        Arrays.fill(nameAt, -1);
        this.marks = tags.marks();
        marks.clear();
    }

    /** Adds the id of a feature to the tags of one in the tile. */
    void id(int feature, Protobuf into) {
        if (idName < 0) {
            idName = name(TileLayer.ID);
        }
        into.varint(idName);
        tags.writeId(feature, values);
        into.varint(valueCount++);
    }

    /** Adds how many features one in the tile stands for. */
    void count(long count, Protobuf into) {
        if (countName < 0) {
            countName = name(TileLayer.COUNT);
        }
        into.varint(countName);
        into.varint(number(count));
    }

    /** Adds the wanted properties of a feature. */
    void properties(int feature, Protobuf into) {
        for (int pair = tags.begin(feature); pair < tags.begin(feature + 1); pair += 2) {
            int global = tags.nameAt(pair);
            if (!wanted[global]) {
                continue;
            }
            if (nameAt[global] < 0) {
                nameAt[global] = name(tags.name(global));
            }
            into.varint(nameAt[global]);
            into.varint(value(tags.valueAt(pair)));
        }
    }

    /** How many bytes it takes. */
    int size() {
        return names.size() + values.size();
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
        int place = marks.find(global);
        if (place < 0) {
            values.raw(tags.value(global));
            place = valueCount++;
            marks.put(global, place);
        }
        return place;
    }

    private int number(long what) {
        int open = values.open(VALUES);
        values.number(WHOLE, what);
        values.close(open);
        return valueCount++;
    }

    /** A value as a field of a tile. */
    static byte[] encode(Object what, Protobuf scratch) {
        scratch.clear();
        int open = scratch.open(VALUES);
        if (what instanceof Boolean flag) {
            scratch.number(FLAG, flag ? 1 : 0);
        } else if (what instanceof Double || what instanceof Float) {
            scratch.real(REAL, ((Number) what).doubleValue());
        } else if (what instanceof Number number) {
            scratch.number(WHOLE, number.longValue());
        } else {
            scratch.text(TEXT, what.toString());
        }
        scratch.close(open);
        return scratch.toBytes();
    }
}
