package city.canopy.core.announce.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time and as much more as a test says. */
public final class ShiftingClock extends Clock {
    private volatile Duration shift = Duration.ZERO;

    public synchronized void forward(Duration more) {
        shift = shift.plus(more);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(shift);
    }
}
