package city.canopy.core.kpi;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The time that a figure is about.
 *
 * @param from the first moment
 * @param to the end, not included; 1 hour to 1,096 days later
 */
public record Period(Instant from, Instant to) {
    /** What is taken when nobody says. */
    public static final Duration DEFAULT = Duration.ofDays(30);

    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1_096);

    public Period {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Duration length = Duration.between(from, to);
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"from\" is an hour to 1096 days before \"to\"");
        }
    }

    /** As long, and right before it. */
    public Period previous() {
        return new Period(from.minus(Duration.between(from, to)), from);
    }
}
