package city.canopy.core.series;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

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

    /** Stands where a layer's name would, for what is about a mere place; the id is then {@code lon,lat} in degrees. */
    public static final String PLACE_LAYER = "@place";

    public Subject {
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(id, "id");
    }

    public static Subject of(DeviceId device) {
        return new Subject(DEVICE_LAYER, device.value());
    }

    /** A place, to five decimals of a degree, about a metre: two people who mean the same spot mean one subject. */
    public static Subject of(Position place) {
        return new Subject(PLACE_LAYER, String.format(Locale.ROOT, "%.5f,%.5f", place.lon(), place.lat()));
    }

    /** The place, where it is about a mere place. */
    public Optional<Position> place() {
        if (!PLACE_LAYER.equals(layer)) {
            return Optional.empty();
        }
        String[] parts = id.split(",", 2);
        return Optional.of(new Position(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])));
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
