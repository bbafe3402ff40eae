package city.canopy.devices.lwm2m;

/**
 * A place in a LwM2M device: {@code /OBJECT[/INSTANCE[/RESOURCE[/RESOURCE INSTANCE]]]}. What is not named is
 * {@value #NONE}.
 */
public record ResourcePath(int object, int instance, int resource, int resourceInstance) {
    /** Stands for a level that the path does not have. */
    public static final int NONE = -1;

    private static final int MAX_ID = 65_535;
    private static final int MAX_LEVELS = 4;

    /** @throws IllegalArgumentException when a number is out of range or a level is missing in between */
    public ResourcePath {
        boolean gap = instance == NONE && resource != NONE || resource == NONE && resourceInstance != NONE;
        if (gap || object < 0 || !isId(object) || !isId(instance) || !isId(resource) || !isId(resourceInstance)) {
            throw new IllegalArgumentException(
                    "a LwM2M path is /OBJECT/INSTANCE/RESOURCE/RESOURCE INSTANCE, each from 0" + " to 65535, not /"
                            + object + "/" + instance + "/" + resource + "/" + resourceInstance);
        }
    }

    private static boolean isId(int number) {
        return number >= NONE && number <= MAX_ID;
    }

    /** The path that a text is, with or without a slash at its beginning or end; null where it is none. */
    public static ResourcePath find(String text) {
        int[] ids = {NONE, NONE, NONE, NONE};
        int level = 0;
        int at = text.startsWith("/") ? 1 : 0;
        int end = text.length() > 1 && text.endsWith("/") ? text.length() - 1 : text.length();
        while (at < end) {
            int slash = text.indexOf('/', at);
            int to = slash < 0 || slash > end ? end : slash;
            if (level == MAX_LEVELS || to == at || to - at > 5) {
                return null;
            }
            int id = 0;
            for (int i = at; i < to; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return null;
                }
                id = id * 10 + digit;
            }
            if (id > MAX_ID) {
                return null;
            }
            ids[level++] = id;
            at = to + 1;
        }
        return level == 0 ? null : new ResourcePath(ids[0], ids[1], ids[2], ids[3]);
    }

    /** Whether it leads to one value, or to a resource with several. */
    public boolean isResource() {
        return resource != NONE;
    }

    @Override
    public String toString() {
        return "/" + object
                + (instance == NONE ? "" : "/" + instance)
                + (resource == NONE ? "" : "/" + resource)
                + (resourceInstance == NONE ? "" : "/" + resourceInstance);
    }
}
