package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeClockTest {
    private static final Instant TRUTH = Instant.parse("2026-11-03T04:00:00Z");
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    /** A clock that can be wrong, beside one that only counts. */
    private static final class Board extends Clock {
        private Instant shown;
        private long nanos;

        Board(Instant shown) {
            this.shown = shown;
        }

        void pass(Duration time) {
            shown = shown.plus(time);
            nanos += time.toNanos();
        }

        void set(Instant to) {
            shown = to;
        }

        @Override
        public Instant instant() {
            return shown;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static StoredMessage message(EdgeClock clock) {
        EdgeClock.Stamp stamp = clock.stamp();
        return new StoredMessage(
                1, stamp.micros(), stamp.epoch(), new Message(new DeviceId("d"), "/lwm2m", null, new byte[0]));
    }

    @Test
    void whatCameBeforeTheClockWasPutRightGetsTheRightTime() {
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            StoredMessage early = message(clock);
            board.pass(Duration.ofMinutes(10));
            board.set(TRUTH.plus(Duration.ofMinutes(10)));
            StoredMessage late = message(clock);
            assertThat(clock.settle(early)).isEqualTo(TRUTH);
            assertThat(clock.settle(late)).isEqualTo(TRUTH.plus(Duration.ofMinutes(10)));
        }
    }

    @Test
    void theServiceKnowsTheTimeWhereNobodyElseDoes() {
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            StoredMessage early = message(clock);
            board.pass(Duration.ofMinutes(10));
            clock.told(TRUTH.plus(Duration.ofMinutes(10)), TOLERANCE);
            StoredMessage late = message(clock);
            assertThat(clock.settle(early)).isEqualTo(TRUTH);
            assertThat(clock.settle(late)).isEqualTo(TRUTH.plus(Duration.ofMinutes(10)));
            assertThat(clock.now()).isEqualTo(TRUTH.plus(Duration.ofMinutes(10)));
        }
    }

    @Test
    void aClockThatIsPutRightAfterTheServiceHasToldIsNotCorrectedTwice() {
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            StoredMessage early = message(clock);
            clock.told(TRUTH, TOLERANCE);
            board.set(TRUTH);
            StoredMessage late = message(clock);
            assertThat(clock.settle(early)).isEqualTo(TRUTH);
            assertThat(clock.settle(late)).isEqualTo(TRUTH);
        }
    }

    @Test
    void whatWasSentBearsTheSameTimeForEver() {
        StoredMessage sent;
        Instant said;
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(TRUTH.minus(Duration.ofHours(1)));
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            sent = message(clock);
            said = clock.settle(sent);
            clock.told(TRUTH, TOLERANCE);
            board.pass(Duration.ofSeconds(1));
            assertThat(clock.settle(sent)).isEqualTo(said);
            assertThat(clock.settle(message(clock))).isEqualTo(TRUTH.plusSeconds(1));
        }
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(TRUTH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            clock.told(TRUTH.plus(Duration.ofHours(5)), TOLERANCE);
            assertThat(clock.settle(sent)).isEqualTo(said);
        }
    }

    @Test
    void anEarlierRunIsNotCorrectedByWhatThisOneLearns() {
        StoredMessage earlier;
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(TRUTH);
            earlier = message(new EdgeClock(board, () -> board.nanos, state));
        }
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            clock.told(TRUTH.plus(Duration.ofHours(1)), TOLERANCE);
            assertThat(clock.settle(earlier)).isEqualTo(TRUTH);
            assertThat(clock.settle(message(clock))).isEqualTo(TRUTH.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void noTwoMessagesBearTheSameMicrosecond() {
        try (FileStateStore state = FileStateStore.open(dir)) {
            Board board = new Board(TRUTH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            assertThat(message(clock).clockMicros()).isLessThan(message(clock).clockMicros());
        }
    }
}
