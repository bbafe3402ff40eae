package city.canopy.devices.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a configuration record from YAML, the environment and its defaults, in this order of weight: environment, file,
 * default. {@code database.url} is overridden by {@code CANOPY_DATABASE_URL}. A key that no record has stops the
 * reading: a misspelt key must not silently mean its default.
 */
public final class ConfigReader {
    private final String prefix;
    private final Map<String, String> environment;

    /**
     * @param prefix of the environment's names, such as {@code CANOPY}
     * @param environment usually {@link System#getenv()}
     */
    public ConfigReader(String prefix, Map<String, String> environment) {
        this.prefix = prefix;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads the record.
     *
     * @param file the YAML file, or null for none
     * @throws ConfigException when the file cannot be read, has an unknown key, or a value does not fit
     */
    public <T extends Record> T read(Class<T> type, Path file) {
        return record(type, "", file == null ? MissingNode.getInstance() : parse(file));
    }

    private static JsonNode parse(Path file) {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return MissingNode.getInstance();
            }
            if (!root.isObject()) {
                throw new ConfigException(file + ": a configuration is a mapping of keys to values");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + ": not readable as YAML: " + e.getOriginalMessage() + " at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private <T extends Record> T record(Class<T> type, String path, JsonNode node) {
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            throw new ConfigException(path + ": has keys of its own, so a value cannot stand here");
        }
        RecordComponent[] components = type.getRecordComponents();
        refuseUnknown(components, path, node);
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = ConfigKeys.name(components[i]);
            types[i] = components[i].getType();
            values[i] = component(components[i], path.isEmpty() ? key : path + "." + key, node.path(key));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new ConfigException(
                    (path.isEmpty() ? "" : path + ": ") + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static void refuseUnknown(RecordComponent[] components, String path, JsonNode node) {
        List<String> known = new ArrayList<>();
        for (RecordComponent component : components) {
            known.add(ConfigKeys.name(component));
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String where = path.isEmpty() ? name : path + "." + name;
                throw new ConfigException("unknown key " + where + "; here may stand: " + String.join(", ", known));
            }
        }
    }

    private Object component(RecordComponent component, String path, JsonNode node) {
        if (component.getType().isRecord() && component.getType() != Secret.class) {
            return record(component.getType().asSubclass(Record.class), path, node);
        }
        String variable = prefix + "_" + path.toUpperCase(Locale.ROOT).replace('.', '_');
        String override = environment.get(variable);
        if (component.getType() == List.class) {
            return list(component, path, override == null ? node : yaml(variable, override));
        }
        Key key = component.getAnnotation(Key.class);
        String text;
        String where;
        if (override != null) {
            text = override;
            where = variable;
        } else if (node.isMissingNode() || node.isNull()) {
            text = key == null ? "" : key.value();
            where = path;
        } else if (node.isValueNode()) {
            text = node.asText();
            where = path;
        } else {
            throw new ConfigException(path + ": one value is meant here, not a list or a mapping");
        }
        return ConfigValues.parse(component.getType(), where, text.strip());
    }

    private static JsonNode yaml(String variable, String text) {
        try {
            JsonNode node = new YAMLMapper().readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw new ConfigException(variable + ": not readable as YAML: " + e.getOriginalMessage());
        }
    }

    private List<Object> list(RecordComponent component, String path, JsonNode node) {
        List<Object> items = new ArrayList<>();
        Class<?> type = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        if (node.isValueNode() && !node.isNull()) {
            for (String part : node.asText().split(",")) {
                if (!part.isBlank()) {
                    items.add(ConfigValues.parse(type, path, part.strip()));
                }
            }
            return List.copyOf(items);
        }
        for (int i = 0; i < node.size(); i++) {
            String where = path + "[" + i + "]";
            items.add(
                    type.isRecord() && type != Secret.class
                            ? record(type.asSubclass(Record.class), where, node.get(i))
                            : ConfigValues.parse(type, where, node.get(i).asText()));
        }
        return List.copyOf(items);
    }
}
