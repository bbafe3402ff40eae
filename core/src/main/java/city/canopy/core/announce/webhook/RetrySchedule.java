package city.canopy.core.announce.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again: after 5 s, then twice as long each time up to an hour, each give or take a
 * fifth, so that many do not come back at once.
 */
final class RetrySchedule {
    /** A delivery whose event is older than this is given up at its next failure. */
    static final Duration GIVE_UP_AFTER = Duration.ofHours(24);

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final RandomGenerator random;

    RetrySchedule(RandomGenerator random) {
        this.random = random;
    }

    /** @param attempts how often it was tried, from 1 */
    Duration pause(int attempts) {
        int doublings = Math.min(Math.max(attempts - 1, 0), 20);
        long millis = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
        return Duration.ofMillis(Math.round(millis * (0.8 + 0.4 * random.nextDouble())));
    }
}
