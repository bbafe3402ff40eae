package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that can grow has a bound, and the bound pushes back to the sender. */
class BoundsTest {
    @Test
    void anOldClientMayHaveTwoHundredMessagesUnderWayAndIsDisconnectedAtOneMore() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            AcknowledgementTest.publish(client, 1, 200);
            client.ping();
            client.send(Packet.publish(1, 201, TELEMETRY, "{}"));
            client.expectEnd();
            assertThat(door.disconnects(Cause.RECEIVE_MAXIMUM)).isEqualTo(1);
            assertThat(door.line.size()).isEqualTo(200);
        }
    }

    @Test
    void aNewClientIsToldTheReceiveMaximumAndDisconnectedWithItsReasonWhenItPassesIt() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "c", "probe-1")) {
            for (int i = 1; i <= 201; i++) {
                client.send(Packet.publish5(1, i, TELEMETRY, new byte[0], "{}"));
            }
            assertThat(client.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x93);
            client.expectEnd();
        }
    }

    @Test
    void anAcknowledgementMakesRoomForTheNext() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.inFlight(4, 1 << 20));
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            for (int round = 0; round < 50; round++) {
                AcknowledgementTest.publish(client, 1, 4);
                SteeredIntake.commit(door.line.next(4));
                assertThat(AcknowledgementTest.ids(client, 4)).containsExactly(1, 2, 3, 4);
            }
        }
    }

    @Test
    void qosZeroOverTheBoundIsDroppedAndCounted() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.inFlight(5, 1 << 20));
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            for (int i = 0; i < 8; i++) {
                client.send(Packet.publish(0, 0, TELEMETRY, "{}"));
            }
            client.ping();
            assertThat(door.meter("canopy.mqtt.dropped.qos0")).isEqualTo(3);
            SteeredIntake.commit(door.line.next(5));
            client.ping();
            client.send(Packet.publish(0, 0, TELEMETRY, "{}"));
            door.line.next();
            assertThat(door.meter("canopy.mqtt.dropped.qos0")).isEqualTo(3);
        }
    }

    @Test
    void whenTheLineIsFullMessagesAreHeldTheSocketIsNotReadAndAllGoOnInOrderLater() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(1, 1, TELEMETRY, "{}"));
            Inbound first = door.line.next();
            door.line.fill();
            AcknowledgementTest.publish(client, 2, 50);
            client.send(Packet.of(Packet.PINGREQ));
            DoorFixture.await("one client waits", () -> door.meter("canopy.mqtt.waiting") == 1);
            SteeredIntake.commit(first);
            // What comes next is the acknowledgement, not the ping's answer: the ping has not been read.
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(1);
            assertThat(door.line.size()).isZero();
            door.line.makeRoom();
            client.expect(Packet.PINGRESP);
            List<Inbound> held = door.line.next(50);
            SteeredIntake.commit(held);
            List<Integer> ids = AcknowledgementTest.ids(client, 50);
            assertThat(ids).isSorted().first().isEqualTo(2);
            assertThat(door.meter("canopy.mqtt.waiting")).isZero();
        }
    }

    @Test
    void aClientThatIsNotReadFromIsNotTakenForSilent() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            client.send(RawClient.connect(4, 0xC2, 1, "c", new byte[0])
                    .text("probe-1")
                    .text(""));
            client.expect(Packet.CONNACK);
            door.line.fill();
            client.send(Packet.publish(1, 1, TELEMETRY, "{}"));
            DoorFixture.await("it waits", () -> door.meter("canopy.mqtt.waiting") == 1);
            // A second client with the same keep-alive that is read from is the clock of this test.
            try (RawClient silent = new RawClient(door.port())) {
                silent.send(RawClient.connect(4, 0xC2, 1, "s", new byte[0])
                        .text("probe-2")
                        .text(""));
                silent.expect(Packet.CONNACK);
                silent.expectEnd();
            }
            assertThat(door.disconnects(Cause.KEEP_ALIVE)).isEqualTo(1);
            door.line.makeRoom();
            SteeredIntake.commit(door.line.next());
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(1);
        }
    }

    @Test
    void aFloodOfOneClientLeavesTheOthersTheirShare() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient flood = RawClient.v3(door.port(), "flood", "probe-1");
                RawClient calm = RawClient.v3(door.port(), "calm", "probe-2")) {
            door.line.fill();
            AcknowledgementTest.publish(flood, 1, 200);
            DoorFixture.await("the flood waits", () -> door.meter("canopy.mqtt.waiting") == 1);
            calm.send(Packet.publish(1, 1, "canopy/v1/devices/probe-2/telemetry", "{}"));
            DoorFixture.await("both wait", () -> door.meter("canopy.mqtt.waiting") == 2);
            door.line.makeRoom();
            List<String> senders = new ArrayList<>();
            for (Inbound message : door.line.next(100)) {
                senders.add(message.uplink().device().value());
            }
            assertThat(senders.indexOf("probe-2")).isBetween(0, 2);
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedInTime() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.connections(1000, Duration.ofMillis(300)));
                RawClient silent = new RawClient(door.port());
                RawClient dribbling = new RawClient(door.port())) {
            dribbling.send(new byte[] {0x10});
            silent.expectEnd();
            dribbling.expectEnd();
            assertThat(door.disconnects(Cause.CONNECT_TIMEOUT)).isEqualTo(2);
        }
    }

    @Test
    void thousandsOfSilentConnectionsDoNotKeepADeviceFromBeingServed() throws Exception {
        int count = Boolean.getBoolean("canopy.test.full") ? 5000 : 500;
        List<RawClient> silent = new ArrayList<>();
        try (DoorFixture door = new DoorFixture()) {
            for (int i = 0; i < count; i++) {
                silent.add(new RawClient(door.port()));
            }
            try (RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
                client.send(Packet.publish(1, 1, TELEMETRY, "{}"));
                SteeredIntake.commit(door.line.next());
                assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(1);
                assertThat(door.meter("canopy.mqtt.connections")).isEqualTo(count + 1);
            }
        } finally {
            for (RawClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAsItComes() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.connections(2, Duration.ofSeconds(10)));
                RawClient one = RawClient.v3(door.port(), "one", "probe-1");
                RawClient two = RawClient.v3(door.port(), "two", "probe-2");
                RawClient three = new RawClient(door.port())) {
            three.expectEnd();
            one.ping();
            two.ping();
            assertThat(door.disconnects(Cause.TOO_MANY)).isEqualTo(1);
            two.send(Packet.of(Packet.DISCONNECT));
            DoorFixture.await("there is room", () -> door.meter("canopy.mqtt.connections") == 1);
            RawClient.v3(door.port(), "four", "probe-2").close();
        }
    }

    @Test
    void aPacketOf256MegabytesIsRefusedAtItsHeader() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1");
                RawClient newer = RawClient.v5(door.port(), "d", "probe-2");
                RawClient stranger = new RawClient(door.port())) {
            byte[] header = {0x32, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
            client.send(header);
            client.expectEnd();
            newer.send(header);
            assertThat(newer.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x95);
            newer.expectEnd();
            stranger.send(new byte[] {0x10, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});
            stranger.expectEnd();
            assertThat(door.disconnects(Cause.TOO_LARGE)).isEqualTo(3);
        }
    }

    @Test
    void aMessageAtTheBoundIsTakenAndOneByteMoreIsNot() throws Exception {
        // The whole packet counts: its header and length, the topic with its length, the packet id.
        int room = 262_144 - 1 - 3 - 2 - TELEMETRY.length() - 2;
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(1, 1, TELEMETRY, "x".repeat(room)));
            assertThat(door.line.next().uplink().payload()).hasSize(room);
            // Only the packet's beginning is sent: it is refused before its payload comes.
            byte[] tooLong =
                    Packet.publish(1, 2, TELEMETRY, "x".repeat(room + 1)).bytes();
            client.send(Arrays.copyOf(tooLong, 100));
            client.expectEnd();
            assertThat(door.disconnects(Cause.TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test
    void aSilentClientIsDisconnectedAfterOneAndAHalfTimesItsKeepAlive() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            client.send(RawClient.connect(5, 0xC2, 1, "c", new byte[0])
                    .text("probe-1")
                    .text(""));
            client.expect(Packet.CONNACK);
            long start = System.nanoTime();
            assertThat(client.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x8D);
            client.expectEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1400), Duration.ofSeconds(5));
        }
    }

    @Test
    void aFloodOfPingsEndsTheConnection() throws Exception {
        byte[] pings = new byte[40_000];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) Packet.PINGREQ;
        }
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(pings);
            client.expectEnd();
            DoorFixture.await("it is counted", () -> door.disconnects(Cause.TOO_FAST) == 1);
        }
    }

    @Test
    void aPublisherThatDoesNotReadItsAcknowledgementsIsDisconnected() throws Exception {
        MqttLimits limits = new MqttLimits(262_144, 128, 200, 1 << 20, 4096, 1000, 50);
        try (DoorFixture door = new DoorFixture(limits);
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            door.line.committingAtOnce();
            byte[] burst = Packet.publish(1, 1, TELEMETRY, "").bytes();
            byte[] many = new byte[burst.length * 1000];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(burst, 0, many, i * burst.length, burst.length);
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            client.send(many);
                        }
                    })
                    .isInstanceOf(IOException.class);
            DoorFixture.await(
                    "it was cut off",
                    () -> door.disconnects(Cause.SLOW_READER) + door.disconnects(Cause.RECEIVE_MAXIMUM) > 0);
        }
    }
}
