package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollUpsTest {
    private static final double HOUR = 3_600;
    /** What the roll-ups would be if they were made from all readings at once. */
    static final String WRONG_HOURS = "with t as (select datastream_id, date_trunc('hour', measured_at, 'UTC') b,"
            + " count(*) n, min(value) lo, max(value) hi, sum(value) s,"
            + " (array_agg(value order by measured_at))[1] f, (array_agg(value order by measured_at desc))[1] l"
            + " from observation where measured_at < (select until from rollup_mark) group by 1, 2)"
            + " select count(*) from t full join rollup_hour h on h.datastream_id = t.datastream_id and h.bucket = t.b"
            + " where (t.n, t.lo, t.hi, t.f, t.l) is distinct from (h.n, h.min_value, h.max_value, h.first_value,"
            + " h.last_value) or abs(t.s - h.sum_value) > 1e-9";

    static final String WRONG_DAYS = "with t as (select datastream_id, date_trunc('day', bucket, 'UTC') b,"
            + " sum(n) n, min(min_value) lo, max(max_value) hi,"
            + " (array_agg(first_value order by bucket))[1] f, (array_agg(last_value order by bucket desc))[1] l"
            + " from rollup_hour where bucket < (select date_trunc('day', until, 'UTC') from rollup_mark) group by 1, 2)"
            + " select count(*) from t full join rollup_day h on h.datastream_id = t.datastream_id and h.bucket = t.b"
            + " where (t.n, t.lo, t.hi, t.f, t.l) is distinct from (h.n, h.min_value, h.max_value, h.first_value,"
            + " h.last_value)";

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

    private SeriesMaintenance.Round runAt(double second) throws InterruptedException {
        Instant now = Micros.instant(SeriesFixture.at(second));
        series.clock.advance(Duration.between(series.clock.instant(), now));
        return maintenance.run(now);
    }

    @Test
    void anHourIsRolledUpOnceItHasEndedAndTheGraceIsOver() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 60, 0), series.sample(a, 5, 120, 1), series.sample(a, 3, HOUR + 1, 2));
        assertThat(runAt(HOUR + 60).hours()).isZero();
        assertThat(runAt(HOUR + 601).hours()).isEqualTo(1);
        assertThat(series.count("select n * 1000 + max_value * 100 + first_value * 10 + last_value from rollup_hour"))
                .isEqualTo(2515);
        assertThat(series.count(WRONG_HOURS)).isZero();
    }

    @Test
    void aLateReadingBringsItsHourAndItsDayUpToDate() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 60, 0));
        runAt(36 * HOUR);
        assertThat(series.count("select count(*) from rollup_day")).isEqualTo(1);
        series.append(series.sample(a, 9, 100, 0), series.sample(a, 2, 5 * HOUR, 1), series.sample(a, 4, 36 * HOUR, 2));
        assertThat(series.count("select count(*) from rollup_late")).isEqualTo(2);
        SeriesMaintenance.Round round = runAt(36 * HOUR + 60);
        assertThat(round.repaired()).isEqualTo(2);
        assertThat(series.count("select n * 100 + max_value * 10 + last_value from rollup_day"))
                .isEqualTo(392);
        assertThat(series.count(WRONG_HOURS)).isZero();
        assertThat(series.count(WRONG_DAYS)).isZero();
        assertThat(series.count("select count(*) from rollup_late")).isZero();
    }

    @Test
    void whatWasStoredBeforeTheFirstRoundCountsToo() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, -100 * HOUR, 0), series.sample(a, 2, -99 * HOUR, 1));
        runAt(60);
        assertThat(series.count("select sum(n) from rollup_hour")).isEqualTo(2);
        assertThat(series.count("select count(*) from rollup_day")).isEqualTo(1);
        assertThat(series.count(WRONG_HOURS)).isZero();
    }

    @Test
    void aReadingWhoseWriterIsStillAtWorkWhenItsHourIsClosedIsNotLost() throws Exception {
        Datastream a = series.stream("a");
        Sample sample = series.sample(a, 1, 60, 0);
        Batch open = series.store.append(series.connection, List.of(sample), SeriesFixture.frames(List.of(sample)));
        CompletableFuture<SeriesMaintenance.Round> round = CompletableFuture.supplyAsync(() -> {
            try {
                return runAt(2 * HOUR);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        // The round waits for the writer: it has announced the hour, but not closed it.
        while (series.layout.rollUps().marksBefore() == series.layout.rollUps().rolledUntil()) {
            Thread.onSpinWait();
        }
        assertThat(round).isNotDone();
        series.connection.commit();
        open.adopt();
        assertThat(round.get(30, TimeUnit.SECONDS).hours()).isEqualTo(1);
        assertThat(series.count(WRONG_HOURS)).isZero();
    }

    @Test
    void noHourIsClosedWhileAWriterThatDidNotSeeItAnnouncedIsAtWork() throws Exception {
        PgRollUps impatient = new PgRollUps(series.database, Duration.ofMillis(100));
        impatient.prepare(SeriesFixture.at(0));
        Sample sample = series.sample(series.stream("a"), 1, 60, 0);
        series.store.append(series.connection, List.of(sample), SeriesFixture.frames(List.of(sample)));
        assertThat(impatient.closeHours(SeriesFixture.at(2 * HOUR))).isZero();
        series.connection.rollback();
        assertThat(impatient.closeHours(SeriesFixture.at(2 * HOUR))).isEqualTo(1);
    }

    @Test
    void aMarkThatAWriterHoldsIsLeftForTheNextRound() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 60, 0));
        runAt(2 * HOUR);
        series.append(series.sample(a, 2, 70, 0));
        Sample late = series.sample(a, 3, 80, 0);
        Batch open = series.store.append(series.connection, List.of(late), SeriesFixture.frames(List.of(late)));
        assertThat(runAt(2 * HOUR + 1).repaired()).isZero();
        series.connection.commit();
        open.adopt();
        assertThat(runAt(2 * HOUR + 2).repaired()).isEqualTo(1);
        assertThat(series.count(WRONG_HOURS)).isZero();
    }

    @Test
    void afterALongPauseTheRoundsCatchUp() throws Exception {
        Datastream a = series.stream("a");
        for (int i = 0; i < 60; i++) {
            series.append(series.sample(a, i, i * HOUR / 2 - 10, 0));
        }
        assertThat(runAt(100 * HOUR).hours()).isEqualTo(PgRollUps.HOURS_PER_ROUND);
        assertThat(runAt(100 * HOUR).hours()).isEqualTo(PgRollUps.HOURS_PER_ROUND);
        assertThat(runAt(100 * HOUR).hours()).isEqualTo(99 - 2 * PgRollUps.HOURS_PER_ROUND);
        assertThat(runAt(100 * HOUR).hours()).isZero();
        assertThat(series.count(WRONG_HOURS)).isZero();
        assertThat(series.count(WRONG_DAYS)).isZero();
    }

    @Test
    void withReadingsOfAnyAgeComingWhileRoundsRunTheRollUpsEndRight() throws Exception {
        Random random = new Random(5);
        Datastream[] streams = {series.stream("a"), series.stream("b"), series.stream("c")};
        double now = 0;
        CompletableFuture<Void> rounds = null;
        try (Connection spare = series.database.open()) {
            assertThat(spare.isValid(1)).isTrue();
            for (int i = 0; i < 120; i++) {
                // Two days at most: further ahead of the clock only the rounds make room, and they may be late.
                now += random.nextInt(2_500);
                series.append(
                        series.sample(streams[random.nextInt(3)], i, now - random.nextInt(100_000), 0),
                        series.sample(streams[random.nextInt(3)], i, now, 1));
                if (rounds == null || rounds.isDone()) {
                    double at = now;
                    rounds = CompletableFuture.runAsync(() -> {
                        try {
                            maintenance.run(Micros.instant(SeriesFixture.at(at)));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                }
            }
        }
        rounds.get(60, TimeUnit.SECONDS);
        for (int i = 0; i < 4; i++) {
            runAt(now);
        }
        assertThat(series.count("select count(*) from rollup_hour")).isPositive();
        assertThat(series.count(WRONG_HOURS)).isZero();
        assertThat(series.count(WRONG_DAYS)).isZero();
    }

    @Test
    void aRestartGoesOnWhereTheRollUpsEnded() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 60, 0));
        runAt(2 * HOUR);
        SeriesLayout again = SeriesLayout.prepare(series.database, SeriesConfig.defaults(), series.clock);
        assertThat(again.rollUps().rolledUntil())
                .isEqualTo(series.layout.rollUps().rolledUntil());
        assertThat(new SeriesMaintenance(again).run(series.clock.instant()).hours())
                .isZero();
    }
}
