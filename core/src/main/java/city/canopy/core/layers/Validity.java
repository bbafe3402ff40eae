package city.canopy.core.layers;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;

/**
 * From when to when a feature holds.
 *
 * @param from the first moment, or {@link Instant#MIN} for always
 * @param to the first moment after, or {@link Instant#MAX} for ever
 */
public record Validity(Instant from, Instant to) {
    private static final Validity ALWAYS = new Validity(Instant.MIN, Instant.MAX);

    public Validity {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("valid_from must be before valid_to, not " + from + " and " + to);
        }
    }

    /**
     * As the properties {@code valid_from} and {@code valid_to} say: a date begins (and, for {@code valid_to}, ends
     * before) midnight in the zone; a moment is RFC 3339.
     *
     * @throws IllegalArgumentException when one of them is neither
     */
    public static Validity of(Map<String, Object> properties, ZoneId zone) {
        if (properties.get("valid_from") == null && properties.get("valid_to") == null) {
            return ALWAYS;
        }
        return new Validity(
                moment("valid_from", properties.get("valid_from"), Instant.MIN, zone),
                moment("valid_to", properties.get("valid_to"), Instant.MAX, zone));
    }

    boolean holds(Instant at) {
        return !at.isBefore(from) && at.isBefore(to);
    }

    private static Instant moment(String name, Object value, Instant whenAbsent, ZoneId zone) {
        if (value == null) {
            return whenAbsent;
        }
        String text = value.toString();
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " must be a date such as 2025-07-01 or a moment such as 2025-07-01T00:00:00+07:00, not "
                            + text,
                    e);
        }
    }
}
