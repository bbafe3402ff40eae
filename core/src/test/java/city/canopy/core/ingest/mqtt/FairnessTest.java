package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When there is not room for all, it is first come, first served, one message each. */
class FairnessTest {
    @Test
    void whoWaitsIsServedInTurnHoweverSmallTheRoomIs() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (DoorFixture door = new DoorFixture();
                RawClient watch = RawClient.v3(door.port(), "watch", "probe-99")) {
            door.line.fill();
            for (int i = 1; i <= 10; i++) {
                clients.add(waiting(door, i, 40));
            }
            Map<String, Integer> served = new HashMap<>();
            for (int i = 1; i <= 60; i++) {
                // The ping's answer comes after the last room has been given away, and the gauge is right again.
                watch.ping();
                DoorFixture.await("all wait", () -> door.meter("canopy.mqtt.waiting") == 10);
                door.line.makeRoom(5);
                for (Inbound message : door.line.next(5)) {
                    served.merge(message.uplink().device().value(), 1, Integer::sum);
                }
                int turns = i / 2;
                assertThat(served.values())
                        .as("messages of each after %s places", i * 5)
                        .allSatisfy(count -> assertThat(count).isBetween(turns, turns + 1));
            }
            assertThat(served).hasSize(10);
        } finally {
            close(clients);
        }
    }

    @Test
    @SuppressWarnings("try") // The first client only has to be there.
    void whoComesLaterDoesNotOvertakeThoseWhoWait() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient late = RawClient.v3(door.port(), "late", "probe-9")) {
            door.line.fill();
            try (RawClient first = waiting(door, 1, 3)) {
                // The line has room for one, which is offered to the first; its others go on waiting.
                door.line.makeRoom(1);
                assertThat(door.line.next().uplink().device()).hasToString("probe-1");
                late.send(Packet.publish(1, 1, telemetry(9), "{}"));
                DoorFixture.await("both wait", () -> door.meter("canopy.mqtt.waiting") == 2);
                door.line.makeRoom(2);
                assertThat(door.line.next().uplink().device()).hasToString("probe-1");
                assertThat(door.line.next().uplink().device()).hasToString("probe-9");
                assertThat(door.line.size()).isZero();
            }
        }
    }

    @Test
    void aClientOverItsBytesIsNotReadFromUntilHalfOfThemAreCommitted() throws Exception {
        try (DoorFixture door = new DoorFixture(DoorFixture.inFlight(200, 10_000));
                RawClient large = RawClient.v3(door.port(), "large", "probe-1");
                RawClient other = RawClient.v3(door.port(), "other", "probe-2")) {
            for (int i = 1; i <= 9; i++) {
                large.send(Packet.publish(1, i, telemetry(1), "x".repeat(2000)));
            }
            // Five of 2,256 bytes are over the bound; the others stay in the socket.
            List<Inbound> taken = door.line.next(5);
            other.send(Packet.publish(1, 1, telemetry(2), "{}"));
            Inbound others = door.line.next();
            assertThat(others.uplink().device()).hasToString("probe-2");
            SteeredIntake.commit(others, taken.get(0), taken.get(1));
            assertThat(other.expect(Packet.PUBACK).packetId()).isEqualTo(1);
            assertThat(AcknowledgementTest.ids(large, 2)).containsExactly(1, 2);
            assertThat(door.line.size()).isZero();
            SteeredIntake.commit(taken.get(2));
            SteeredIntake.commit(door.line.next(3));
            large.expect(Packet.PUBACK);
            SteeredIntake.commit(taken.get(3), taken.get(4));
            SteeredIntake.commit(door.line.next());
            assertThat(AcknowledgementTest.ids(large, 6)).containsExactly(4, 5, 6, 7, 8, 9);
        }
    }

    private static RawClient waiting(DoorFixture door, int number, int messages) throws Exception {
        RawClient client = RawClient.v3(door.port(), "c" + number, "probe-" + number);
        double before = door.meter("canopy.mqtt.waiting");
        for (int i = 1; i <= messages; i++) {
            client.send(Packet.publish(1, i, telemetry(number), "{}"));
        }
        DoorFixture.await("it waits", () -> door.meter("canopy.mqtt.waiting") == before + 1);
        return client;
    }

    private static String telemetry(int number) {
        return "canopy/v1/devices/probe-" + number + "/telemetry";
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
