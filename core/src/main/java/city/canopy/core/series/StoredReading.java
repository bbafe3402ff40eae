package city.canopy.core.series;

import java.time.Instant;

/**
 * A reading as it is kept.
 *
 * @param stream whose it is
 * @param value in the datastream's unit
 * @param measuredAt event time, to the microsecond
 * @param receivedAt receipt time
 * @param quality bits of {@link Quality}
 * @param frame the id of its raw frame
 */
public record StoredReading(
        Datastream stream, double value, Instant measuredAt, Instant receivedAt, int quality, long frame) {}
