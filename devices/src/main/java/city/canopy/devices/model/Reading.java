package city.canopy.devices.model;

import java.time.Instant;
import java.util.Objects;

/**
 * One value of one quantity at one moment (SensorThings: <i>Observation</i>), already in the quantity's own unit.
 *
 * @param quantity what was measured
 * @param instance tells apart two probes of the same quantity on one device; 0 where there is only one
 * @param value the number, finite, in the unit that the catalogue gives the quantity
 * @param measuredAt when it was measured, to the microsecond; where the payload carried no time, when the gateway heard it or
 *     else when it was received
 * @param timed whether the payload carried the time, or a gateway stamped the message with it. Only a timed reading can
 *     be recognised when it comes twice
 */
public record Reading(Quantity quantity, int instance, double value, Instant measuredAt, boolean timed) {
    /** The highest instance number. */
    public static final int MAX_INSTANCE = 65_535;

    public Reading {
        Objects.requireNonNull(quantity, "quantity");
        Objects.requireNonNull(measuredAt, "measuredAt");
        if (instance < 0 || instance > MAX_INSTANCE) {
            throw new IllegalArgumentException("instance must be between 0 and 65535, not " + instance);
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a reading is a finite number, not " + value);
        }
    }
}
