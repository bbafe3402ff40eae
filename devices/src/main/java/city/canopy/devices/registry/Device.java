package city.canopy.devices.registry;

import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An enrolled device.
 *
 * @param id its name
 * @param profile the name of its profile
 * @param bindings what it spoke about and from when, the newest first; never empty
 * @param gateway the gateway behind which it lives, or null
 * @param enrolledAt when it was enrolled
 */
public record Device(DeviceId id, String profile, List<Since> bindings, DeviceId gateway, Instant enrolledAt) {
    /**
     * A binding and its first moment.
     *
     * @param from readings measured at or after this moment are about {@code binding}
     */
    public record Since(Instant from, Binding binding) {
        public Since {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(binding, "binding");
        }
    }

    public Device {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(enrolledAt, "enrolledAt");
        bindings = List.copyOf(bindings);
        if (bindings.isEmpty()) {
            throw new IllegalArgumentException("a device has at least one binding, if only Unplaced");
        }
    }

    /** What the device speaks about now. */
    public Binding binding() {
        return bindings.get(0).binding();
    }

    /** What the device spoke about at a moment; before the first binding, the first one. */
    public Binding bindingAt(Instant moment) {
        for (Since since : bindings) {
            if (!moment.isBefore(since.from())) {
                return since.binding();
            }
        }
        return bindings.get(bindings.size() - 1).binding();
    }
}
