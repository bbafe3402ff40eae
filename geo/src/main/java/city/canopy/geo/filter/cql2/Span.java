package city.canopy.geo.filter.cql2;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A moment, or an interval with both its ends. A date is the moment at which its day begins.
 *
 * @param start {@link Instant#MIN} for an open beginning
 * @param end {@link Instant#MAX} for an open end
 */
record Span(Instant start, Instant end) {
    static Span at(Instant moment) {
        return new Span(moment, moment);
    }

    /** A date or an RFC 3339 moment; empty for any other text. */
    static Optional<Instant> parse(String text, ZoneId zone) {
        try {
            return Optional.of(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The relations of Allen, by their names in CQL2 without {@code t_}, in lower case. */
    enum Relation {
        AFTER,
        BEFORE,
        CONTAINS,
        DISJOINT,
        DURING,
        EQUALS,
        FINISHEDBY,
        FINISHES,
        INTERSECTS,
        MEETS,
        METBY,
        OVERLAPPEDBY,
        OVERLAPS,
        STARTEDBY,
        STARTS;

        boolean holds(Span a, Span b) {
            int starts = a.start.compareTo(b.start);
            int ends = a.end.compareTo(b.end);
            boolean before = a.end.isBefore(b.start);
            boolean after = a.start.isAfter(b.end);
            return switch (this) {
                case AFTER -> after;
                case BEFORE -> before;
                case CONTAINS -> starts < 0 && ends > 0;
                case DISJOINT -> before || after;
                case DURING -> starts > 0 && ends < 0;
                case EQUALS -> starts == 0 && ends == 0;
                case FINISHEDBY -> starts < 0 && ends == 0;
                case FINISHES -> starts > 0 && ends == 0;
                case INTERSECTS -> !before && !after;
                case MEETS -> a.end.equals(b.start);
                case METBY -> a.start.equals(b.end);
                case OVERLAPPEDBY -> starts > 0 && a.start.isBefore(b.end) && ends > 0;
                case OVERLAPS -> starts < 0 && a.end.isAfter(b.start) && ends < 0;
                case STARTEDBY -> starts == 0 && ends > 0;
                case STARTS -> starts == 0 && ends < 0;
            };
        }
    }
}
