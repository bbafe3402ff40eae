package city.canopy.core.demo.past;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The hours in which crews work that need not go out at night.
 *
 * @param start the scenario's start, from which moments are counted in milliseconds
 */
record WorkingDay(Instant start, ZoneId zone) {
    private static final int DAWN = 6;
    private static final int DUSK = 18;

    /**
     * The same moment by day, some time in the next morning by night.
     *
     * @param chance how late in the morning, 0 to 1
     */
    long byDay(long millis, double chance) {
        ZonedDateTime local = local(millis);
        if (local.getHour() >= DAWN && local.getHour() < DUSK) {
            return millis;
        }
        ZonedDateTime morning = local.toLocalDate().atTime(DAWN, 0).atZone(zone);
        if (local.getHour() >= DUSK) {
            morning = morning.plusDays(1);
        }
        return millis(morning.toInstant()) + (long) (chance * 3 * Incident.HOUR);
    }

    /** This hour of the local day of a moment. */
    long atHour(long millis, double hour) {
        Instant midnight = local(millis).toLocalDate().atStartOfDay(zone).toInstant();
        return millis(midnight) + (long) (hour * Incident.HOUR);
    }

    Instant instant(long millis) {
        return start.plusMillis(millis);
    }

    long millis(Instant moment) {
        return Duration.between(start, moment).toMillis();
    }

    private ZonedDateTime local(long millis) {
        return start.plusMillis(millis).atZone(zone);
    }
}
