package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ChartTest {
    private static final int QUARTER = 900;

    private SeriesFixture series;
    private PgCharts charts;

    @BeforeEach
    void open() throws Exception {
        series = new SeriesFixture();
        charts = new PgCharts(new SeriesQuery(series.layout, series.datastreams, series.latest), series.database);
    }

    @AfterEach
    void close() throws Exception {
        series.close();
    }

    /** One reading each quarter of an hour, over so many days before noon; the value is its number, from 0. */
    private Datastream quarters(String device, int days) throws Exception {
        Datastream stream = series.stream(device);
        int n = days * 96;
        List<Sample> batch = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            batch.add(series.sample(stream, i, (i - n) * (double) QUARTER, batch.size()));
            if (batch.size() == 4_000 || i == n - 1) {
                series.append(batch);
                batch.clear();
            }
        }
        new SeriesMaintenance(series.layout).run(series.clock.instant());
        return stream;
    }

    private Chart chart(Datastream stream, Duration back, int points) {
        return charts.chart(List.of(stream), SeriesFixture.NOON.minus(back), SeriesFixture.NOON, points);
    }

    @Test
    void aYearOfQuarterHoursComesFromTheRollUpsWithinAThirdOfASecond() throws Exception {
        Datastream a = quarters("a", 365);
        List<Long> millis = new ArrayList<>();
        Chart chart = null;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            chart = chart(a, Duration.ofDays(365), PgCharts.DEFAULT_POINTS);
            millis.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
        }
        System.out.println("a year of quarter hours took " + millis + " ms");
        // Measured: some 20 ms; the bound leaves room for a busy machine, and still tells the roll-ups from the
        // readings.
        assertThat(Collections.min(millis)).isLessThan(300);
        assertThat(chart.stepSeconds()).isEqualTo(86_400);
        Chart.Line line = chart.lines().get(0);
        assertThat(line.raw()).isFalse();
        assertThat(line.points()).hasSize(366);
        assertThat(line.points().stream().mapToLong(SeriesBucket::n).sum()).isEqualTo(365 * 96);
        SeriesBucket second = line.points().get(1);
        assertThat(second.n()).isEqualTo(96);
        assertThat(second.max() - second.min()).isEqualTo(95);
        assertThat(second.mean()).isEqualTo((second.min() + second.max()) / 2);
    }

    @Test
    void fewReadingsAreShownAsTheyAre() throws Exception {
        Datastream a = quarters("a", 2);
        Chart.Line line = chart(a, Duration.ofDays(2), 600).lines().get(0);
        assertThat(line.raw()).isTrue();
        assertThat(line.points()).hasSize(192);
        assertThat(line.points().get(0).start()).isEqualTo(SeriesFixture.NOON.minus(Duration.ofDays(2)));
        Chart.Line year = chart(a, Duration.ofDays(365), 600).lines().get(0);
        assertThat(year.points()).isEqualTo(line.points());
        assertThat(chart(a, Duration.ofDays(2), 100).lines().get(0).raw()).isFalse();
    }

    @Test
    void aLineNeverHasMorePointsThanWereAskedFor() throws Exception {
        Datastream a = quarters("a", 40);
        for (int points : new int[] {2, 3, 10, 97, 600, 2_000}) {
            for (Duration back : List.of(Duration.ofMinutes(61), Duration.ofHours(7), Duration.ofDays(40))) {
                chart(a, back, points)
                        .lines()
                        .forEach(line -> assertThat(line.points()).hasSizeLessThanOrEqualTo(points));
            }
        }
        assertThat(chart(a, Duration.ofDays(40), 600).lines().get(0).points().stream()
                        .mapToLong(SeriesBucket::n)
                        .sum())
                .isEqualTo(40 * 96);
    }

    @Test
    void aDatastreamWithoutReadingsHasNoLineAndTheLimitsAreKept() {
        Datastream a = series.stream("a");
        assertThat(chart(a, Duration.ofDays(1), 600).lines()).isEmpty();
        Instant now = SeriesFixture.NOON;
        assertThatThrownBy(() -> charts.chart(List.of(a), now, now, 600)).hasMessageContaining("before");
        assertThatThrownBy(() -> charts.chart(List.of(a), now.minus(Duration.ofDays(3_661)), now, 600))
                .hasMessageContaining("3660 days");
        assertThatThrownBy(() -> charts.chart(List.of(a), now.minusSeconds(9), now, 2_001))
                .hasMessageContaining("2000");
        assertThatThrownBy(() -> charts.chart(Collections.nCopies(51, a), now.minusSeconds(9), now, 9))
                .hasMessageContaining("50");
    }
}
