package city.canopy.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @Test
    void waitsGrowToTheLongestAndNoFurtherAndBeginAnewAfterSuccess() {
        RetrySchedule schedule = new RetrySchedule(new Random(1), LONGEST);
        assertThat(schedule.next()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(schedule.next()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.next()).isBetween(Duration.ofSeconds(2), LONGEST);
        }
        assertThat(schedule.next()).isBetween(LONGEST.dividedBy(2), LONGEST);
        schedule.reset();
        assertThat(schedule.next()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }
}
