package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.SteeredIntake;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClientOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients as they are used, over TCP, TLS and WebSocket. */
class RealClientsTest {
    @Test
    void pahoPublishesWithMqtt5() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            publishWithPaho(door, "tcp://127.0.0.1:" + door.port());
        }
    }

    @Test
    void pahoPublishesOverWebSocket() throws Exception {
        MqttConfig config = new MqttConfig(
                "127.0.0.1", -1, 0, MqttConfig.MqttTls.off(), MqttConnections.defaults(), MqttLimits.defaults());
        try (DoorFixture door = new DoorFixture(config)) {
            assertThat(door.ports.mqtt()).isEqualTo(-1);
            publishWithPaho(door, "ws://127.0.0.1:" + door.ports.ws() + "/mqtt");
        }
    }

    private static void publishWithPaho(DoorFixture door, String url) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(url, "paho", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("probe-1");
        client.connect(options).waitForCompletion(10_000);
        IMqttToken token = client.publish(TELEMETRY, "{}".getBytes(StandardCharsets.UTF_8), 1, false);
        SteeredIntake.commit(door.line.next());
        token.waitForCompletion(10_000);
        assertThat(token.isComplete()).isTrue();
        client.disconnect().waitForCompletion(10_000);
        client.close();
    }

    @Test
    void vertxPublishesWithThreeOneOne() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            io.vertx.mqtt.MqttClient client = io.vertx.mqtt.MqttClient.create(
                    door.vertx, new MqttClientOptions().setUsername("probe-1").setPassword(""));
            CompletableFuture<Integer> acknowledged = new CompletableFuture<>();
            client.publishCompletionHandler(acknowledged::complete);
            client.connect(door.port(), "127.0.0.1")
                    .compose(ack -> client.publish(TELEMETRY, Buffer.buffer("{}"), MqttQoS.AT_LEAST_ONCE, false, false))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            assertThat(acknowledged).isNotDone();
            SteeredIntake.commit(door.line.next());
            assertThat(acknowledged).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aClientCertificateProvesWhoItIs(@TempDir Path folder) throws Exception {
        TestCertificates certificates =
                new TestCertificates(folder).make("server").make("probe-7").make("mallory");
        MqttConfig.MqttTls tls = new MqttConfig.MqttTls(
                0,
                certificates.file("server", "crt"),
                certificates.file("server", "key"),
                certificates.file("probe-7", "crt"),
                false,
                "");
        MqttConfig config = new MqttConfig("127.0.0.1", -1, -1, tls, MqttConnections.defaults(), MqttLimits.defaults());
        try (DoorFixture door = new DoorFixture(config);
                RawClient known = new RawClient(certificates
                        .context("probe-7", "server")
                        .getSocketFactory()
                        .createSocket("127.0.0.1", door.ports.tls()));
                RawClient token = new RawClient(certificates
                        .context(null, "server")
                        .getSocketFactory()
                        .createSocket("127.0.0.1", door.ports.tls()))) {
            known.send(RawClient.connect(4, 0x02, 60, "c", new byte[0]));
            assertThat(known.expect(Packet.CONNACK).u8(1)).isZero();
            known.send(Packet.publish(1, 1, "canopy/v1/devices/probe-7/telemetry", "{}"));
            SteeredIntake.commit(door.line.next());
            known.expect(Packet.PUBACK);
            token.send(RawClient.connect(4, 0x82, 60, "d", new byte[0]).text("probe-1"));
            assertThat(token.expect(Packet.CONNACK).u8(1)).isZero();
        }
    }
}
