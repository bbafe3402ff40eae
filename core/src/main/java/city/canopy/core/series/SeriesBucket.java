package city.canopy.core.series;

import java.time.Instant;

/**
 * Some time of one datastream, summed up.
 *
 * @param start its first moment
 * @param n how many readings
 * @param min the lowest value
 * @param max the highest
 * @param mean the arithmetic mean
 * @param first the value of the earliest reading
 * @param last the value of the latest
 */
public record SeriesBucket(Instant start, long n, double min, double max, double mean, double first, double last) {}
