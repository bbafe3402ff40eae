package city.canopy.core.kpi;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Work that comes again and again for the features of a layer.
 *
 * @param id its name, {@code [a-z0-9][a-z0-9-]{0,63}}
 * @param pack the pack that brings it
 * @param title its name for people, by language ({@code vi}, {@code en})
 * @param layer whose features it is for
 * @param filter which of them, as a condition on their attributes; empty for all
 * @param rhythm when
 */
public record Schedule(
        String id, String pack, Map<String, String> title, String layer, Optional<String> filter, Rhythm rhythm) {
    /** When it comes again. */
    public sealed interface Rhythm {
        /** The first day at or after this one on which it is due. */
        LocalDate next(LocalDate from);

        /** {@code collection} or {@code inspection}. */
        String kind();
    }

    /** On some days of every week. */
    public record Collection(Set<DayOfWeek> weekdays) implements Rhythm {
        public Collection {
            weekdays = Set.copyOf(weekdays);
            if (weekdays.isEmpty()) {
                throw new IllegalArgumentException("a collection has at least one weekday");
            }
        }

        @Override
        public LocalDate next(LocalDate from) {
            LocalDate day = from;
            while (!weekdays.contains(day.getDayOfWeek())) {
                day = day.plusDays(1);
            }
            return day;
        }

        @Override
        public String kind() {
            return "collection";
        }
    }

    /**
     * Every so many months.
     *
     * @param everyMonths 1 to 120
     * @param first the first day; where a month is shorter it is the last of the month
     */
    public record Inspection(int everyMonths, LocalDate first) implements Rhythm {
        public Inspection {
            Objects.requireNonNull(first, "first");
            if (everyMonths < 1 || everyMonths > 120) {
                throw new IllegalArgumentException("an inspection comes every 1 to 120 months, not " + everyMonths);
            }
        }

        @Override
        public LocalDate next(LocalDate from) {
            long months = 0;
            if (from.isAfter(first)) {
                long between = (from.getYear() - first.getYear()) * 12L + from.getMonthValue() - first.getMonthValue();
                months = between / everyMonths * everyMonths;
            }
            LocalDate day = first.plusMonths(months);
            return day.isBefore(from) ? first.plusMonths(months + everyMonths) : day;
        }

        @Override
        public String kind() {
            return "inspection";
        }
    }

    public Schedule {
        if (!id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("a schedule is named by [a-z0-9][a-z0-9-]{0,63}, not " + id);
        }
        Objects.requireNonNull(pack, "pack");
        title = Map.copyOf(title);
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(rhythm, "rhythm");
    }

    /** The days on which it is due from this one on. */
    public List<LocalDate> next(LocalDate from, int n) {
        List<LocalDate> days = new ArrayList<>();
        LocalDate day = from;
        for (int i = 0; i < n; i++) {
            day = rhythm.next(day);
            days.add(day);
            day = day.plusDays(1);
        }
        return days;
    }
}
