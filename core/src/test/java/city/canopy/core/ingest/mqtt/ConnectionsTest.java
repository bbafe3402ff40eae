package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and who yields when there are too many. */
class ConnectionsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void whereAllPlacesAreTakenTheLongestSilentYields() throws Exception {
        List<RawClient> silent = new ArrayList<>();
        try (DoorFixture door = new DoorFixture(new MqttConnections(5, 5, 50, 1000, LONG));
                RawClient device = RawClient.v3(door.port(), "device", "probe-1")) {
            for (int i = 0; i < 4; i++) {
                silent.add(new RawClient(door.port()));
            }
            try (RawClient next = RawClient.v3(door.port(), "next", "probe-2")) {
                silent.get(0).expectEnd();
                assertThat(door.disconnects(Cause.TOO_MANY)).isEqualTo(1);
                assertThat(door.meter("canopy.mqtt.connections")).isEqualTo(5);
                device.ping();
                next.ping();
            }
        } finally {
            close(silent);
        }
    }

    @Test
    void whoHasSentAConnectWithAWrongTokenHasNoPlaceOfItsOwn() throws Exception {
        try (DoorFixture door = new DoorFixture(new MqttConnections(2, 2, 50, 1000, LONG));
                RawClient device = RawClient.v3(door.port(), "device", "probe-1")) {
            for (int i = 0; i < 20; i++) {
                try (RawClient wrong = new RawClient(door.port())) {
                    wrong.send(
                            RawClient.connect(4, 0x82, 60, "w" + i, new byte[0]).text("nobody"));
                    assertThat(wrong.expect(Packet.CONNACK).u8(1)).isEqualTo(4);
                    wrong.expectEnd();
                }
            }
            RawClient.v3(door.port(), "next", "probe-2").close();
            device.ping();
        }
    }

    @Test
    void anAddressHasItsOwnBound() throws Exception {
        try (DoorFixture door = new DoorFixture(new MqttConnections(100, 2, 50, 1000, LONG));
                RawClient one = RawClient.v3(door.port(), "one", "probe-1");
                RawClient two = RawClient.v3(door.port(), "two", "probe-2");
                RawClient three = new RawClient(door.port())) {
            three.expectEnd();
            assertThat(door.disconnects(Cause.TOO_MANY)).isEqualTo(1);
            one.ping();
            two.send(Packet.of(Packet.DISCONNECT));
            DoorFixture.await("there is room", () -> door.meter("canopy.mqtt.connections") == 1);
            RawClient.v3(door.port(), "four", "probe-2").close();
        }
    }

    @Test
    void aCredentialWithTooManyConnectionsLosesItsOldest() throws Exception {
        try (DoorFixture door = new DoorFixture(new MqttConnections(100, 100, 2, 1000, LONG));
                RawClient other = RawClient.v3(door.port(), "other", "probe-2");
                RawClient oldest = RawClient.v5(door.port(), "oldest", "probe-1");
                RawClient older = RawClient.v3(door.port(), "older", "probe-1");
                RawClient newest = RawClient.v3(door.port(), "newest", "probe-1")) {
            assertThat(oldest.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x97);
            oldest.expectEnd();
            older.ping();
            newest.ping();
            other.ping();
            assertThat(door.disconnects(Cause.TOO_MANY_OF_CREDENTIAL)).isEqualTo(1);
        }
    }

    @Test
    void halfAHandshakeIsClosedInTimeOnTheWebSocketToo() throws Exception {
        MqttConfig config = new MqttConfig(
                "127.0.0.1",
                -1,
                0,
                MqttConfig.MqttTls.off(),
                new MqttConnections(100, 100, 2, 1000, Duration.ofMillis(300)),
                MqttLimits.defaults());
        try (DoorFixture door = new DoorFixture(config);
                RawClient silent = new RawClient(door.ports.ws());
                RawClient half = new RawClient(door.ports.ws())) {
            half.send("GET /mqtt HTTP/1.1\r\nHost: x\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            silent.expectEnd();
            half.expectEnd();
            assertThat(door.disconnects(Cause.CONNECT_TIMEOUT)).isEqualTo(2);
        }
    }

    @Test
    void afterMoreNewConnectionsThanTheBoundTheNextHasToWait() throws Exception {
        List<RawClient> silent = new ArrayList<>();
        try (DoorFixture door = new DoorFixture(new MqttConnections(1000, 1000, 50, 20, LONG))) {
            for (int i = 0; i < 60; i++) {
                silent.add(new RawClient(door.port()));
            }
            DoorFixture.await("most are in", () -> door.meter("canopy.mqtt.connections") > 20);
            long start = System.nanoTime();
            // Twenty a second: who comes behind sixty at once is let in after about three.
            RawClient.v3(door.port(), "next", "probe-1").close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
        } finally {
            close(silent);
        }
    }

    @Test
    void aConnectThatTheServerRefusesByItselfEndsTheConnection() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            // A will of QoS 1 without the flag that there is one; a publish comes behind it in the same segment.
            byte[] connect = RawClient.connect(5, 0x8A, 60, "c", new byte[0])
                    .text("probe-1")
                    .bytes();
            byte[] publish = Packet.publish5(1, 1, DoorFixture.TELEMETRY, new byte[0], "{}")
                    .bytes();
            byte[] both = java.util.Arrays.copyOf(connect, connect.length + publish.length);
            System.arraycopy(publish, 0, both, connect.length, publish.length);
            client.send(both);
            assertThat(client.expect(Packet.CONNACK).u8(1)).isNotZero();
            client.expectEnd();
            DoorFixture.await("it is counted", () -> door.disconnects(Cause.PROTOCOL_ERROR) == 1);
            assertThat(door.line.size()).isZero();
        }
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
