package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import city.canopy.devices.codec.RefusalCode;
import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway's message is its devices' messages, and is acknowledged when all of them are safe. */
class GatewayUplinkTest {
    private static final DeviceId GATEWAY = new DeviceId("gw-1");
    private static final String UPLINK = Topics.gatewayUplink(GATEWAY);
    private static final Instant HEARD = Instant.parse("2026-11-03T04:05:06.789012Z");

    private static Envelope envelope(long number, String device, String topic) {
        return new Envelope(
                new EnvelopeId(GATEWAY, "0123456789abcdef", number),
                new DeviceId(device),
                topic,
                "application/json",
                HEARD,
                HEARD,
                ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static String message(Envelope... envelopes) {
        return new String(EnvelopeJson.write(List.of(envelopes)), StandardCharsets.UTF_8);
    }

    private static Packet published(int packetId, String payload) {
        return Packet.publish5(1, packetId, UPLINK, new byte[0], payload);
    }

    private static String telemetry(String device) {
        return Topics.telemetry(new DeviceId(device));
    }

    @Test
    void eachEnvelopeIsAMessageOfItsDeviceWithTheTimeAtWhichTheGatewayHeardIt() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "gw", "gw-1")) {
            String bin = "behind-gw-1-bin";
            client.send(
                    published(9, message(envelope(5, bin, telemetry(bin)), envelope(6, "behind-gw-1-b", "/lwm2m"))));
            List<Inbound> parts = door.line.next(2);
            assertThat(parts.get(0).uplink().device().value()).isEqualTo(bin);
            assertThat(parts.get(0).topic()).isEqualTo(telemetry(bin));
            assertThat(parts.get(0).uplink().saidAt()).isEqualTo(HEARD);
            assertThat(parts.get(0).uplink().isStamped()).isTrue();
            assertThat(parts.get(0).uplink().receivedAt()).isAfter(HEARD);
            assertThat(parts.get(1).topic()).isEqualTo("/lwm2m");
            assertThat(parts).allSatisfy(part -> assertThat(part.refusal()).isNull());
            SteeredIntake.commit(parts.get(1));
            // The ping's answer is the first to come: one part alone acknowledges nothing.
            client.ping();
            SteeredIntake.commit(parts.get(0));
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(9);
        }
    }

    @Test
    void aDeviceThatDoesNotLiveThereIsSetAsideUnderTheGatewaysName() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "gw", "gw-1")) {
            String own = "behind-gw-1-a";
            client.send(published(
                    3,
                    message(
                            envelope(1, "stranger", telemetry("stranger")),
                            envelope(2, own, telemetry("stranger")),
                            envelope(3, own, "canopy/v1/tickets/t"),
                            envelope(4, own, telemetry(own)))));
            List<Inbound> parts = new ArrayList<>(door.line.next(4));
            for (Inbound foreign : parts.subList(0, 3)) {
                assertThat(foreign.refusal().code()).isEqualTo(RefusalCode.FOREIGN_DEVICE);
                assertThat(foreign.uplink().device()).isEqualTo(GATEWAY);
            }
            assertThat(parts.get(3).refusal()).isNull();
            SteeredIntake.commit(parts);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(3);
        }
    }

    @Test
    void whatIsNoMessageOfEnvelopesIsSetAsideWholeAndAcknowledged() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "gw", "gw-1")) {
            client.send(published(3, "{\"store\": 5}"));
            Inbound whole = door.line.next();
            assertThat(whole.refusal().code()).isEqualTo(RefusalCode.UNDECODABLE);
            assertThat(whole.refusal().detail()).contains("store is a text");
            assertThat(whole.uplink().payload()).asString().isEqualTo("{\"store\": 5}");
            SteeredIntake.commit(whole);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(3);
        }
    }

    @Test
    void partsThatTheLineDoesNotTakeYetWaitInTheirOrder() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "gw", "gw-1")) {
            door.line.fill();
            String own = "behind-gw-1-a";
            Envelope[] envelopes = new Envelope[50];
            for (int i = 0; i < envelopes.length; i++) {
                envelopes[i] = envelope(i + 1, own, telemetry(own));
            }
            client.send(published(3, message(envelopes)));
            DoorFixture.await("it waits for room", () -> door.meter("canopy.mqtt.waiting") > 0);
            door.line.makeRoom();
            List<Inbound> parts = door.line.next(50);
            assertThat(parts)
                    .extracting(part -> new String(part.uplink().payload(), StandardCharsets.UTF_8))
                    .startsWith("{\"n\":1}", "{\"n\":2}")
                    .endsWith("{\"n\":50}");
            SteeredIntake.commit(parts);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(3);
        }
    }
}
