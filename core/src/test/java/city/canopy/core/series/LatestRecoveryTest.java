package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory of latest values after a kill between any two of: append, commit, adopt, write of the table. */
class LatestRecoveryTest {
    private SeriesFixture series;

    @BeforeEach
    void open() throws SQLException {
        series = new SeriesFixture();
    }

    @AfterEach
    void close() throws SQLException {
        series.close();
    }

    @Test
    void killedBeforeTheTableIsWrittenTheTailTellsTheRest() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        assertThat(series.count("select count(*) from latest")).isZero();
        assertThat(series.count("select count(*) from checkpoint")).isEqualTo(1);
        series.restart();
        series.assertLatestIsTrue();
        assertThat(series.count("select count(*) from latest")).isEqualTo(1);
        assertThat(series.count("select count(*) from checkpoint")).isZero();
    }

    @Test
    void theTableIsWrittenWithABatchWhenItIsDue() throws SQLException {
        Datastream a = series.stream("a");
        Datastream b = series.stream("b");
        series.append(series.sample(a, 1, 10, 0));
        series.clock.advance(Duration.ofSeconds(3));
        series.append(series.sample(b, 2, 10, 0), series.sample(a, 3, 11, 1));
        assertThat(series.count("select count(*) from latest l join observation o using (datastream_id, measured_at)"))
                .isEqualTo(2);
        assertThat(series.count("select count(*) from checkpoint")).isZero();
        series.restart();
        series.assertLatestIsTrue();
    }

    @Test
    void aWriteThatIsRolledBackIsDoneAgain() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        series.clock.advance(Duration.ofSeconds(3));
        List<Sample> batch = List.of(series.sample(a, 2, 20, 0));
        series.store.append(series.connection, batch, SeriesFixture.frames(batch));
        series.connection.rollback();
        series.assertLatestIsTrue();
        series.append(batch);
        assertThat(series.count("select value from latest")).isEqualTo(2);
        series.restart();
        series.assertLatestIsTrue();
    }

    @Test
    void anIdlePartitionWritesWhenItIsTold() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        assertThat(series.store.checkpointDue()).isFalse();
        series.clock.advance(Duration.ofSeconds(3));
        assertThat(series.store.checkpointDue()).isTrue();
        Batch checkpoint = series.store.checkpoint(series.connection, false);
        series.connection.commit();
        checkpoint.adopt();
        assertThat(series.store.checkpointDue()).isFalse();
        assertThat(series.count("select count(*) from latest")).isEqualTo(1);
        assertThat(series.count("select count(*) from checkpoint")).isZero();
    }

    @Test
    void aMessageThatWaitedLongInAQueueIsNotForgotten() throws SQLException {
        Datastream a = series.stream("a");
        Datastream b = series.stream("b");
        series.append(series.sample(a, 1, 10, 0));
        Sample waited = new Sample(b, 2, SeriesFixture.at(-7_000), SeriesFixture.at(-7_000), true, 0);
        series.append(waited);
        series.restart();
        series.assertLatestIsTrue();
    }

    @Test
    void killedAtRandomMomentsMemoryAlwaysComesBackAsTheReadingsSay() throws SQLException {
        for (long seed = 1; seed <= 40; seed++) {
            runKilledAtRandom(new Random(seed));
        }
    }

    private void runKilledAtRandom(Random random) throws SQLException {
        List<Datastream> streams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            streams.add(series.stream("d" + i));
        }
        int steps = 1 + random.nextInt(8);
        for (int step = 0; step < steps; step++) {
            List<Sample> batch = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                long received = SeriesFixture.at(random.nextInt(100_000) - 90_000);
                batch.add(new Sample(
                        streams.get(random.nextInt(6)),
                        random.nextInt(3),
                        SeriesFixture.at(random.nextInt(2_000_000) - 1_900_000),
                        received,
                        random.nextBoolean(),
                        i));
            }
            Batch appended = series.store.append(series.connection, batch, SeriesFixture.frames(batch));
            switch (random.nextInt(6)) {
                case 0 -> series.connection.rollback();
                case 1 -> {
                    series.connection.commit();
                    series.restart();
                }
                case 2 -> series.restart();
                default -> {
                    series.connection.commit();
                    appended.adopt();
                }
            }
            series.clock.advance(Duration.ofMillis(random.nextInt(2_000)));
        }
        series.restart();
        series.assertLatestIsTrue();
        assertThat(series.count("select count(*) from checkpoint")).isZero();
    }
}
