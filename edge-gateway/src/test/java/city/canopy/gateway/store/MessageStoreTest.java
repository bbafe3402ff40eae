package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageStoreTest {
    private static final SegmentLog.Limits SMALL = new SegmentLog.Limits(64 * 1024, 512 * 1024);
    private static final DeviceId BIN = new DeviceId("bin-1");

    @TempDir
    Path dir;

    private FileStateStore state;
    private MessageStore store;

    private void open(boolean thins) {
        state = FileStateStore.open(dir.resolve("state"));
        store = new MessageStore(
                dir.resolve("messages"),
                SMALL,
                thins,
                state,
                new EdgeClock(Clock.systemUTC(), System::nanoTime, state));
    }

    @AfterEach
    void close() {
        store.close();
        state.close();
    }

    private static Message message(String topic, String type, int bytes) {
        return new Message(BIN, topic, type, "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
    }

    private List<Long> waiting() {
        List<Long> numbers = new ArrayList<>();
        try (MessageStore.Reading reading = store.reader(store.firstUnconfirmed(1))) {
            for (StoredMessage next = reading.next(); next != null; next = reading.next()) {
                numbers.add(next.number());
            }
        }
        return numbers;
    }

    @Test
    void everyFormOfMessageComesBackAsItWas() {
        open(false);
        List<Message> all = List.of(
                message(Topics.telemetry(BIN), null, 10),
                message(Topics.status(BIN), "application/json", 0),
                message("/lwm2m", "application/senml+cbor", 3),
                message("/lwm2m", "application/vnd.oma.lwm2m+tlv;path=\"/3303/0\"", 3),
                message(Topics.commandReply(BIN, "c-1"), null, 5),
                message("v1/devices/me/telemetry", "text/plain", 5));
        all.forEach(message -> store.append(message).join());
        try (MessageStore.Reading reading = store.reader(1)) {
            for (Message message : all) {
                Message found = reading.next().message();
                assertThat(found.device()).isEqualTo(message.device());
                assertThat(found.topic()).isEqualTo(message.topic());
                assertThat(found.contentType()).isEqualTo(message.contentType());
                assertThat(found.payload()).isEqualTo(message.payload());
            }
            assertThat(reading.next()).isNull();
        }
    }

    @Test
    void onlyWhatIsConfirmedLeavesAndTheRestIsThereAfterARestart() {
        open(false);
        for (int i = 0; i < 20; i++) {
            store.append(message("/lwm2m", null, 20_000)).join();
        }
        store.confirm(1, 7);
        store.confirm(18, 18);
        String id = store.id();
        close();
        open(false);
        assertThat(store.id()).isEqualTo(id);
        assertThat(store.firstUnconfirmed(1)).isEqualTo(8);
        assertThat(store.firstUnconfirmed(18)).isEqualTo(19);
        assertThat(waiting()).startsWith(8L, 9L).endsWith(20L);
        assertThat(store.status().waiting()).isEqualTo(12);
        assertThat(store.status().bytes()).isLessThan(16 * 21_000);
    }

    @Test
    void whatTheServiceCouldNeverTakeIsNotKept() {
        open(false);
        for (Message message : List.of(
                message("/lwm2m", null, EnvelopeJson.MAX_PAYLOAD + 1),
                message("/lwm2m", "t".repeat(Message.MAX_TYPE + 1), 1),
                message("v1/devices/me/" + "t".repeat(Topics.MAX_LENGTH), null, 1))) {
            assertThatThrownBy(() -> store.append(message).join())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("too long");
        }
        assertThat(store.status().refused()).isEqualTo(3);
        Message longest = message("/lwm2m", "\u0001".repeat(Message.MAX_TYPE), EnvelopeJson.MAX_PAYLOAD);
        assertThat(store.append(longest).join()).isEqualTo(1);
        Envelope envelope = new Envelope(
                new EnvelopeId(new DeviceId("gw"), store.id(), 1),
                BIN,
                longest.topic(),
                longest.contentType(),
                Instant.EPOCH,
                Instant.EPOCH,
                longest.payload());
        assertThat(EnvelopeJson.write(List.of(envelope))).hasSizeLessThan(EnvelopeJson.MAX_BYTES);
    }

    @Test
    void aMessageIsNotKeptBeforeAnEarlierOneThatWasRefused() {
        open(false);
        Message message = message("/lwm2m", null, 1);
        long before = store.status().bytes();
        assertThatThrownBy(() -> store.append(message, () -> true).join()).hasMessageContaining("earlier message");
        assertThat(store.status().bytes()).isEqualTo(before);
        assertThat(store.append(message, () -> false).join()).isEqualTo(1);
    }

    @Test
    void epochsOfTheClockAreKeptAsLongAsAMessageNeedsThem() {
        open(false);
        store.append(message("/lwm2m", null, 10)).join();
        for (int starts = 0; starts < 4; starts++) {
            close();
            open(false);
        }
        assertThat(state.list("clock")).as("the message's, and those since").hasSize(5);
        store.confirm(1, 1);
        close();
        open(false);
        assertThat(state.list("clock")).as("the one that is now").containsOnlyKeys("6");
    }

    @Test
    void aFullStoreRefusesAndLosesNothing() {
        open(false);
        long kept = fill();
        assertThat(store.status().refused()).isEqualTo(1);
        assertThat(waiting()).hasSize((int) kept);
        store.confirm(1, kept / 2);
        assertThat(store.append(message("/lwm2m", null, 20_000)).join()).isEqualTo(kept + 1);
    }

    private long fill() {
        long kept = 0;
        while (true) {
            try {
                kept = store.append(message("/lwm2m", null, 20_000)).join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(StoreFullException.class);
                return kept;
            }
        }
    }

    @Test
    void thinningTakesEveryOtherOfTheOldestTelemetryAndCounts() throws InterruptedException {
        open(true);
        store.append(message(Topics.status(BIN), null, 10)).join();
        long kept = fill();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (store.status().thinned() == 0 && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(store.status().thinned()).isPositive();
        List<Long> numbers = waiting();
        assertThat(numbers).contains(1L, kept).doesNotContain(3L).hasSizeLessThan((int) kept);
        assertThat(store.append(message("/lwm2m", null, 20_000)).join()).isEqualTo(kept + 1);
    }
}
