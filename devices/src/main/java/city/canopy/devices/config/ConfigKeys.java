package city.canopy.devices.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All keys of a configuration record, for the documentation and for {@link ConfigReader}. */
public final class ConfigKeys {
    private ConfigKeys() {}

    /**
     * One key.
     *
     * @param path such as {@code mqtt.port}; {@code brokers[].url} inside a list
     * @param defaultValue as written in YAML, or empty
     * @param doc what it does
     */
    public record Described(String path, String defaultValue, String doc) {}

    /** The key of a component: its name in snake_case. */
    public static String name(RecordComponent component) {
        return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** Every key below the record, in the order of declaration. */
    public static List<Described> list(Class<? extends Record> type) {
        List<Described> keys = new ArrayList<>();
        collect(type, "", keys);
        return keys;
    }

    private static void collect(Class<?> type, String path, List<Described> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path.isEmpty() ? name(component) : path + "." + name(component);
            Key described = component.getAnnotation(Key.class);
            Class<?> element = component.getType();
            if (element == List.class) {
                element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
                if (element.isRecord()) {
                    key += "[]";
                }
            }
            if (element.isRecord() && element != Secret.class) {
                collect(element, key, keys);
            } else if (described == null) {
                throw new IllegalStateException(type.getName() + "." + component.getName() + " lacks @Key");
            } else {
                keys.add(new Described(key, described.value(), described.doc()));
            }
        }
    }
}
