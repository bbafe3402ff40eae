package city.canopy.core.announce;

import static city.canopy.core.announce.Outbox.until;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.series.Appended;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Sample;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class EventFeedTest {
    private Database database;
    private Announcer announcer;
    private EventFeed feed;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        announcer = new Announcer(database, Clock.systemUTC());
        feed = new EventFeed(database, announcer);
        announcer.start();
    }

    @AfterEach
    void close() {
        feed.close();
        announcer.close();
        database.close();
    }

    private Listening listen(Long after, String... kinds) {
        return new Listening(feed.subscribe(after, Set.of(kinds), () -> {}).orElseThrow());
    }

    private void write(int count) {
        database.inTransaction(connection -> {
            for (int i = 0; i < count; i++) {
                Outbox.write(connection, i % 3 == 0 ? "task.done" : "ticket.opened", "k" + i, "{\"n\":" + i + "}");
            }
            return null;
        });
        announcer.wake();
    }

    private void writeAndWait(int count) {
        long before = announcer.position();
        write(count);
        until("announced", () -> announcer.position() == before + count);
    }

    @Test
    void resumesAtRandomMomentsUnderLoadWithoutAGapOrADouble() throws InterruptedException {
        int total = 6_000;
        Thread writer = new Thread(() -> {
            for (int i = 0; i < total / 20; i++) {
                write(20);
            }
        });
        writer.start();
        Random random = new Random(20261124);
        List<Long> heard = new ArrayList<>();
        long last = 0;
        while (heard.size() < total) {
            try (Subscription subscription =
                    feed.subscribe(last, Set.of(), () -> {}).orElseThrow()) {
                Listening listening = new Listening(subscription);
                for (int steps = 1 + random.nextInt(20); steps > 0; steps--) {
                    listening.step();
                }
                heard.addAll(listening.ids());
            }
            last = heard.isEmpty() ? 0 : heard.get(heard.size() - 1);
        }
        writer.join();
        assertThat(heard).isEqualTo(LongStream.rangeClosed(1, total).boxed().toList());
    }

    @Test
    void whoComesBackAfterTheRingHasMovedOnReadsTheTableAndThenGoesLive() {
        writeAndWait(EventFeed.RING_FRAMES + 1_000);
        Listening listening = listen(10L);
        assertThat(listening.drain()).hasSize(EventFeed.RING_FRAMES + 990);
        write(5);
        until("live", () -> listening.drain().size() == EventFeed.RING_FRAMES + 995);
        assertThat(listening.ids()).first().isEqualTo(11L);
        assertThat(listening.ids()).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void withoutAPlaceItBeginsWithWhatComesNext() {
        writeAndWait(3);
        Listening listening = listen(null);
        assertThat(listening.drain()).isEmpty();
        write(1);
        until("heard", () -> listening.drain().size() == 1);
        assertThat(listening.ids()).containsExactly(4L);
    }

    @Test
    void aPlaceThatIsNoLongerKeptGetsAResetAndGoesOnWithTheNewest() {
        writeAndWait(10);
        Outbox.age(database, OutboxTrimmer.KEEP.plusHours(1));
        assertThat(new OutboxTrimmer(database, Clock.systemUTC()).trim()).isEqualTo(10);
        writeAndWait(2);
        try (Announcer fresh = new Announcer(database, Clock.systemUTC());
                EventFeed restarted = new EventFeed(database, fresh)) {
            Listening listening =
                    new Listening(restarted.subscribe(4L, Set.of(), () -> {}).orElseThrow());
            assertThat(listening.drain()).hasSize(1).first().asString().contains("event: reset", "\"asked\":4");
            assertThat(listening.ids()).containsExactly(12L);
        }
    }

    @Test
    void aPlaceThatWasNeverGivenOutGetsAReset() {
        writeAndWait(2);
        Listening listening = listen(99L);
        assertThat(listening.drain()).hasSize(1).first().asString().contains("event: reset", "id: 2");
    }

    @Test
    void onlyTheWantedKindsAreSent() {
        Listening tickets = listen(0L, "ticket");
        Listening exact = listen(0L, "task.done");
        writeAndWait(9);
        assertThat(tickets.drain()).hasSize(6).allMatch(event -> event.contains("event: ticket.opened"));
        assertThat(exact.drain()).hasSize(3).allMatch(event -> event.contains("event: task.done"));
    }

    @Test
    void theThousandAndFirstSubscriberIsRefusedAndOneThatLeavesMakesRoom() {
        Subscription first = feed.subscribe(null, Set.of(), () -> {}).orElseThrow();
        for (int i = 1; i < EventFeed.MAX_SUBSCRIBERS; i++) {
            feed.subscribe(null, Set.of(), () -> {}).orElseThrow();
        }
        assertThat(feed.subscribe(null, Set.of(), () -> {})).isEmpty();
        first.close();
        first.close();
        assertThat(feed.subscribers()).isEqualTo(EventFeed.MAX_SUBSCRIBERS - 1);
        assertThat(feed.subscribe(null, Set.of(), () -> {})).isPresent();
    }

    private static Appended.Fresh value(long stream, double value, boolean late) {
        Datastream datastream = new Datastream(
                stream, new DeviceId("d" + stream), new Quantity("fill_level"), 0, "waste_points", "W\"1", "%");
        return new Appended.Fresh(new Sample(datastream, value, 1_000_000, 1_000_000, true, 0), late, 1);
    }

    @Test
    void changedValuesComeOncePerDatastreamWithoutAnIdAndLateOnesNotAtAll() {
        Listening listening = listen(null);
        feed.latestChanged(List.of(value(1, 10, false), value(1, 20, false), value(2, 30, true)));
        until("values", () -> listening.drain().size() == 1);
        assertThat(listening.drain().get(0))
                .startsWith("event: feature_state\n")
                .contains("\"value\":20.0", "\"feature_id\":\"W\\\"1\"", "1970-01-01T00:00:01Z", "\"partial\":false")
                .doesNotContain("10.0", "30.0");
    }

    @Test
    void aFloodOfChangedValuesIsCutAndSaysSo() {
        Listening listening = listen(null, "feature_state");
        List<Appended.Fresh> flood = LongStream.range(0, LiveState.MAX_STREAMS + 10)
                .mapToObj(stream -> value(stream, 1, false))
                .toList();
        until("values", () -> {
            feed.latestChanged(flood);
            return listening.drain().stream().anyMatch(event -> event.contains("\"partial\":true"));
        });
    }

    @Test
    void changedValuesAreDroppedWhileNobodyWatchesThem() {
        LiveState live = new LiveState();
        live.changed(List.of(value(1, 10, false)));
        live.watch(true);
        assertThat(live.drain()).isEmpty();
        live.changed(List.of(value(1, 11, false)));
        assertThat(live.drain()).hasSize(1);
    }

    @Test
    void wakingIsCheapWhenNobodyTakes() {
        int[] calls = {0};
        feed.subscribe(null, Set.of(), () -> calls[0]++).orElseThrow();
        writeAndWait(500);
        assertThat(calls[0]).isEqualTo(1);
        assertThat(announcer.lag()).isLessThan(Duration.ofSeconds(1));
    }
}
