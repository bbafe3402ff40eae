package city.canopy.geo.file;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which objects of OpenStreetMap make a layer. Immutable.
 *
 * @param any an object is taken when it has one of these tags; a value of {@code *} stands for every one
 * @param areas whether closed ways are areas; else they are lines, as roundabouts are
 */
public record OsmTags(Map<String, Set<String>> any, boolean areas) {
    private static final String EVERY = "*";

    public OsmTags {
        Map<String, Set<String>> copy = new LinkedHashMap<>();
        any.forEach((key, values) -> copy.put(key, Set.copyOf(values)));
        any = Map.copyOf(copy);
    }

    /** Whether an object with these tags is taken. */
    public boolean take(Map<String, Object> tags) {
        for (Map.Entry<String, Set<String>> wanted : any.entrySet()) {
            Object value = tags.get(wanted.getKey());
            if (value != null
                    && (wanted.getValue().contains(EVERY) || wanted.getValue().contains(value.toString()))) {
                return true;
            }
        }
        return false;
    }
}
