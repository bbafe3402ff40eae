package city.canopy.core.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down guessing: after ten failures of one address, or of one account, within fifteen minutes, it has to wait
 * until the oldest of them is that old. Bounded: of more than 100,000 addresses the one longest unheard is forgotten.
 */
public final class FailedLogins {
    static final int ALLOWED = 10;
    static final Duration WITHIN = Duration.ofMinutes(15);
    private static final int MAX_KEPT = 100_000;

    private final Clock clock;
    private final Map<String, ArrayDeque<Instant>> failures = new LinkedHashMap<>(64, 0.75f, true);

    public FailedLogins(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins an attempt; it counts as failed until it is taken back.
     *
     * @return how long to wait instead; empty when the attempt may be made
     */
    public synchronized Optional<Duration> begin(String address, String account) {
        Optional<Duration> byAddress = waitFor("a:" + address);
        Optional<Duration> wait = byAddress.isPresent() ? byAddress : waitFor("n:" + account);
        if (wait.isEmpty()) {
            failed(address, account);
        }
        return wait;
    }

    private Optional<Duration> waitFor(String key) {
        ArrayDeque<Instant> times = failures.get(key);
        Instant now = clock.instant();
        while (times != null && !times.isEmpty() && now.isAfter(times.peek().plus(WITHIN))) {
            times.poll();
        }
        if (times == null || times.size() < ALLOWED) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, times.peek().plus(WITHIN)));
    }

    private void failed(String address, String account) {
        for (String key : new String[] {"a:" + address, "n:" + account}) {
            ArrayDeque<Instant> times = failures.computeIfAbsent(key, k -> new ArrayDeque<>());
            times.add(clock.instant());
            if (times.size() > ALLOWED) {
                times.poll();
            }
        }
        Iterator<String> oldest = failures.keySet().iterator();
        while (failures.size() > MAX_KEPT) {
            oldest.next();
            oldest.remove();
        }
    }

    /** The attempt that was begun last was no failure. */
    public synchronized void takeBack(String address, String account) {
        for (String key : new String[] {"a:" + address, "n:" + account}) {
            ArrayDeque<Instant> times = failures.get(key);
            if (times != null) {
                times.pollLast();
            }
        }
    }

    /** Whoever owns the account has come in: what failed before is forgotten. */
    synchronized void succeeded(String account) {
        failures.remove("n:" + account);
    }
}
