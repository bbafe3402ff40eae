package city.canopy.core.series;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.util.Objects;

/**
 * One quantity, of one probe of one device, about one feature (SensorThings: <i>Datastream</i>).
 *
 * @param id its key in the database
 * @param device who measures
 * @param quantity what
 * @param instance which probe
 * @param layer the feature's layer, or null where it is about the device itself
 * @param featureId the feature, or null likewise
 * @param unit the UCUM code of its values
 */
public record Datastream(
        long id, DeviceId device, Quantity quantity, int instance, String layer, String featureId, String unit) {
    public Datastream {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(quantity, "quantity");
        Objects.requireNonNull(unit, "unit");
        if ((layer == null) != (featureId == null)) {
            throw new IllegalArgumentException("a datastream has a layer and a feature, or neither");
        }
    }

    /** What tickets are about: the feature, else the device. */
    public Subject subject() {
        return layer == null ? Subject.of(device) : new Subject(layer, featureId);
    }
}
