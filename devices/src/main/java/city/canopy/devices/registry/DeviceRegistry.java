package city.canopy.devices.registry;

import city.canopy.devices.model.DeviceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who is enrolled: an immutable snapshot. A change makes a new one; readers keep the one that they hold. */
public final class DeviceRegistry {
    private final Map<DeviceId, Device> byId;

    public DeviceRegistry(Collection<Device> devices) {
        byId = new HashMap<>(devices.size() * 2);
        for (Device device : devices) {
            byId.put(device.id(), device);
        }
    }

    public Optional<Device> find(DeviceId id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<Device> list() {
        return java.util.Collections.unmodifiableCollection(byId.values());
    }

    public int size() {
        return byId.size();
    }
}
