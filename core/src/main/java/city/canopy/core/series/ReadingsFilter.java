package city.canopy.core.series;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.time.Instant;
import java.util.Objects;

/**
 * Which readings of a device are wanted.
 *
 * @param device whose
 * @param quantity only this one, or null for all
 * @param from measured at or after this moment, or null
 * @param to measured before this moment, or null
 * @param newestFirst the order, by event time
 * @param limit 1 to {@link #MAX_LIMIT}
 * @param cursor where the page before ended, or null for the first page
 */
public record ReadingsFilter(
        DeviceId device, Quantity quantity, Instant from, Instant to, boolean newestFirst, int limit, String cursor) {
    /** The longest page. */
    public static final int MAX_LIMIT = 1_000;
    /** The page that one gets without asking. */
    public static final int DEFAULT_LIMIT = 100;

    /** @throws IllegalArgumentException when the limit is out of range */
    public ReadingsFilter {
        Objects.requireNonNull(device, "device");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** The newest readings of a device. */
    public static ReadingsFilter of(DeviceId device) {
        return new ReadingsFilter(device, null, null, null, true, DEFAULT_LIMIT, null);
    }
}
