package city.canopy.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.SegmentLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwarderTest {
    private static final DeviceId GATEWAY = new DeviceId("gw-1");

    @TempDir
    Path dir;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private Uplinks service;
    private FileStateStore state;
    private MessageStore store;
    private PahoBrokerLink link;
    private Forwarder forwarder;
    private final AtomicInteger waits = new AtomicInteger();
    private final RetrySchedule retries = new RetrySchedule(() -> waits.incrementAndGet(), Duration.ofHours(1));

    @BeforeEach
    void listen() {
        service = new Uplinks(GATEWAY, 0);
        openStore();
    }

    private void openStore() {
        state = FileStateStore.open(dir.resolve("state"));
        EdgeClock clock = new EdgeClock(Clock.systemUTC(), System::nanoTime, state);
        store = new MessageStore(
                dir.resolve("messages"), new SegmentLog.Limits(256 * 1024, 64 << 20), false, state, clock);
        link = new PahoBrokerLink(
                new PahoBrokerLink.Door(
                        "tcp://127.0.0.1:" + service.port(),
                        null,
                        GATEWAY.value(),
                        List.of(Topics.gatewayConfig(GATEWAY), Topics.gatewayCommands(GATEWAY)),
                        Topics.status(GATEWAY)),
                retries);
        forwarder = new Forwarder(GATEWAY, store, clock, link, Optional::empty);
    }

    private void start() {
        forwarder.start();
        link.open(new BrokerLink.Listener() {
            @Override
            public void connected() {
                forwarder.connected();
            }

            @Override
            public void lost(String why) {
                forwarder.lost();
            }

            @Override
            public void received(String topic, byte[] payload) {
                received.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
            }
        });
    }

    @AfterEach
    void close() {
        forwarder.close();
        link.close();
        store.close();
        state.close();
        service.close();
    }

    private CompletableFuture<Long> say(int number) {
        return store.append(new Message(
                new DeviceId("d-" + number % 7), "/lwm2m", null, ("" + number).getBytes(StandardCharsets.US_ASCII)));
    }

    private void sayMany(int from, int to) {
        CompletableFuture<Long> last = null;
        for (int i = from; i <= to; i++) {
            last = say(i);
        }
        last.join();
    }

    private List<Long> numbers() {
        return service.heard().stream().map(each -> each.id().sequence()).toList();
    }

    @Test
    void allThatWaitsIsSentInOrderOnceAndThenGone() throws InterruptedException {
        sayMany(1, 3_000);
        start();
        Uplinks.await("all is confirmed", () -> store.status().waiting() == 0);
        assertThat(numbers()).hasSize(3_000).isSorted().doesNotHaveDuplicates();
        assertThat(service.heard().get(16).payload()).asString().isEqualTo("17");
        assertThat(forwarder.forwarded()).isEqualTo(3_000);
        assertThat(service.messages()).isLessThan(40);
        say(3_001).join();
        Uplinks.await("the live one is confirmed", () -> store.status().waiting() == 0);
        assertThat(numbers()).hasSize(3_001).isSorted();
    }

    /** Its next try would be an hour away. */
    @Test
    void aServiceThatIsThereAgainIsFoundSoon() throws InterruptedException {
        int port = service.port();
        service.close();
        for (int i = 0; i < 20; i++) {
            retries.next();
        }
        sayMany(1, 10);
        start();
        Uplinks.await("it has failed", () -> waits.get() > 20);
        service = new Uplinks(GATEWAY, port);
        Uplinks.await("all is confirmed", () -> store.status().waiting() == 0);
        assertThat(numbers()).hasSize(10);
    }

    @Test
    void whatIsNotAcknowledgedStaysAndComesAgainAsItWas() throws InterruptedException {
        service.hold();
        start();
        sayMany(1, 50);
        Uplinks.await("some is heard", () -> !service.heard().isEmpty());
        assertThat(store.status().waiting()).isEqualTo(50);
        service.cut();
        service.release();
        Uplinks.await("all is confirmed", () -> store.status().waiting() == 0);
        Map<Long, Envelope> first = new HashMap<>();
        for (Envelope envelope : service.heard()) {
            Envelope before = first.putIfAbsent(envelope.id().sequence(), envelope);
            if (before != null) {
                assertThat(envelope.heardAt()).isEqualTo(before.heardAt());
                assertThat(envelope.payload()).isEqualTo(before.payload());
                assertThat(envelope.id()).isEqualTo(before.id());
            }
        }
        assertThat(first).hasSize(50);
    }

    @Test
    void aRestartGoesOnWhereTheServiceAcknowledged() throws InterruptedException {
        sayMany(1, 500);
        start();
        Uplinks.await("all is confirmed", () -> store.status().waiting() == 0);
        forwarder.close();
        link.close();
        sayMany(501, 600);
        store.close();
        state.close();
        openStore();
        start();
        Uplinks.await("the rest is confirmed", () -> store.status().waiting() == 0);
        assertThat(numbers()).hasSize(600).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whatTheServiceRefusesIsKeptAndTriedAgain() throws InterruptedException {
        service.refuse(true);
        start();
        say(1).join();
        Uplinks.await("the link begins anew", () -> service.connections() > 1);
        assertThat(store.status().waiting()).isEqualTo(1);
        service.refuse(false);
        Uplinks.await("it is confirmed", () -> store.status().waiting() == 0);
    }

    @Test
    void liveMessagesDoNotWaitForALongBacklog() throws InterruptedException {
        sayMany(1, 20_000);
        service.hold();
        start();
        Uplinks.await("the backlog has begun", () -> !service.heard().isEmpty());
        say(20_001).join();
        Uplinks.await("the live one is heard", () -> numbers().contains(20_001L));
        assertThat(numbers()).doesNotContain(19_000L);
        service.release();
        Uplinks.await("all is confirmed", () -> store.status().waiting() == 0);
        assertThat(numbers()).doesNotHaveDuplicates().hasSize(20_001);
        assertThat(numbers().stream().filter(each -> each <= 20_000)).isSorted();
    }

    @Test
    void whatTheServiceSaysIsHandedOn() throws InterruptedException {
        start();
        Uplinks.await("there is a connection", link::isConnected);
        service.send(Topics.gatewayCommands(GATEWAY), "open the valve");
        Uplinks.await("it is received", () -> !received.isEmpty());
        assertThat(received).containsExactly("canopy/v1/gateways/gw-1/commands open the valve");
    }
}
