package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A past that is filled in is rolled up once, in whole days, and nothing of what comes meanwhile is lost. */
class SeriesBackfillTest {
    private static final double HOUR = 3_600;
    private static final double DAY = 24 * HOUR;

    private SeriesFixture series;
    private SeriesMaintenance maintenance;

    @BeforeEach
    void open() throws SQLException {
        series = new SeriesFixture();
        maintenance = new SeriesMaintenance(series.layout);
    }

    @AfterEach
    void close() throws SQLException {
        series.close();
    }

    private static Instant at(double second) {
        return Micros.instant(SeriesFixture.at(second));
    }

    private SeriesMaintenance.Round runAt(double second) throws InterruptedException {
        series.clock.advance(Duration.between(series.clock.instant(), at(second)));
        return maintenance.run(at(second));
    }

    private void fill(Datastream stream, int fromDay, int toDay) throws SQLException {
        List<Sample> samples = new ArrayList<>();
        for (int n = fromDay * 8; n < toDay * 8; n++) {
            samples.add(series.sample(stream, n % 17, n * 3 * HOUR, samples.size()));
        }
        series.append(samples);
    }

    @Test
    void theRollUpsFollowThePastInWholeDaysAndLeaveNoMarks() throws Exception {
        Datastream a = series.stream("a");
        Datastream live = series.stream("live");
        series.append(series.sample(live, 1, 60, 0));
        try (SeriesBackfill backfill = new SeriesBackfill(series.layout, at(-20 * DAY), at(0))) {
            fill(a, -20, -10);
            assertThat(backfill.rollUp(at(-10 * DAY))).isEqualTo(10 * 24 - 12);
            assertThat(runAt(2 * HOUR).hours()).as("held").isZero();
            series.append(series.sample(live, 2, 2 * HOUR, 0));
            fill(a, -10, 0);
            backfill.rollUp(at(0));
            assertThat(series.count("select count(*) from rollup_late")).isZero();
        }
        assertThat(runAt(3 * HOUR).hours()).isEqualTo(12 + 2);
        assertThat(series.count("select sum(n) from rollup_hour h join datastream d on d.id = h.datastream_id"
                        + " where device = 'a'"))
                .isEqualTo(160);
        assertThat(series.count(RollUpsTest.WRONG_HOURS)).isZero();
        assertThat(series.count(RollUpsTest.WRONG_DAYS)).isZero();
    }

    @Test
    void aReadingThatComesLateIntoAPastThatIsRolledUpIsNotLost() throws Exception {
        Datastream a = series.stream("a");
        try (SeriesBackfill backfill = new SeriesBackfill(series.layout, at(-20 * DAY), at(0))) {
            fill(a, -20, -1);
            backfill.rollUp(at(-1 * DAY));
            series.append(series.sample(a, 99, -5 * DAY + 7, 0));
            fill(a, -1, 0);
            backfill.rollUp(at(0));
        }
        assertThat(runAt(HOUR).repaired()).isEqualTo(1);
        assertThat(series.count(RollUpsTest.WRONG_HOURS)).isZero();
        assertThat(series.count(RollUpsTest.WRONG_DAYS)).isZero();
    }

    @Test
    void afterACrashAnotherOneGoesOnOrTheClockDoesAlone() throws Exception {
        Datastream a = series.stream("a");
        SeriesBackfill cutOff = new SeriesBackfill(series.layout, at(-20 * DAY), at(0));
        fill(a, -20, -8);
        cutOff.rollUp(at(-10 * DAY));
        SeriesLayout restarted = SeriesLayout.prepare(series.database, SeriesConfig.defaults(), series.clock);
        series.clock.advance(Duration.ofHours(1));
        while (new SeriesMaintenance(restarted).run(series.clock.instant()).hours() > 0) {
            assertThat(series.count(RollUpsTest.WRONG_HOURS)).isZero();
        }
        try (SeriesBackfill backfill = new SeriesBackfill(series.layout, at(-8 * DAY), at(0))) {
            fill(a, -8, 0);
            backfill.rollUp(at(0));
        }
        runAt(2 * HOUR);
        assertThat(series.count(RollUpsTest.WRONG_HOURS)).isZero();
        assertThat(series.count(RollUpsTest.WRONG_DAYS)).isZero();
        assertThat(series.count("select sum(n) from rollup_hour")).isEqualTo(160);
    }

    @Test
    void aFrameWhoseRetentionIsOverIsNotKeptAndItsReadingIs() throws Exception {
        Datastream a = series.stream("a");
        for (int day : new int[] {-60, -2}) {
            Sample sample = new Sample(a, day, SeriesFixture.at(day * DAY), SeriesFixture.at(day * DAY), true, 0);
            RawFrame frame = new RawFrame("a", "t", null, SeriesFixture.at(day * DAY), new byte[] {1});
            Batch batch = series.store.append(series.connection, List.of(sample), List.of(frame));
            series.connection.commit();
            batch.adopt();
            assertThat(PgFrames.find(
                            series.database, batch.result().fresh().get(0).frame()))
                    .as("of day " + day)
                    .matches(found -> found.isPresent() == (day == -2));
        }
        assertThat(series.count("select count(*) from observation")).isEqualTo(2);
        assertThat(runAt(60).dropped()).isZero();
    }

    @Test
    void aPastThatWouldBeDroppedAtOnceIsRefused() {
        assertThatThrownBy(() -> new SeriesBackfill(series.layout, at(-500 * DAY), at(0)))
                .hasMessageContaining("no longer than readings are kept");
    }
}
