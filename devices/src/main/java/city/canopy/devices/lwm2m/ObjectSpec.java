package city.canopy.devices.lwm2m;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A LwM2M object, as OMA's registry describes it.
 *
 * @param multiple whether it has several instances
 * @param resources by number
 */
public record ObjectSpec(int id, String name, String version, boolean multiple, Map<Integer, ResourceSpec> resources) {
    public ObjectSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        resources = Map.copyOf(resources);
    }

    public Optional<ResourceSpec> find(int resource) {
        return Optional.ofNullable(resources.get(resource));
    }
}
