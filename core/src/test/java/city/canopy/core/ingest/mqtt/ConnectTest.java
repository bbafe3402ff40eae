package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.STATUS;
import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.access.Principal;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who gets in, who takes over, and what is said when they go. */
class ConnectTest {
    private static final int ACCEPTED = 0;

    @Test
    void wrongProofIsRefusedAtConnectAndLeavesACounter() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            assertThat(connack(door, 4, "c", "nobody")).isEqualTo(4);
            assertThat(connack(door, 5, "c", "nobody")).isEqualTo(0x86);
            assertThat(door.meter("canopy.mqtt.refused.logins")).isEqualTo(2);
        }
    }

    @Test
    void noProofAtAllIsNotAuthorized() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient older = new RawClient(door.port());
                RawClient newer = new RawClient(door.port())) {
            older.send(RawClient.connect(4, 0x02, 60, "c", new byte[0]));
            assertThat(older.expect(Packet.CONNACK).u8(1)).isEqualTo(5);
            older.expectEnd();
            newer.send(RawClient.connect(5, 0x02, 60, "c", new byte[0]));
            assertThat(newer.expect(Packet.CONNACK).u8(1)).isEqualTo(0x87);
            newer.expectEnd();
        }
    }

    @Test
    void aTokenAsUserNameWithoutAPasswordIsEnough() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            client.send(RawClient.connect(4, 0x82, 60, "c", new byte[0]).text("probe-1"));
            assertThat(client.expect(Packet.CONNACK).u8(1)).isEqualTo(ACCEPTED);
        }
    }

    @Test
    void whatIsSentBehindAConnectWaitsForTheLogIn() throws Exception {
        CompletableFuture<Optional<Principal>> answer = new CompletableFuture<>();
        try (DoorFixture door =
                        new DoorFixture(MqttConfig.onFreePort(), (user, password, cert, address) -> answer, true);
                RawClient client = new RawClient(door.port())) {
            client.send(RawClient.connect(4, 0x82, 60, "c", new byte[0]).text("probe-1"));
            client.send(Packet.publish(1, 1, TELEMETRY, "{}"));
            DoorFixture.await("it is there", () -> door.meter("canopy.mqtt.connections") == 1);
            assertThat(door.line.size()).isZero();
            answer.complete(Optional.of(new Principal.OfDevice(new DeviceId("probe-1"))));
            client.expect(Packet.CONNACK);
            SteeredIntake.commit(door.line.next());
            client.expect(Packet.PUBACK);
        }
    }

    @Test
    void aNewClientIsToldTheBounds() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            byte[] sessionExpiry = {0x11, 0, 0, 1, 0};
            client.send(RawClient.connect(5, 0x82, 60, "", sessionExpiry).text("probe-1"));
            RawClient.Answer answer = client.expect(Packet.CONNACK);
            byte[] properties = new byte[answer.u8(2)];
            System.arraycopy(answer.body().array(), 3, properties, 0, properties.length);
            assertThat(properties)
                    .containsSequence(0x21, 0, 200)
                    .containsSequence(0x24, 1)
                    .containsSequence(0x27, 0, 4, 0, 0)
                    .containsSequence(0x22, 0, 16)
                    .containsSequence(0x2A, 0)
                    .containsSequence(0x29, 0)
                    .containsSequence(0x11, 0, 0, 0, 0)
                    .containsSequence(0x12, 0, 36);
        }
    }

    @Test
    void aClientIdOf128CharactersIsTakenAndALongerOneIsNot() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            assertThat(connack(door, 4, "c".repeat(128), "probe-1")).isEqualTo(ACCEPTED);
            assertThat(connack(door, 4, "c".repeat(129), "probe-1")).isEqualTo(2);
            assertThat(connack(door, 5, "c".repeat(129), "probe-1")).isEqualTo(0x85);
        }
    }

    @Test
    void theSameCredentialTakesItsClientIdOverAndTheOldConnectionIsToldSo() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient before = RawClient.v5(door.port(), "c", "probe-1");
                RawClient after = RawClient.v5(door.port(), "c", "probe-1")) {
            assertThat(before.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x8E);
            before.expectEnd();
            after.ping();
        }
    }

    @Test
    void anotherCredentialDoesNotTakeAClientIdOver() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient owner = RawClient.v3(door.port(), "c", "probe-1")) {
            assertThat(connack(door, 4, "c", "probe-2")).isEqualTo(2);
            assertThat(connack(door, 5, "c", "probe-2")).isEqualTo(0x87);
            owner.ping();
            assertThat(door.meter("canopy.mqtt.refused.takeovers")).isEqualTo(2);
        }
    }

    @Test
    void theWillIsSaidWhenTheConnectionIsCut() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            withWill(door, "probe-1", STATUS).close();
            assertWill(door.line.next());
        }
    }

    @Test
    void theWillIsSaidWhenTheClientIsTakenOverAndWhenItBreaksTheProtocol() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient before = withWill(door, "probe-1", STATUS);
                RawClient after = withWill(door, "probe-1", STATUS)) {
            assertWill(door.line.next());
            before.expectEnd();
            after.send(Packet.of(Packet.CONNACK).u16(0));
            after.expectEnd();
            assertWill(door.line.next());
        }
    }

    @Test
    void theWillIsSaidForSilenceForALongPacketAndForTooManyMessages() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.inFlight(1, 1 << 20))) {
            for (byte[] last : new byte[][] {
                {}, {0x32, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F}, {(byte) 0xF0, 0}, twoPublishes()
            }) {
                try (RawClient client = new RawClient(door.port())) {
                    client.send(RawClient.connect(4, 0x86, 1, "will", new byte[0])
                            .text(STATUS)
                            .text("offline")
                            .text("probe-1"));
                    assertThat(client.expect(Packet.CONNACK).u8(1)).isEqualTo(ACCEPTED);
                    client.send(last);
                    client.expectEnd();
                    Inbound message = door.line.next();
                    assertWill(message.topic().equals(TELEMETRY) ? door.line.next() : message);
                }
            }
            assertThat(door.disconnects(Cause.KEEP_ALIVE)).isEqualTo(1);
            assertThat(door.disconnects(Cause.TOO_LARGE)).isEqualTo(1);
            assertThat(door.disconnects(Cause.RECEIVE_MAXIMUM)).isEqualTo(1);
        }
    }

    private static byte[] twoPublishes() {
        byte[] one = Packet.publish(1, 1, TELEMETRY, "{}").bytes();
        byte[] two = java.util.Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, two, one.length, one.length);
        return two;
    }

    @Test
    void theWillIsNotSaidAfterADisconnectButAfterOneThatAsksForIt() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient polite = withWill(door, "probe-1", STATUS);
                RawClient asking = new RawClient(door.port())) {
            polite.send(Packet.of(Packet.DISCONNECT));
            polite.expectEnd();
            asking.send(RawClient.connect(5, 0x86, 60, "asking", new byte[0])
                    .u8(0)
                    .text(STATUS)
                    .text("offline")
                    .text("probe-1"));
            asking.expect(Packet.CONNACK);
            asking.send(Packet.of(Packet.DISCONNECT).u8(0x04));
            assertWill(door.line.next());
            assertThat(door.line.size()).isZero();
        }
    }

    @Test
    void aWillForSomebodyElseIsNotSaid() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            withWill(door, "probe-1", "canopy/v1/devices/probe-2/status").close();
            DoorFixture.await("it is dropped", () -> door.meter("canopy.mqtt.dropped.wills") == 1);
            assertThat(door.line.size()).isZero();
        }
    }

    @Test
    void aWillWaitsWhileTheLineIsFull() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            RawClient client = withWill(door, "probe-1", STATUS);
            door.line.fill();
            client.close();
            DoorFixture.await("it has gone", () -> door.meter("canopy.mqtt.connections") == 0);
            door.line.makeRoom();
            assertWill(door.line.next());
        }
    }

    @Test
    void garbageEndsTheConnectionAndNobodyElses() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient good = RawClient.v3(door.port(), "good", "probe-1");
                RawClient http = new RawClient(door.port());
                RawClient early = new RawClient(door.port());
                RawClient twice = RawClient.v3(door.port(), "twice", "probe-2")) {
            http.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            http.expectEnd();
            early.send(Packet.publish(1, 1, TELEMETRY, "{}"));
            early.expectEnd();
            twice.send(RawClient.connect(4, 0x82, 60, "twice", new byte[0]).text("probe-2"));
            twice.expectEnd();
            good.ping();
            assertThat(door.line.size()).isZero();
        }
    }

    @Test
    void aGracefulStopFinishesWhatIsUnderWayAndSaysGoodBye() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "c", "probe-1")) {
            client.send(Packet.publish5(1, 3, TELEMETRY, new byte[0], "{}"));
            Inbound message = door.line.next();
            CompletableFuture<Void> stopped =
                    door.door.stop(Duration.ofSeconds(10)).toCompletionStage().toCompletableFuture();
            try (RawClient late = new RawClient(door.port())) {
                late.expectEnd();
            }
            assertThat(stopped).isNotDone();
            SteeredIntake.commit(message);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(3);
            assertThat(client.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x8B);
            client.expectEnd();
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private static RawClient withWill(DoorFixture door, String token, String topic) throws Exception {
        RawClient client = new RawClient(door.port());
        client.send(RawClient.connect(4, 0x86, 60, "will", new byte[0])
                .text(topic)
                .text("offline")
                .text(token));
        assertThat(client.expect(Packet.CONNACK).u8(1)).isEqualTo(ACCEPTED);
        return client;
    }

    private static void assertWill(Inbound message) {
        assertThat(message.topic()).isEqualTo(STATUS);
        assertThat(message.uplink().payload()).asString().isEqualTo("offline");
    }

    private static int connack(DoorFixture door, int version, String clientId, String token) throws Exception {
        try (RawClient client = new RawClient(door.port())) {
            client.send(
                    RawClient.connect(version, 0x82, 60, clientId, new byte[0]).text(token));
            int code = client.expect(Packet.CONNACK).u8(1);
            if (code != ACCEPTED) {
                client.expectEnd();
            }
            return code;
        }
    }
}
