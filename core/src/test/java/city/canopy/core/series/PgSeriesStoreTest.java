package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.db.DatabaseException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgSeriesStoreTest {
    private static final long NOON = Micros.of(SeriesFixture.NOON);

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
    void whatIsNewIsStoredInTheOrderItCame() throws SQLException {
        Datastream a = series.stream("a");
        Datastream b = series.stream("b");
        Appended appended =
                series.append(series.sample(a, 1, 10, 0), series.sample(b, 2, 10, 1), series.sample(a, 3, 11, 2));
        assertThat(appended.fresh()).extracting(f -> f.sample().value()).containsExactly(1.0, 2.0, 3.0);
        assertThat(appended.fresh()).noneMatch(Appended.Fresh::late);
        assertThat(series.stored(a)).isEqualTo("10=1.0, 11=3.0");
        series.assertLatestIsTrue();
    }

    @Test
    void theSameBatchTwiceIsStoredOnce() throws SQLException {
        Datastream a = series.stream("a");
        List<Sample> batch = List.of(series.sample(a, 1, 10, 0), series.sample(a, 2, 11, 1));
        series.append(batch);
        Appended again = series.append(batch);
        assertThat(again.fresh()).isEmpty();
        assertThat(again.duplicates()).isEqualTo(batch);
        assertThat(again.conflicts()).isEmpty();
        assertThat(series.stored(a)).isEqualTo("10=1.0, 11=2.0");
    }

    @Test
    void theSameMomentWithAnotherValueIsAConflictAndTheFirstStays() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        Appended second = series.append(series.sample(a, 1.5, 10, 0));
        assertThat(second.conflicts()).extracting(Sample::value).containsExactly(1.5);
        assertThat(series.stored(a)).isEqualTo("10=1.0");
        series.assertLatestIsTrue();
    }

    @Test
    void valuesAreTheSameOnlyWhenEveryBitIs() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 0.0, 10, 0));
        Appended second = series.append(series.sample(a, -0.0, 10, 0), series.sample(a, 0.0, 10, 1));
        assertThat(second.conflicts()).hasSize(1);
        assertThat(second.duplicates()).hasSize(1);
    }

    @Test
    void withinOneBatchTheFirstWins() throws SQLException {
        Datastream a = series.stream("a");
        Appended appended = series.append(
                series.sample(a, 1, 10, 0),
                series.sample(a, 1, 10, 1),
                series.sample(a, 2, 10, 2),
                series.sample(a, 9, 5, 3),
                series.sample(a, 9, 5, 4),
                series.sample(a, 8, 5, 5));
        assertThat(appended.fresh())
                .extracting(f -> f.sample().message() + (f.late() ? " late" : ""))
                .containsExactly("0", "3 late");
        assertThat(appended.duplicates()).extracting(Sample::message).containsExactly(1, 4);
        assertThat(appended.conflicts()).extracting(Sample::message).containsExactly(2, 5);
        assertThat(series.stored(a)).isEqualTo("5=9.0 late, 10=1.0");
    }

    @Test
    void lateReadingsAreStoredAndMarked() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        Appended late =
                series.append(series.sample(a, 2, 5, 0), series.sample(a, 3, 20, 1), series.sample(a, 4, 15, 2));
        assertThat(late.fresh())
                .extracting(f -> f.sample().value() + (f.late() ? " late" : ""))
                .containsExactly("2.0 late", "3.0", "4.0 late");
        assertThat(series.stored(a)).isEqualTo("5=2.0 late, 10=1.0, 15=4.0 late, 20=3.0");
        series.assertLatestIsTrue();
    }

    @Test
    void untimedReadingsMoveOnToTheNextFreeMicrosecond() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0), series.sample(a, 1, 10.000002, 1));
        Appended untimed = series.append(
                series.untimed(a, 2, 10, 0), series.untimed(a, 2, 10, 1), series.untimed(a, 2, 10.000002, 2));
        assertThat(untimed.duplicates()).isEmpty();
        assertThat(untimed.conflicts()).isEmpty();
        assertThat(untimed.fresh())
                .extracting(f -> f.sample().measuredAt() - SeriesFixture.at(10))
                .containsExactlyInAnyOrder(1L, 3L, 4L);
        assertThat(series.count("select count(*) from observation")).isEqualTo(5);
        series.assertLatestIsTrue();
    }

    @Test
    void untimedReadingsAreAtLeastOnce() throws SQLException {
        Datastream a = series.stream("a");
        List<Sample> batch = List.of(series.untimed(a, 1, 10, 0), series.untimed(a, 1, 10, 1));
        series.append(batch);
        series.append(batch);
        series.restart();
        series.append(batch);
        assertThat(series.count("select count(*) from observation")).isEqualTo(6);
        assertThat(series.count("select count(distinct measured_at) from observation where quality & 2 = 2"))
                .isEqualTo(6);
    }

    @Test
    void aRollbackLeavesNoTrace() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        List<Sample> batch = List.of(series.sample(a, 2, 20, 0), series.sample(a, 3, 5, 1));
        series.store.append(series.connection, batch, SeriesFixture.frames(batch));
        series.connection.rollback();
        assertThat(series.stored(a)).isEqualTo("10=1.0");
        series.assertLatestIsTrue();
        assertThat(series.append(batch).fresh()).hasSize(2);
        assertThat(series.stored(a)).isEqualTo("5=3.0 late, 10=1.0, 20=2.0");
    }

    @Test
    void aMemoryThatIsBehindIsPutRightAndTheBatchIsStoredOnce() throws SQLException {
        Datastream a = series.stream("a");
        Datastream b = series.stream("b");
        List<Sample> batch =
                List.of(series.sample(a, 1, 10, 0), series.sample(b, 2, 10, 1), series.sample(a, 3, 30, 2));
        // Committed, but the word of it was lost on the way: memory never learned.
        series.store.append(series.connection, batch, SeriesFixture.frames(batch));
        series.connection.commit();
        List<Sample> more = new ArrayList<>(batch);
        more.add(series.sample(b, 4, 20, 3));
        more.add(series.sample(a, 5, 20, 4));
        Appended again = series.append(more);
        assertThat(again.duplicates()).isEqualTo(batch);
        assertThat(again.fresh())
                .extracting(f -> f.sample().value() + (f.late() ? " late" : ""))
                .containsExactly("4.0", "5.0 late");
        series.assertLatestIsTrue();
        assertThat(series.append(series.sample(a, 6, 40, 0)).fresh()).hasSize(1);
        series.restart();
        series.assertLatestIsTrue();
    }

    @Test
    void shuffledAndRepeatedStreamsEndAsOneCopyOfEach() throws SQLException {
        long seed = 20261124;
        Random random = new Random(seed);
        List<Datastream> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            streams.add(series.stream("d" + i));
        }
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            all.add(series.sample(streams.get(i % 5), i, i / 5, 0));
        }
        List<Sample> sent = new ArrayList<>(all);
        sent.addAll(all);
        Collections.shuffle(sent, random);
        int stored = 0;
        int duplicates = 0;
        for (int from = 0; from < sent.size(); ) {
            int to = Math.min(sent.size(), from + 1 + random.nextInt(100));
            Appended appended = series.append(sent.subList(from, to));
            stored += appended.fresh().size();
            duplicates += appended.duplicates().size();
            assertThat(appended.conflicts()).isEmpty();
            series.clock.advance(Duration.ofMillis(500));
            if (random.nextInt(10) == 0) {
                series.restart();
            }
            series.assertLatestIsTrue();
            from = to;
        }
        assertThat(stored).as("seed %d", seed).isEqualTo(600);
        assertThat(duplicates).isEqualTo(600);
        assertThat(series.count("select count(*) from observation")).isEqualTo(600);
    }

    @Test
    void aPoisonedRowSurfacesAsTheMessagesFaultAndMemoryIsUntouched() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        series.execute("alter table observation add constraint poison check (value <> 666)");
        List<Sample> batch = List.of(series.sample(a, 2, 20, 0), series.sample(a, 666, 21, 1));
        assertThatThrownBy(() -> series.store.append(series.connection, batch, SeriesFixture.frames(batch)))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(new DatabaseException(e).isMessageAtFault())
                                .isTrue());
        series.connection.rollback();
        series.assertLatestIsTrue();
        assertThat(series.append(batch.subList(0, 1)).fresh()).hasSize(1);
        Sample late = series.sample(a, 666, 5, 0);
        assertThatThrownBy(() ->
                        series.store.append(series.connection, List.of(late), SeriesFixture.frames(List.of(late))))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
        series.connection.rollback();
        assertThat(series.stored(a)).isEqualTo("10=1.0, 20=2.0");
    }

    @Test
    void aReadingOfAnyKeptDayFindsItsPartitionAndOneOutsideIsTheMessagesFault() throws SQLException {
        Datastream a = series.stream("a");
        double day = 86_400;
        Appended appended = series.append(
                series.sample(a, 1, -400 * day, 0),
                series.sample(a, 2, -123 * day, 1),
                series.sample(a, 3, 0, 2),
                series.sample(a, 4, day, 3));
        assertThat(appended.fresh()).hasSize(4);
        List<Sample> tooOld = List.of(series.sample(a, 5, -410 * day, 0));
        assertThatThrownBy(() -> series.store.append(series.connection, tooOld, SeriesFixture.frames(tooOld)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
        series.connection.rollback();
        series.assertLatestIsTrue();
    }

    @Test
    void framesAreKeptOnlyWhereTheyBroughtSomethingNewAndReadBackByte() throws SQLException {
        Datastream a = series.stream("a");
        series.append(series.sample(a, 1, 10, 0));
        byte[] payload = new byte[70_000];
        new Random(7).nextBytes(payload);
        List<RawFrame> frames = List.of(
                new RawFrame("a", "t/0", "application/json", NOON + 111, "old".getBytes(StandardCharsets.UTF_8)),
                new RawFrame("Cây", "t/1", null, NOON + 222, payload),
                new RawFrame("a", "t/2", "application/senml+cbor", NOON + 333, new byte[0]));
        List<Sample> samples =
                List.of(series.sample(a, 1, 10, 0), series.sample(a, 2, 20, 1), series.sample(a, 3, 30, 2));
        Batch batch = series.store.append(series.connection, samples, frames);
        series.connection.commit();
        batch.adopt();
        long second = batch.result().fresh().get(0).frame();
        long third = batch.result().fresh().get(1).frame();
        assertThat(PgSeriesStore.frame(series.database, second)).get().satisfies(f -> {
            assertThat(f.device()).isEqualTo("Cây");
            assertThat(f.topic()).isEqualTo("t/1");
            assertThat(f.contentType()).isNull();
            assertThat(f.receivedAtMicros()).isEqualTo(NOON + 222);
            assertThat(f.payload()).isEqualTo(payload);
        });
        assertThat(PgSeriesStore.frame(series.database, third)).get().satisfies(f -> {
            assertThat(f.contentType()).isEqualTo("application/senml+cbor");
            assertThat(f.payload()).isEmpty();
        });
        assertThat(PgSeriesStore.frame(series.database, second - 1))
                .as("the duplicate's frame")
                .isEmpty();
        assertThat(PgSeriesStore.frame(series.database, third + 1)).isEmpty();
        assertThat(PgSeriesStore.frame(series.database, Long.MAX_VALUE)).isEmpty();
        assertThat(series.count("select sum(n) from frame_block")).isEqualTo(3);
    }

    @Test
    void aFrameWhoseRetentionIsOverIsNotKeptAndItsReadingIs() throws SQLException {
        Datastream a = series.stream("a");
        long old = NOON - SeriesConfig.defaults().frames().toSeconds() * 1_000_000;
        List<Sample> samples = List.of(series.sample(a, 1, 10, 0));
        Batch batch = series.store.append(
                series.connection, samples, List.of(new RawFrame("a", "t", null, old, new byte[] {1})));
        series.connection.commit();
        batch.adopt();
        assertThat(batch.result().fresh()).hasSize(1);
        assertThat(series.count("select count(*) from frame_block")).isZero();
    }

    @Test
    void aBatchOfLargeMessagesIsCutIntoBlocks() throws SQLException {
        Datastream a = series.stream("a");
        List<Sample> samples = new ArrayList<>();
        List<RawFrame> frames = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            samples.add(series.sample(a, i, i, i));
            frames.add(new RawFrame("a", "t", null, NOON + i, new byte[256 * 1024]));
        }
        Batch batch = series.store.append(series.connection, samples, frames);
        series.connection.commit();
        batch.adopt();
        assertThat(series.count("select count(*) from frame_block")).isEqualTo(3);
        for (Appended.Fresh fresh : batch.result().fresh()) {
            assertThat(PgSeriesStore.frame(series.database, fresh.frame()))
                    .get()
                    .extracting(RawFrame::receivedAtMicros)
                    .isEqualTo(NOON + fresh.sample().message());
        }
    }

    @Test
    void aBatchOfMoreMessagesThanTheLimitIsRefused() {
        Datastream a = series.stream("a");
        List<Sample> most = new ArrayList<>();
        for (int i = 0; i < PgSeriesStore.MAX_MESSAGES; i++) {
            most.add(series.sample(a, i, i, i));
        }
        assertThat(assertDoesNotThrowAppend(most).fresh()).hasSize(PgSeriesStore.MAX_MESSAGES);
        List<Sample> tooMany = List.of(series.sample(a, 1, 9_999, PgSeriesStore.MAX_MESSAGES));
        assertThatThrownBy(() -> series.append(tooMany))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4,096");
    }

    private Appended assertDoesNotThrowAppend(List<Sample> samples) {
        try {
            return series.append(samples);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
