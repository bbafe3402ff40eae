package city.canopy.devices.lwm2m;

import city.canopy.devices.lwm2m.ResourceSpec.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The LwM2M objects that Canopy knows: OMA's 0 to 7 and IPSO's 3300 to 3349. Facts in {@code lwm2m/objects.txt}, whose
 * first lines say how it is written. Immutable.
 */
public final class LwM2mObjects {
    private static final LwM2mObjects STANDARD = read("/lwm2m/objects.txt");

    private final Map<Integer, ObjectSpec> byId;

    private LwM2mObjects(Map<Integer, ObjectSpec> byId) {
        this.byId = byId;
    }

    /** What the program brings. */
    public static LwM2mObjects standard() {
        return STANDARD;
    }

    public Optional<ObjectSpec> find(int object) {
        return Optional.ofNullable(byId.get(object));
    }

    /** A resource of an object; empty where either is not known. */
    public Optional<ResourceSpec> find(int object, int resource) {
        return find(object).flatMap(spec -> spec.find(resource));
    }

    public Collection<ObjectSpec> list() {
        return Collections.unmodifiableCollection(byId.values());
    }

    private static LwM2mObjects read(String resource) {
        Map<Integer, ObjectSpec> objects = new LinkedHashMap<>();
        try (InputStream in = LwM2mObjects.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + resource + "; build it again");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            String[] head = null;
            Map<Integer, ResourceSpec> resources = new LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("object ")) {
                    add(objects, head, resources);
                    head = line.split(" ", 5);
                    resources = new LinkedHashMap<>();
                } else if (!line.startsWith("#")) {
                    ResourceSpec spec = resource(line.split(" ", 6));
                    resources.put(spec.id(), spec);
                }
            }
            add(objects, head, resources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LwM2mObjects(objects);
    }

    private static void add(Map<Integer, ObjectSpec> to, String[] head, Map<Integer, ResourceSpec> resources) {
        if (head != null) {
            int id = Integer.parseInt(head[1]);
            to.put(id, new ObjectSpec(id, head[4], head[2], head[3].equals("multiple"), resources));
        }
    }

    private static ResourceSpec resource(String[] columns) {
        boolean multiple = columns[2].endsWith("[]");
        String type = multiple ? columns[2].substring(0, columns[2].length() - 2) : columns[2];
        return new ResourceSpec(
                Integer.parseInt(columns[0]),
                columns[5],
                columns[1].equals("-") ? "" : columns[1],
                type.equals("-") ? Type.NONE : Type.valueOf(type.toUpperCase(Locale.ROOT)),
                multiple,
                given(columns[3]),
                given(columns[4]));
    }

    private static Optional<String> given(String column) {
        return column.equals("-") ? Optional.empty() : Optional.of(column);
    }
}
