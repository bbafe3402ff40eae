package city.canopy.core.series;

/**
 * The newest reading of a datastream by event time. Times are microseconds since 1970-01-01 UTC.
 *
 * @param measuredAt event time
 * @param value in the datastream's unit
 * @param receivedAt receipt time
 * @param frame the id of its raw frame
 */
public record LatestReading(long measuredAt, double value, long receivedAt, long frame) {}
