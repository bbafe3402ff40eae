package city.canopy.core.series;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since 1970-01-01 UTC, the resolution that PostgreSQL keeps. */
public final class Micros {
    static final long SECOND = 1_000_000L;
    static final long HOUR = 3_600 * SECOND;
    static final long DAY = 24 * HOUR;
    /** Turns a {@code ?::bigint} of microseconds into a timestamptz, exactly. */
    static final String TO_TIME = "(timestamptz 'epoch' + %s * interval '1 microsecond')";
    /** Turns a timestamptz into microseconds, exactly. */
    static final String FROM_TIME = "(extract(epoch from %s) * 1000000)::bigint";

    private Micros() {}

    /** Cuts what is finer than a microsecond. */
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano() / 1_000);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long floor(long micros, long unit) {
        return Math.floorDiv(micros, unit) * unit;
    }

    static String toTime(String expression) {
        return String.format(TO_TIME, expression);
    }

    static String fromTime(String expression) {
        return String.format(FROM_TIME, expression);
    }
}
