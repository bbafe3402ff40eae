package city.canopy.core.series;

import city.canopy.devices.model.DeviceId;
import java.util.Objects;

/**
 * What readings and tickets are about: a feature, else the device itself. The stream is cut by subject, so all
 * witnesses of one feature meet in one partition, in order.
 *
 * @param layer the feature's layer, or {@link #DEVICE_LAYER}
 * @param id the feature's id, or the device's
 */
public record Subject(String layer, String id) implements Comparable<Subject> {
    /** Stands where a layer's name would, for what is about a device itself. No layer may bear this name. */
    public static final String DEVICE_LAYER = "@device";

    public Subject {
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(id, "id");
    }

    public static Subject of(DeviceId device) {
        return new Subject(DEVICE_LAYER, device.value());
    }

    public boolean isDevice() {
        return DEVICE_LAYER.equals(layer);
    }

    @Override
    public int compareTo(Subject other) {
        int byLayer = layer.compareTo(other.layer);
        return byLayer != 0 ? byLayer : id.compareTo(other.id);
    }
}
