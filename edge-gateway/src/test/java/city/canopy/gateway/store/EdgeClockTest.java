package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
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

    /** The disk took a message and nothing of the clock's; the power went before anything was sent. */
    @Test
    void anEpochThatTheDiskDidNotTakeIsNotGivenAgain() {
        SegmentLog.Limits limits = new SegmentLog.Limits(64 * 1024, 512 * 1024);
        Path messages = dir.resolve("messages");
        int lost;
        try (FileStateStore state = FileStateStore.open(dir.resolve("a state that is lost"))) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            try (MessageStore store = new MessageStore(messages, limits, false, state, clock)) {
                store.append(new Message(new DeviceId("d"), "/lwm2m", null, new byte[0]))
                        .join();
            }
            lost = clock.stamp().epoch();
        }
        try (FileStateStore state = FileStateStore.open(dir.resolve("the state that is found"))) {
            Board board = new Board(Instant.EPOCH.plusSeconds(7));
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            try (MessageStore store = new MessageStore(messages, limits, false, state, clock);
                    MessageStore.Reading reading = store.reader(1)) {
                assertThat(clock.stamp().epoch()).isGreaterThan(lost);
                clock.told(TRUTH, TOLERANCE);
                assertThat(clock.settle(reading.next())).isEqualTo(Instant.EPOCH);
                board.pass(Duration.ofSeconds(1));
                assertThat(clock.settle(message(clock))).isEqualTo(TRUTH.plusSeconds(1));
            }
        }
    }

    @Test
    void whatIsSettledIsOnDiskBeforeItIsSent() throws Exception {
        StoredMessage sent;
        Instant said;
        Path killed = dir.resolve("as it was at the kill");
        try (FileStateStore state = FileStateStore.open(dir.resolve("state"))) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            sent = message(clock);
            clock.told(TRUTH, TOLERANCE);
            said = clock.settle(sent);
            clock.awaitKept();
            copy(dir.resolve("state"), killed);
        }
        try (FileStateStore state = FileStateStore.open(killed)) {
            Board board = new Board(Instant.EPOCH);
            EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
            clock.told(TRUTH.plus(Duration.ofHours(5)), TOLERANCE);
            assertThat(clock.settle(sent)).isEqualTo(said).isEqualTo(TRUTH);
        }
    }

    @Test
    void aStateThatCannotBeWrittenDoesNotHoldUpWhatIsSent() throws InterruptedException {
        FileStateStore state = FileStateStore.open(dir);
        Board board = new Board(TRUTH);
        EdgeClock clock = new EdgeClock(board, () -> board.nanos, state);
        StoredMessage message = message(clock);
        clock.awaitKept();
        state.close();
        assertThat(clock.settle(message)).isEqualTo(TRUTH);
        clock.awaitKept();
        assertThat(clock.settle(message)).isEqualTo(TRUTH);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
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
