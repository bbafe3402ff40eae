package city.canopy.core.series;

import java.util.Objects;

/**
 * One reading that knows its datastream, on its way into the store. Times are microseconds since 1970-01-01 UTC.
 *
 * @param stream where it belongs
 * @param value in the datastream's unit
 * @param measuredAt event time
 * @param receivedAt receipt time
 * @param timed whether the payload carried the event time
 * @param message the index, within the batch, of the message that it came in
 */
public record Sample(Datastream stream, double value, long measuredAt, long receivedAt, boolean timed, int message) {
    public Sample {
        Objects.requireNonNull(stream, "stream");
    }
}
