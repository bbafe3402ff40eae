package city.canopy.gateway.forward;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long each time, from one second to a minute, less up to a half by chance,
 * so that many gateways do not come back at one moment. Any thread.
 */
public final class RetrySchedule {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final RandomGenerator random;
    private Duration next = FIRST;

    public RetrySchedule(RandomGenerator random) {
        this.random = random;
    }

    /** How long to wait now. */
    public synchronized Duration next() {
        Duration whole = next;
        next = whole.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : whole.multipliedBy(2);
        return Duration.ofMillis((long) (whole.toMillis() * (1 - random.nextDouble() / 2)));
    }

    /** It worked: the next failure waits a second again. */
    public synchronized void reset() {
        next = FIRST;
    }
}
