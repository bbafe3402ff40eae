package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeriesLayoutTest {
    private static final double DAY = 86_400;
    private static final String PARTITIONS = "select count(*) from pg_inherits where inhparent = '%s'::regclass";

    private SeriesFixture series;

    @BeforeEach
    void open() throws SQLException {
        series = new SeriesFixture(
                new SeriesConfig(Duration.ofDays(10), Duration.ofDays(3), Duration.ofDays(100), Duration.ofSeconds(2)));
    }

    @AfterEach
    void close() throws SQLException {
        series.close();
    }

    private long partitions(String table) {
        return series.count(String.format(PARTITIONS, table));
    }

    @Test
    void saysWhatIsUsedAndWhy() {
        assertThat(series.layout.describe())
                .contains("native daily partitions")
                .contains("this server has no TimescaleDB");
    }

    @Test
    void roomForTheComingDaysIsThereBeforeTheyCome() {
        assertThat(series.layout.coversReading(SeriesFixture.at(DAY))).isTrue();
        assertThat(series.layout.coversFrame(SeriesFixture.at(DAY))).isTrue();
        assertThat(series.layout.coversReading(SeriesFixture.at(5 * DAY))).isFalse();
    }

    @Test
    void preparingAgainFindsWhatIsThere() throws SQLException {
        series.append(series.sample(series.stream("a"), 1, -5 * DAY, 0));
        SeriesLayout again = SeriesLayout.prepare(series.database, SeriesConfig.defaults(), series.clock);
        assertThat(again.coversReading(SeriesFixture.at(-5 * DAY))).isTrue();
        assertThat(again.coversReading(SeriesFixture.at(-6 * DAY))).isFalse();
    }

    @Test
    void whatIsOlderThanItsRetentionIsDroppedByWholeDaysAndTheRestStays() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, -9 * DAY, 0), series.sample(a, 2, -1 * DAY, 1), series.sample(a, 3, 0, 2));
        long before = partitions("observation");
        series.clock.advance(Duration.ofDays(4));
        SeriesMaintenance.Round round = new SeriesMaintenance(series.layout).run(series.clock.instant());
        assertThat(series.stored(a)).isEqualTo("-86400=2.0, 0=3.0");
        assertThat(round.dropped()).isPositive();
        assertThat(series.count("select count(*) from frame_block")).isZero();
        assertThat(partitions("observation")).isEqualTo(before - 1 + 4);
        assertThat(series.layout.coversReading(SeriesFixture.at(-9 * DAY))).isFalse();
        assertThat(series.count("select count(*) from rollup_hour"))
                .as("the roll-up of a dropped day")
                .isEqualTo(3);
    }

    @Test
    void droppingWaitsForNobodyWhoWritesAnotherDay() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, -9 * DAY, 0));
        series.clock.advance(Duration.ofDays(4));
        series.layout.ensureAhead(Micros.of(series.clock.instant()));
        Sample sample = series.sample(a, 2, 4 * DAY, 0);
        CompletableFuture<Integer> drop =
                CompletableFuture.supplyAsync(() -> series.layout.dropOld(Micros.of(series.clock.instant())));
        assertThat(series.append(sample).fresh()).hasSize(1);
        assertThat(drop.get(30, TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void aDropThatWasCutOffIsFinishedByTheNext() throws Exception {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, -9 * DAY, 0));
        series.execute("alter table observation detach partition observation_20261115");
        series.clock.advance(Duration.ofDays(4));
        SeriesLayout.prepare(series.database, series.layout.config(), series.clock)
                .dropOld(Micros.of(series.clock.instant()));
        assertThat(series.count("select count(*) from pg_class where relname = 'observation_20261115'"))
                .isZero();
    }

    @Test
    void makingADaysRoomDoesNotWaitForAnOpenBatchNorTheBatchForIt() throws Exception {
        Datastream a = series.stream("a");
        Sample open = series.sample(a, 1, 0, 0);
        Batch batch = series.store.append(series.connection, List.of(open), SeriesFixture.frames(List.of(open)));
        assertThat(series.layout.ensureReadings(List.of(SeriesFixture.at(-7 * DAY))))
                .isPositive();
        series.connection.commit();
        batch.adopt();
        assertThat(series.append(series.sample(a, 2, -7 * DAY, 0)).fresh()).hasSize(1);
    }

    @Test
    void retentionsOutOfRangeAreRefused() {
        Duration two = Duration.ofSeconds(2);
        assertThatThrownBy(() -> new SeriesConfig(Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(99), two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readings' retention");
        assertThatThrownBy(() -> new SeriesConfig(Duration.ofDays(99), Duration.ofDays(3), Duration.ofDays(9), two))
                .hasMessageContaining("at least as long");
    }

    @Test
    void timescaleStatementsNameTheSameTablesAndColumns() {
        SeriesConfig config = SeriesConfig.defaults();
        assertThat(TimescaleTables.hypertables())
                .contains("select create_hypertable('observation', by_range('measured_at', interval '1 day'),"
                        + " create_default_indexes => false)");
        assertThat(TimescaleTables.statements(TimescaleTables.Feature.CONTINUOUS_AGGREGATES, config))
                .anySatisfy(sql -> assertThat(sql)
                        .startsWith("create materialized view if not exists rollup_hour with (timescaledb.continuous")
                        .contains("time_bucket(interval '1 hour', measured_at) as bucket")
                        .endsWith("with no data"))
                .anySatisfy(
                        sql -> assertThat(sql)
                                .contains(
                                        "add_continuous_aggregate_policy('rollup_hour', start_offset => interval '9576 hours'"));
        assertThat(TimescaleTables.statements(TimescaleTables.Feature.RETENTION_POLICY, config))
                .contains("select add_retention_policy('observation', drop_after => interval '9600 hours',"
                        + " if_not_exists => true)");
        assertThat(TimescaleTables.dropChunks("frame_block", config.frames()))
                .isEqualTo("select count(*) from drop_chunks('frame_block', older_than => interval '720 hours')");
    }
}
