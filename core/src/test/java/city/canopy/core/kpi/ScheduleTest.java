package city.canopy.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static String next(Schedule.Rhythm rhythm, String from) {
        Schedule schedule = new Schedule("s", "p", Map.of("vi", "a", "en", "a"), "trees", Optional.empty(), rhythm);
        return String.join(
                " ",
                schedule.next(LocalDate.parse(from), 3).stream()
                        .map(LocalDate::toString)
                        .toList());
    }

    @Test
    void aCollectionComesOnItsWeekdaysTodayIncluded() {
        Schedule.Rhythm monAndThu = new Schedule.Collection(Set.of(DayOfWeek.MONDAY, DayOfWeek.THURSDAY));
        assertThat(next(monAndThu, "2026-11-26")).isEqualTo("2026-11-26 2026-11-30 2026-12-03");
        assertThat(next(monAndThu, "2026-11-27")).isEqualTo("2026-11-30 2026-12-03 2026-12-07");
        assertThatThrownBy(() -> new Schedule.Collection(Set.of())).hasMessageContaining("weekday");
    }

    @Test
    void anInspectionComesEverySoManyMonthsFromItsFirstDayOn() {
        Schedule.Rhythm halfYearly = new Schedule.Inspection(6, LocalDate.parse("2025-08-31"));
        assertThat(next(halfYearly, "2024-01-01")).isEqualTo("2025-08-31 2026-02-28 2026-08-31");
        assertThat(next(halfYearly, "2026-02-28")).isEqualTo("2026-02-28 2026-08-31 2027-02-28");
        assertThat(next(halfYearly, "2026-03-01")).isEqualTo("2026-08-31 2027-02-28 2027-08-31");
        assertThatThrownBy(() -> new Schedule.Inspection(0, LocalDate.MIN)).hasMessageContaining("1 to 120");
    }
}
