package city.canopy.core.rules;

import city.canopy.core.series.Datastream;
import city.canopy.devices.model.DeviceId;
import java.util.Objects;

/**
 * Whose word a finding rests on: one datastream of a device, or the device itself.
 *
 * @param device the device
 * @param datastream the datastream's id, or 0 for the device itself
 */
public record Source(DeviceId device, long datastream) {
    private static final String DEVICE_PREFIX = "@device/";

    public Source {
        Objects.requireNonNull(device, "device");
    }

    public static Source of(Datastream stream) {
        return new Source(stream.device(), stream.id());
    }

    public static Source of(DeviceId device) {
        return new Source(device, 0);
    }

    /** How the state of a rule is filed: the datastream's number, or {@code @device/ID}. */
    public String key() {
        return datastream == 0 ? DEVICE_PREFIX + device.value() : Long.toString(datastream);
    }
}
