package city.canopy.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The line's bound, and who gets the room that comes. */
class LineTest {
    private static final int BOUND = 1 << 20;

    private final Semaphore mayCommit = new Semaphore(0);
    private final Line line = new Line(
            new LineConfig(1, 1, Duration.ZERO, BOUND, 10),
            message -> 0,
            index -> new HeldPipeline(mayCommit),
            Clock.systemUTC());

    @Test
    void onceItWasFullItTakesNobodyUntilAQuarterIsFree() throws Exception {
        CountDownLatch room = new CountDownLatch(1);
        try (line) {
            line.start();
            for (int i = 0; i < 8; i++) {
                assertThat(line.offer(message(BOUND / 8 - 256))).isTrue();
            }
            assertThat(line.offer(message(10))).isFalse();
            line.whenRoom(room::countDown);
            commitUntil(BOUND / 8 * 7);
            assertThat(line.offer(message(10)))
                    .as("who has not waited does not get what others wait for")
                    .isFalse();
            assertThat(room.getCount()).isEqualTo(1);
            commitUntil(BOUND / 8 * 5);
            assertThat(room.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(line.offer(message(10))).isTrue();
        }
    }

    @Test
    void anEmptyLineTakesAMessageOfAnySize() {
        try (line) {
            assertThat(line.offer(message(2 * BOUND))).isTrue();
            assertThat(line.offer(message(1))).isFalse();
        }
    }

    private void commitUntil(long pending) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (line.pending() > pending) {
            long before = line.pending();
            mayCommit.release();
            while (line.pending() == before) {
                assertThat(System.nanoTime()).isLessThan(until);
                Thread.onSpinWait();
            }
        }
    }

    private static Inbound message(int bytes) {
        return new Inbound(
                new NoDoor(), "sender", "topic", new Uplink(new DeviceId("d"), null, new byte[bytes], Instant.EPOCH));
    }

    /** Nobody waits for an answer. */
    private static final class NoDoor implements Door {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public void committed(List<Inbound> messages) {}
    }

    /** A pipeline that commits one batch for each permit. */
    private record HeldPipeline(Semaphore mayCommit) implements Pipeline {
        @Override
        public void accept(List<Inbound> messages) {
            mayCommit.acquireUninterruptibly();
        }

        @Override
        public void refuse(Inbound message, String why) {}

        @Override
        public void tick(Instant now) {}

        @Override
        public void discard() {}

        @Override
        public void close() {}
    }
}
