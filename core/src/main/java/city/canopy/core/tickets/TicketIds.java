package city.canopy.core.tickets;

import java.time.Instant;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Makes names for tickets: 48 bits of milliseconds, then 80 random ones, in Crockford's base 32. Any thread. */
public final class TicketIds {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 26;
    private static final int TIME_DIGITS = 10;

    private final RandomGenerator random;

    /** @param random must be safe to use from several threads, such as {@link java.security.SecureRandom} */
    public TicketIds(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
    }

    /** A new name for a ticket opened at this moment. */
    public TicketId next(Instant now) {
        char[] name = new char[LENGTH];
        long time = now.toEpochMilli();
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            name[i] = DIGITS[(int) (time & 31)];
            time >>>= 5;
        }
        for (int i = TIME_DIGITS; i < LENGTH; i++) {
            name[i] = DIGITS[random.nextInt(32)];
        }
        return new TicketId(new String(name));
    }
}
