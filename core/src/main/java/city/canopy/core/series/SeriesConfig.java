package city.canopy.core.series;

import java.time.Duration;

/**
 * How long the series are kept. Whole days are dropped at once, so a reading may live up to two days longer.
 *
 * @param raw readings, by event time; 2 days to 10 years
 * @param frames raw frames, by receipt time; 1 day to 10 years
 * @param hourly hourly roll-ups; 2 days to 100 years. Daily roll-ups are kept for ever
 * @param latestEvery how often a partition writes its latest values; 100 ms to 1 minute
 */
public record SeriesConfig(Duration raw, Duration frames, Duration hourly, Duration latestEvery) {
    public SeriesConfig {
        check("the readings' retention", raw, Duration.ofDays(2), Duration.ofDays(3_653));
        check("the raw frames' retention", frames, Duration.ofDays(1), Duration.ofDays(3_653));
        check("the hourly roll-ups' retention", hourly, Duration.ofDays(2), Duration.ofDays(36_525));
        check("the latest values' rhythm", latestEvery, Duration.ofMillis(100), Duration.ofMinutes(1));
        if (hourly.compareTo(raw) < 0) {
            throw new IllegalArgumentException("hourly roll-ups must be kept at least as long as readings, " + raw);
        }
    }

    /** Readings 400 days, frames 30 days, hourly roll-ups five years, latest values every 2 s. */
    public static SeriesConfig defaults() {
        return new SeriesConfig(
                Duration.ofDays(400), Duration.ofDays(30), Duration.ofDays(1_827), Duration.ofSeconds(2));
    }

    private static void check(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
