package city.canopy.devices.profile;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All device profiles that the loaded packs bring. Immutable. */
public final class Profiles {
    private final Map<String, DeviceProfile> byId = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when two packs bring a profile of the same name */
    public Profiles(Collection<DeviceProfile> profiles) {
        for (DeviceProfile profile : profiles) {
            if (byId.put(profile.id(), profile) != null) {
                throw new IllegalArgumentException("two packs bring a profile named " + profile.id());
            }
        }
    }

    public Optional<DeviceProfile> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<DeviceProfile> list() {
        return java.util.Collections.unmodifiableCollection(byId.values());
    }
}
