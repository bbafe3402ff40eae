package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A QoS 1 publish is acknowledged after the commit, in order of arrival. */
class AcknowledgementTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsAcknowledgedBeforeItIsCommitted(boolean grouped) throws Exception {
        try (DoorFixture door = door(grouped);
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(1, 7, TELEMETRY, "{}"));
            Inbound message = door.line.next();
            // The ping's answer is the first to come: no acknowledgement was sent before.
            client.ping();
            SteeredIntake.commit(message);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void acknowledgementsLeaveInOrderOfArrivalWhateverTheOrderOfCommits(boolean grouped) throws Exception {
        try (DoorFixture door = door(grouped);
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            publish(client, 1, 6);
            List<Inbound> messages = door.line.next(6);
            SteeredIntake.commit(messages.get(5), messages.get(1));
            SteeredIntake.commit(messages.get(3));
            client.ping();
            SteeredIntake.commit(messages.get(0));
            assertThat(ids(client, 2)).containsExactly(1, 2);
            SteeredIntake.commit(messages.get(4), messages.get(2));
            assertThat(ids(client, 4)).containsExactly(3, 4, 5, 6);
        }
    }

    @Test
    void theAcknowledgementsOfABatchLeaveInOneWrite() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            publish(client, 1, 100);
            List<Inbound> messages = door.line.next(100);
            Collections.reverse(messages);
            SteeredIntake.commit(messages);
            byte[] bytes = new byte[1000];
            assertThat(client.readOnce(bytes)).isEqualTo(400);
            assertThat(bytes[396] & 0xF0).isEqualTo(Packet.PUBACK);
            assertThat(bytes[399]).isEqualTo((byte) 100);
        }
    }

    @Test
    void oneClientsBatchDoesNotWaitForAnothers() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient one = RawClient.v3(door.port(), "one", "probe-1");
                RawClient other = RawClient.v5(door.port(), "other", "probe-2")) {
            one.send(Packet.publish(1, 1, TELEMETRY, "{}"));
            Inbound first = door.line.next();
            other.send(Packet.publish5(1, 1, "canopy/v1/devices/probe-2/telemetry", new byte[0], "{}"));
            SteeredIntake.commit(door.line.next());
            assertThat(other.expect(Packet.PUBACK).packetId()).isEqualTo(1);
            SteeredIntake.commit(first);
            assertThat(one.expect(Packet.PUBACK).packetId()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatHasGoneIsNotMissedWhenItsMessagesAreCommitted() throws Exception {
        try (DoorFixture door = new DoorFixture()) {
            RawClient gone = RawClient.v3(door.port(), "gone", "probe-1");
            publish(gone, 1, 3);
            List<Inbound> messages = door.line.next(3);
            gone.close();
            DoorFixture.await("the connection is gone", () -> door.meter("canopy.mqtt.connections") == 0);
            SteeredIntake.commit(messages);
            try (RawClient next = RawClient.v3(door.port(), "gone", "probe-1")) {
                next.send(Packet.publish(1, 1, TELEMETRY, "{}"));
                SteeredIntake.commit(door.line.next());
                assertThat(next.expect(Packet.PUBACK).packetId()).isEqualTo(1);
            }
        }
    }

    @Test
    void aQosZeroMessageIsTakenAndNotAnswered() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(0, 0, TELEMETRY, "{\"a\":1}"));
            Inbound message = door.line.next();
            assertThat(message.uplink().payload()).asString().isEqualTo("{\"a\":1}");
            SteeredIntake.commit(message);
            client.ping();
        }
    }

    private static DoorFixture door(boolean grouped) {
        return new DoorFixture(MqttConfig.onFreePort(), DoorFixture::login, grouped);
    }

    static void publish(RawClient client, int firstId, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client.send(Packet.publish(1, firstId + i, TELEMETRY, "{\"n\":" + i + "}"));
        }
    }

    static List<Integer> ids(RawClient client, int count) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(client.expect(Packet.PUBACK).packetId());
        }
        return ids;
    }
}
