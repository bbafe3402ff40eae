package city.canopy.geo.layer;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps equal values once while many features are read: species, streets and sizes come again and again. For one thread;
 * to be thrown away afterwards.
 */
public final class ValuePool {
    /** Values after so many different ones stand for themselves. */
    private static final int MAX_VALUES = 200_000;

    private final Map<Object, Object> values = new HashMap<>();

    /** The value, or one equal to it and of its class that came before. */
    public Object share(Object value) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        Object known = values.get(value);
        if (known != null) {
            return known;
        }
        if (values.size() < MAX_VALUES) {
            values.put(value, value);
        }
        return value;
    }
}
