package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tickets for those who may see them: retained first, then live. */
class SubscribeTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RawClient.Answer subscribe3(RawClient client, String filter, int qos) throws Exception {
        client.send(Packet.of(Packet.SUBSCRIBE).u16(1).text(filter).u8(qos));
        return client.expect(Packet.SUBACK);
    }

    @Test
    void aSubscriberGetsTheRetainedStateAndThenWhatIsPublished() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "an")) {
            door.retained.put("canopy/v1/tickets/T1", bytes("one"));
            door.retained.put("canopy/v1/tickets/T2", bytes("two"));
            assertThat(subscribe3(client, "canopy/v1/tickets/#", 0).u8(2)).isZero();
            TreeSet<String> retained = new TreeSet<>();
            for (int i = 0; i < 2; i++) {
                RawClient.Answer message = client.expect(Packet.PUBLISH);
                assertThat(message.header() & 1).isEqualTo(1);
                retained.add(message.topic() + "=" + message.payload());
            }
            assertThat(retained).containsExactly("canopy/v1/tickets/T1=one", "canopy/v1/tickets/T2=two");
            door.door.publish("canopy/v1/tickets/T3", bytes("three"));
            RawClient.Answer live = client.expect(Packet.PUBLISH);
            assertThat(live.header() & 1).isZero();
            assertThat(live.topic() + "=" + live.payload()).isEqualTo("canopy/v1/tickets/T3=three");
        }
    }

    @Test
    void whereEachMessageCountsWhatComesMeanwhileReplacesNothing() throws Exception {
        String topic = "canopy/v1/devices/probe-1/commands";
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            door.lookUp = new CompletableFuture<>();
            subscribe3(client, topic, 0);
            door.door.publish(topic, bytes("live"));
            assertThat(client.expect(Packet.PUBLISH).payload()).isEqualTo("live");
            door.lookUp.complete(List.of(
                    new RetainedState.Retained(topic, bytes("state")),
                    new RetainedState.Retained(topic, bytes("first"), false),
                    new RetainedState.Retained(topic, bytes("second"), false)));
            assertThat(client.expect(Packet.PUBLISH).payload()).isEqualTo("first");
            assertThat(client.expect(Packet.PUBLISH).payload()).isEqualTo("second");
            client.ping();
        }
    }

    @Test
    void overlappingFiltersBringAMessageOnceWithTheHigherQos() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "an")) {
            subscribe3(client, "canopy/v1/tickets/+", 0);
            assertThat(subscribe3(client, "canopy/v1/tickets/T1", 2).u8(2)).isEqualTo(1);
            door.door.publish("canopy/v1/tickets/T1", bytes("x"));
            RawClient.Answer message = client.expect(Packet.PUBLISH);
            assertThat(message.header() & 6).isEqualTo(2);
            client.ping();
        }
    }

    @Test
    void whatMayNotBeSeenIsRefusedInTheAnswer() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient older = RawClient.v3(door.port(), "older", "an");
                RawClient newer = RawClient.v5(door.port(), "newer", "an")) {
            assertThat(subscribe3(older, "#", 1).u8(2)).isEqualTo(0x80);
            newer.send(Packet.of(Packet.SUBSCRIBE)
                    .u16(1)
                    .u8(0)
                    .text("canopy/#")
                    .u8(1)
                    .text("canopy/v1/tickets/#")
                    .u8(1)
                    .text("$share/g/canopy/v1/tickets/#")
                    .u8(1));
            RawClient.Answer answer = newer.expect(Packet.SUBACK);
            assertThat(answer.u8(3)).isEqualTo(0x87);
            assertThat(answer.u8(4)).isEqualTo(1);
            assertThat(answer.u8(5)).isEqualTo(0x9E);
            assertThat(door.meter("canopy.mqtt.refused.subscriptions")).isEqualTo(3);
        }
    }

    @Test
    void whoSubscribesAgainAndAgainIsToldTheRetainedStateOfOneLookUpAtATime() throws Exception {
        int times = 500;
        byte[] subscribe = Packet.of(Packet.SUBSCRIBE)
                .u16(1)
                .text("canopy/v1/tickets/#")
                .u8(0)
                .bytes();
        byte[] all = new byte[subscribe.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(subscribe, 0, all, i * subscribe.length, subscribe.length);
        }
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "an")) {
            for (int i = 0; i < 100; i++) {
                door.retained.put("canopy/v1/tickets/T" + i, new byte[100_000]);
            }
            client.send(all);
            client.send(Packet.of(Packet.PINGREQ));
            int answers = 0;
            int states = 0;
            while (answers < times || states < 200) {
                RawClient.Answer answer = client.read();
                answers += answer.type() == Packet.SUBACK ? 1 : 0;
                states += answer.type() == Packet.PUBLISH ? 1 : 0;
            }
            // One for the first, one for all that came while it was told; a few more where the requests came in parts.
            assertThat(door.lookUps.get()).isBetween(2, 10);
        }
    }

    @Test
    void afterUnsubscribingNothingComesAnyMore() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "an")) {
            subscribe3(client, "canopy/v1/tickets/#", 0);
            client.send(Packet.of(Packet.UNSUBSCRIBE).u16(2).text("canopy/v1/tickets/#"));
            client.expect(Packet.UNSUBACK);
            door.door.publish("canopy/v1/tickets/T1", bytes("x"));
            client.ping();
        }
    }

    @Test
    void aDeviceHearsItsOwnCommandsOnly() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            assertThat(subscribe3(client, "canopy/v1/devices/probe-1/commands", 1)
                            .u8(2))
                    .isEqualTo(1);
            assertThat(subscribe3(client, "canopy/v1/devices/probe-2/commands", 1)
                            .u8(2))
                    .isEqualTo(0x80);
            door.door.publish("canopy/v1/devices/probe-2/commands", bytes("theirs"));
            door.door.publish("canopy/v1/devices/probe-1/commands", bytes("mine"));
            assertThat(client.expect(Packet.PUBLISH).payload()).isEqualTo("mine");
        }
    }

    @Test
    void qosOneKeepsToTheSubscribersReceiveMaximum() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = new RawClient(door.port())) {
            client.send(
                    RawClient.connect(5, 0x82, 60, "c", new byte[] {0x21, 0, 1}).text("an"));
            client.expect(Packet.CONNACK);
            client.send(Packet.of(Packet.SUBSCRIBE)
                    .u16(1)
                    .u8(0)
                    .text("canopy/v1/tickets/#")
                    .u8(1));
            client.expect(Packet.SUBACK);
            door.door.publish("canopy/v1/tickets/T1", bytes("1"));
            door.door.publish("canopy/v1/tickets/T1", bytes("2"));
            RawClient.Answer first = client.expect(Packet.PUBLISH);
            client.ping();
            int packetId = first.body().getShort(2 + first.body().getShort(0)) & 0xFFFF;
            client.send(Packet.of(Packet.PUBACK).u16(packetId));
            client.expect(Packet.PUBLISH);
        }
    }

    @Test
    void aSubscriberThatDoesNotReadIsDisconnectedAndHarmsNobody() throws Exception {
        MqttLimits limits = new MqttLimits(262_144, 128, 200, 1 << 20, 65_536, 20, 50);
        try (DoorFixture door = new DoorFixture(limits);
                RawClient slow = RawClient.v3(door.port(), "slow", "an");
                RawClient good = RawClient.v3(door.port(), "good", "an")) {
            subscribe3(slow, "canopy/v1/tickets/#", 0);
            byte[] large = new byte[100_000];
            for (int i = 0; door.disconnects(Cause.SLOW_READER) == 0; i++) {
                assertThat(i).as("messages published").isLessThan(5000);
                door.door.publish("canopy/v1/tickets/T1", large);
                good.ping();
            }
            assertThat(door.meter("canopy.mqtt.connections")).isLessThanOrEqualTo(2);
            good.ping();
        }
    }
}
