package city.canopy.core.packs;

import java.util.Map;
import java.util.Objects;

/**
 * A folder of data that brings a domain in.
 *
 * @param id its name, the same as its folder's
 * @param version its own count of itself
 * @param title its name for people, by language
 */
public record Pack(String id, String version, Map<String, String> title) {
    public Pack {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(version, "version");
        title = Map.copyOf(title);
    }
}
