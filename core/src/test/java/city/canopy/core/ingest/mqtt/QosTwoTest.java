package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import org.junit.jupiter.api.Test;

/** QoS 2 is for 3.1.1 only, and its PUBREC is a promise like a PUBACK. */
class QosTwoTest {
    @Test
    void theReceiptFollowsTheCommitAndTheReleaseIsCompleted() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(2, 9, TELEMETRY, "{}"));
            Inbound message = door.line.next();
            client.ping();
            SteeredIntake.commit(message);
            assertThat(client.expect(Packet.PUBREC).packetId()).isEqualTo(9);
            client.send(Packet.of(Packet.PUBREL).u16(9));
            assertThat(client.expect(Packet.PUBCOMP).packetId()).isEqualTo(9);
        }
    }

    @Test
    void aRepetitionBeforeTheReleaseIsNotTakenTwice() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(2, 9, TELEMETRY, "{}"));
            Inbound message = door.line.next();
            client.send(Packet.publish(2, 9, TELEMETRY, "{}"));
            client.ping();
            SteeredIntake.commit(message);
            client.expect(Packet.PUBREC);
            client.send(Packet.publish(2, 9, TELEMETRY, "{}"));
            assertThat(client.expect(Packet.PUBREC).packetId()).isEqualTo(9);
            assertThat(door.line.size()).isZero();
            client.send(Packet.of(Packet.PUBREL).u16(9));
            client.expect(Packet.PUBCOMP);
            client.send(Packet.publish(2, 9, TELEMETRY, "{}"));
            assertThat(door.line.next().topic()).isEqualTo(TELEMETRY);
        }
    }

    @Test
    void aNewClientIsToldThatOneIsTheHighestAndDisconnectedWhenItSendsTwo() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "c", "probe-1")) {
            client.send(Packet.publish5(2, 1, TELEMETRY, new byte[0], "{}"));
            assertThat(client.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x9B);
            client.expectEnd();
            assertThat(door.line.size()).isZero();
        }
    }
}
