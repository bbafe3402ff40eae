package city.canopy.core.ingest.paho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import city.canopy.devices.config.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A city's own broker before the line: both sides are ended in turn, and nothing is lost. */
class PahoSourceTest {
    private static final String TOPIC = "application/1/device/a84041/event/up";

    @TempDir
    Path folder;

    private TestBroker broker;
    private final List<PahoSource> sources = new ArrayList<>();

    @BeforeEach
    void startBroker() throws Exception {
        broker = new TestBroker(folder).start();
    }

    @AfterEach
    void stopAll() {
        sources.forEach(PahoSource::close);
        broker.close();
    }

    @Test
    void aMessageNamesItsDeviceAndIsAcknowledgedWhenCommitted() throws Exception {
        SteeredIntake line = new SteeredIntake();
        source(line);
        publish(0, 1);
        Inbound message = line.next();
        assertThat(message.uplink().device().value()).isEqualTo("a84041");
        assertThat(message.topic()).isEqualTo(TOPIC);
        assertThat(message.door().name()).isEqualTo("broker:chirpstack");
        SteeredIntake.commit(message);
    }

    @Test
    void whatWasNotCommittedComesAgainAfterTheServiceIsKilledAndTheRestDoesNot() throws Exception {
        waitingAtTheBroker(0, 20);
        SteeredIntake before = new SteeredIntake();
        PahoSource killed = source(before);
        List<Inbound> taken = before.next(20);
        // Committed out of order: the first five and one later. Acknowledged in order of arrival: the first five.
        SteeredIntake.commit(taken.get(12));
        SteeredIntake.commit(taken.subList(0, 5));
        killed.stop(Duration.ofMillis(500));
        SteeredIntake after = new SteeredIntake();
        source(after);
        assertThat(payloads(after.next(15))).isEqualTo(numbers(5, 20));
        assertThat(after.size()).isZero();
    }

    @Test
    void nothingIsLostWhenTheServiceIsCutOff() throws Exception {
        waitingAtTheBroker(0, 10);
        SteeredIntake before = new SteeredIntake();
        PahoSource killed = source(before);
        before.next(10);
        killed.close();
        publish(10, 20);
        SteeredIntake after = new SteeredIntake().committingAtOnce();
        source(after);
        assertThat(payloads(after.next(20))).isEqualTo(numbers(0, 20));
    }

    @Test
    void nothingIsLostWhenTheBrokerIsEndedAndStartedAgain() throws Exception {
        waitingAtTheBroker(0, 10);
        SteeredIntake line = new SteeredIntake();
        PahoSource source = source(line);
        List<Inbound> first = line.next(10);
        broker.stop();
        await(() -> source.trouble().isPresent());
        // Committed, and the acknowledgements find nobody: these come once more, and the line knows them.
        SteeredIntake.commit(first);
        broker.start();
        await(() -> source.trouble().isEmpty());
        publish(10, 20);
        Set<String> seen = payloads(first);
        while (seen.size() < 20) {
            Inbound next = line.next();
            SteeredIntake.commit(next);
            seen.addAll(payloads(List.of(next)));
        }
        assertThat(seen).isEqualTo(numbers(0, 20));
    }

    @Test
    void aFullLineHoldsTheBrokerBackAndLosesNothing() throws Exception {
        SteeredIntake line = new SteeredIntake().committingAtOnce();
        source(line);
        line.fill();
        publish(0, 300);
        assertThat(line.size()).isZero();
        line.makeRoom();
        assertThat(payloads(line.next(300))).isEqualTo(numbers(0, 300));
    }

    @Test
    void acknowledgementsDoNotWaitForEachOther() throws Exception {
        waitingAtTheBroker(0, 3_000);
        SteeredIntake line = new SteeredIntake().committingAtOnce();
        long begin = System.nanoTime();
        source(line);
        assertThat(payloads(line.next(3_000))).hasSize(3_000);
        // With Nagle's delay each acknowledgement may take 40 ms: two minutes for these.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aConfigurationThatCannotWorkIsRefusedWithItsRemedy() {
        assertThatThrownBy(() -> config("http://x", "c")).hasMessageContaining("tcp://host:port");
        assertThatThrownBy(() -> config("tcp://x", "")).hasMessageContaining("client_id");
        assertThat(config("tcp://x:1883", "c").toString()).doesNotContain("geheim");
    }

    private static BrokerConfig config(String url, String clientId) {
        return new BrokerConfig(
                "chirpstack",
                url,
                clientId,
                "",
                new Secret("geheim"),
                List.of("application/+/device/+/event/#"),
                100,
                null);
    }

    private PahoSource source(SteeredIntake line) throws InterruptedException {
        PahoSource source = new PahoSource(
                new BrokerConfig(
                        "chirpstack",
                        broker.url(),
                        "canopy",
                        "",
                        new Secret(""),
                        List.of("application/+/device/+/event/#"),
                        1000,
                        null),
                line,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        sources.add(source);
        source.start();
        await(() -> source.trouble().isEmpty());
        return source;
    }

    /**
     * Messages of which the broker sends as many at once as the window takes. Those that come one by one it sends one by
     * one: this broker looks for more only when all that it has sent is acknowledged.
     */
    private void waitingAtTheBroker(int from, int to) throws Exception {
        source(new SteeredIntake()).stop(Duration.ofSeconds(5));
        publish(from, to);
    }

    private void publish(int from, int to) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(broker.url(), "publisher", new MemoryPersistence());
        client.connect(new MqttConnectionOptions()).waitForCompletion(10_000);
        for (int i = from; i < to; i++) {
            client.publish(TOPIC, String.valueOf(i).getBytes(StandardCharsets.UTF_8), 1, false)
                    .waitForCompletion(10_000);
        }
        client.disconnect().waitForCompletion(10_000);
        client.close();
    }

    private static Set<String> payloads(List<Inbound> messages) {
        Set<String> payloads = new TreeSet<>();
        messages.forEach(m -> payloads.add(new String(m.uplink().payload(), StandardCharsets.UTF_8)));
        return payloads;
    }

    private static Set<String> numbers(int from, int to) {
        return new TreeSet<>(IntStream.range(from, to).mapToObj(String::valueOf).toList());
    }

    private static void await(BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("thirty seconds have passed").isLessThan(until);
            Thread.sleep(10);
        }
    }
}
