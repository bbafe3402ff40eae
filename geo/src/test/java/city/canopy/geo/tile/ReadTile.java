package city.canopy.geo.tile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vector tile read by the letter of the specification (2.1), apart from the code that writes them. */
record ReadTile(Map<String, Layer> layers) {
    record Layer(int version, int extent, List<Feature> features) {}

    /** @param paths the rings or lines, each a list of {x, y}; a point is a path of one */
    record Feature(int type, Map<String, Object> tags, List<List<int[]>> paths) {
        String id() {
            return (String) tags.get("id");
        }
    }

    static ReadTile of(byte[] bytes) {
        Map<String, Layer> layers = new LinkedHashMap<>();
        Wire wire = new Wire(bytes, 0, bytes.length);
        while (wire.more()) {
            wire.next();
            if (wire.field == 3) {
                readLayer(wire.message(), layers);
            }
        }
        return new ReadTile(layers);
    }

    private static void readLayer(Wire wire, Map<String, Layer> layers) {
        String name = null;
        int version = 1;
        int extent = 4096;
        List<Wire> raw = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        while (wire.more()) {
            wire.next();
            switch (wire.field) {
                case 1 -> name = wire.text();
                case 2 -> raw.add(wire.message());
                case 3 -> keys.add(wire.text());
                case 4 -> values.add(value(wire.message()));
                case 5 -> extent = (int) wire.value;
                case 15 -> version = (int) wire.value;
                default -> throw new AssertionError("an unknown field " + wire.field + " in a layer");
            }
        }
        List<Feature> features = new ArrayList<>();
        raw.forEach(each -> features.add(feature(each, keys, values)));
        if (layers.put(name, new Layer(version, extent, features)) != null) {
            throw new AssertionError("the layer " + name + " comes twice");
        }
    }

    private static Object value(Wire wire) {
        wire.next();
        return switch (wire.field) {
            case 1 -> wire.text();
            case 3 -> Double.longBitsToDouble(wire.value);
            case 4 -> wire.value;
            case 7 -> wire.value != 0;
            default -> throw new AssertionError("an unknown value " + wire.field);
        };
    }

    private static Feature feature(Wire wire, List<String> keys, List<Object> values) {
        Map<String, Object> tags = new LinkedHashMap<>();
        int type = 0;
        List<List<int[]>> paths = new ArrayList<>();
        while (wire.more()) {
            wire.next();
            if (wire.field == 2) {
                Wire packed = wire.message();
                while (packed.more()) {
                    tags.put(keys.get((int) packed.varint()), values.get((int) packed.varint()));
                }
            } else if (wire.field == 3) {
                type = (int) wire.value;
            } else if (wire.field == 4) {
                paths = paths(wire.message());
            }
        }
        return new Feature(type, tags, paths);
    }

    private static List<List<int[]>> paths(Wire wire) {
        List<List<int[]>> paths = new ArrayList<>();
        int x = 0;
        int y = 0;
        while (wire.more()) {
            int command = (int) wire.varint();
            if ((command & 7) == 7) {
                continue;
            }
            for (int i = 0; i < command >> 3; i++) {
                x += wire.signed();
                y += wire.signed();
                if ((command & 7) == 1) {
                    paths.add(new ArrayList<>());
                }
                paths.get(paths.size() - 1).add(new int[] {x, y});
            }
        }
        return paths;
    }

    private static final class Wire {
        private final byte[] bytes;
        private final int end;
        private int at;
        private int field;
        private long value;
        private int from;

        Wire(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        boolean more() {
            return at < end;
        }

        void next() {
            long head = varint();
            field = (int) (head >>> 3);
            switch ((int) head & 7) {
                case 0 -> value = varint();
                case 1 -> {
                    value = 0;
                    for (int i = 0; i < 8; i++) {
                        value |= (bytes[at++] & 0xFFL) << 8 * i;
                    }
                }
                case 2 -> {
                    int length = (int) varint();
                    from = at;
                    at += length;
                }
                default -> throw new AssertionError("a wire type that is not used");
            }
        }

        Wire message() {
            return new Wire(bytes, from, at);
        }

        String text() {
            return new String(bytes, from, at - from, StandardCharsets.UTF_8);
        }

        long varint() {
            long result = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                result |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return result;
                }
            }
        }

        int signed() {
            int raw = (int) varint();
            return raw >>> 1 ^ -(raw & 1);
        }
    }
}
