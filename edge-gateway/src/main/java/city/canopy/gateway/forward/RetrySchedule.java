package city.canopy.gateway.forward;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long each time, from one second to the longest, less up to a half by chance,
 * so that many gateways do not come back at one moment. Any thread.
 */
public final class RetrySchedule {
    private static final Duration FIRST = Duration.ofSeconds(1);

    private final RandomGenerator random;
    private final Duration longest;
    private Duration next = FIRST;

    /** @param longest a second or more */
    public RetrySchedule(RandomGenerator random, Duration longest) {
        this.random = random;
        this.longest = longest;
    }

    /** How long to wait now. */
    public synchronized Duration next() {
        Duration whole = next;
        next = whole.multipliedBy(2).compareTo(longest) > 0 ? longest : whole.multipliedBy(2);
        return Duration.ofMillis((long) (whole.toMillis() * (1 - random.nextDouble() / 2)));
    }

    /** It worked: the next failure waits a second again. */
    public synchronized void reset() {
        next = FIRST;
    }
}
