package city.canopy.core.ingest.paho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.config.Secret;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
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
                        100,
                        null),
                line,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        sources.add(source);
        source.start();
        await(() -> source.trouble().isEmpty());
        return source;
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

    private static void await(BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("thirty seconds have passed").isLessThan(until);
            Thread.sleep(10);
        }
    }
}
