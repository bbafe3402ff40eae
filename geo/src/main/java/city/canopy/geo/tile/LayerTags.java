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

    private final List<Object> values = new ArrayList<>();
    private final int[][] pairs;
    private final String[] ids;

    LayerTags(List<GeoFeature> features) {
        Map<String, Integer> nameAt = new LinkedHashMap<>();
        Map<Object, Integer> valueAt = new HashMap<>();
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
                        values.add(value);
                        return values.size() - 1;
                    });
                }
            }
            pairs[i] = java.util.Arrays.copyOf(own, n);
        }
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

    Object value(int at) {
        return values.get(at);
    }

    /** Name and value of each property of a feature, in turn. */
    int[] of(int feature) {
        return pairs[feature];
    }

    String id(int feature) {
        return ids[feature];
    }
}
