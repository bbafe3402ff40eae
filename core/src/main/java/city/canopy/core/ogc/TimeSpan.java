package city.canopy.core.ogc;

import city.canopy.core.http.ProblemException;
import city.canopy.core.layers.Validity;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The parameter {@code datetime}: a date, a moment, or an interval of them whose ends may be open or, for the second one, a
 * duration. Both ends are part of it; a date is the whole day.
 */
record TimeSpan(Instant first, Instant last) {
    static TimeSpan parse(String text, ZoneId zone) {
        try {
            int slash = text.indexOf('/');
            if (slash < 0) {
                return new TimeSpan(begin(text, zone).toInstant(), end(text, zone));
            }
            String from = text.substring(0, slash);
            String to = text.substring(slash + 1);
            if (to.startsWith("P")) {
                ZonedDateTime start = begin(from, zone);
                return checked(new TimeSpan(start.toInstant(), after(start, to)), text);
            }
            Instant first = isOpen(from) ? Instant.MIN : begin(from, zone).toInstant();
            return checked(new TimeSpan(first, isOpen(to) ? Instant.MAX : end(to, zone)), text);
        } catch (DateTimeException | ArithmeticException e) {
            throw bad(text);
        }
    }

    private static TimeSpan checked(TimeSpan span, String text) {
        if (span.first().isAfter(span.last())) {
            throw bad(text);
        }
        return span;
    }

    private static boolean isOpen(String text) {
        return text.isEmpty() || text.equals("..");
    }

    private static ZonedDateTime begin(String text, ZoneId zone) {
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(zone)
                : OffsetDateTime.parse(text).toZonedDateTime();
    }

    private static Instant end(String text, ZoneId zone) {
        return text.length() == 10
                ? LocalDate.parse(text)
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toInstant()
                        .minusNanos(1)
                : OffsetDateTime.parse(text).toInstant();
    }

    private static Instant after(ZonedDateTime start, String duration) {
        int time = duration.indexOf('T');
        String days = time < 0 ? duration : duration.substring(0, time);
        ZonedDateTime end = days.length() > 1 ? start.plus(Period.parse(days)) : start;
        return (time < 0 ? end : end.plus(Duration.parse("P" + duration.substring(time)))).toInstant();
    }

    boolean meets(Validity validity) {
        return !validity.from().isAfter(last) && validity.to().isAfter(first);
    }

    private static ProblemException bad(String text) {
        return ProblemException.badRequest(
                "bad_parameter",
                "The parameter \"datetime\" is a moment such as 2025-07-01T00:00:00Z, a date, or an interval such as"
                        + " 2025-07-01/.. whose beginning is not after its end; not \"" + text + "\".");
    }
}
