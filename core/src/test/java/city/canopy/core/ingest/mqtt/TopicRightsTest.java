package city.canopy.core.ingest.mqtt;

import static city.canopy.core.ingest.mqtt.DoorFixture.STATUS;
import static city.canopy.core.ingest.mqtt.DoorFixture.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import city.canopy.core.access.Principal;
import city.canopy.core.access.Role;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.SteeredIntake;
import city.canopy.devices.model.DeviceId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Who may publish and listen where. */
class TopicRightsTest {
    private final Rights rights = new Rights((device, gateway) -> device.value().equals("behind"));

    private static Principal principal(String kind) {
        return switch (kind) {
            case "device" -> new Principal.OfDevice(new DeviceId("d1"));
            case "gateway" -> new Principal.OfGateway("g1");
            case "integration" ->
                new Principal.OfIntegration("frigate", List.of("application/+/device/+/event/+", "frigate/#"));
            default -> new Principal.OfUser("u1", "an", Role.ADMINISTRATOR);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "device, canopy/v1/devices/d1/telemetry, d1",
        "device, canopy/v1/devices/d1/status, d1",
        "device, canopy/v1/devices/d1/commands/7/reply, d1",
        "device, v1/devices/me/telemetry, d1",
        "device, v1/devices/me/attributes, d1",
        "device, v1/devices/me/rpc/response/4, d1",
        "device, v1/devices/me/rpc/request/4, d1",
        "device, v1/devices/me/attributes/request/1, d1",
        "gateway, v1/devices/me/telemetry,",
        "gateway, v1/devices/me/attributes, g1",
        "gateway, canopy/v1/gateways/g1/config,",
        "gateway, canopy/v1/devices/behind/commands/7/reply, behind",
        "gateway, canopy/v1/devices/stranger/commands/7/reply,",
        "device, canopy/v1/gateways/g1/uplink,",
        "integration, v1/devices/me/telemetry,",
        "device, canopy/v1/devices/d2/telemetry,",
        "device, canopy/v1/devices/d1/commands,",
        "device, canopy/v1/tickets/T1,",
        "device, anything/else,",
        "gateway, canopy/v1/gateways/g1/uplink, g1",
        "gateway, canopy/v1/gateways/g2/uplink,",
        "gateway, canopy/v1/devices/behind/telemetry, behind",
        "gateway, canopy/v1/devices/stranger/telemetry,",
        "integration, application/1/device/a84041/event/up, a84041",
        "integration, frigate/events, frigate",
        "integration, canopy/v1/devices/d1/telemetry,",
        "user, canopy/v1/devices/d1/telemetry,",
    })
    void publishing(String kind, String topic, String speaker) {
        DeviceId found = rights.speaker(principal(kind), topic);
        assertThat(found == null ? null : found.value()).isEqualTo(speaker);
    }

    @ParameterizedTest
    @CsvSource({
        "device, canopy/v1/devices/d1/commands, true",
        "device, v1/devices/me/rpc/request/+, true",
        "device, v1/devices/me/attributes, true",
        "device, canopy/v1/devices/d2/commands, false",
        "device, canopy/v1/devices/+/commands, false",
        "device, canopy/v1/tickets/#, false",
        "device, #, false",
        "gateway, canopy/v1/devices/behind/commands, true",
        "gateway, canopy/v1/devices/stranger/commands, false",
        "gateway, canopy/v1/gateways/g1/config, true",
        "gateway, canopy/v1/gateways/g1/commands, true",
        "gateway, canopy/v1/gateways/g2/config, false",
        "gateway, canopy/v1/gateways/g2/commands, false",
        "gateway, canopy/v1/gateways/+/config, false",
        "device, canopy/v1/gateways/d1/config, false",
        "user, canopy/v1/gateways/g1/config, false",
        "integration, application/#, false",
        "user, canopy/v1/tickets/#, true",
        "user, canopy/v1/tickets/+, true",
        "user, canopy/v1/tickets/T-1, true",
        "user, canopy/v1/#, false",
        "user, $SYS/#, false",
        "user, #, false",
    })
    void subscribing(String kind, String filter, boolean may) {
        assertThat(rights.maySubscribe(principal(kind), filter)).isEqualTo(may);
    }

    @Test
    void anOldClientThatPublishesElsewhereIsDisconnectedAndTheLogSaysWhy() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(MqttDoor.class);
        logger.addAppender(log);
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v3(door.port(), "c", "probe-1")) {
            client.send(Packet.publish(1, 1, "canopy/v1/devices/probe-2/telemetry", "{}"));
            client.expectEnd();
            assertThat(door.disconnects(Cause.NOT_AUTHORIZED)).isEqualTo(1);
            assertThat(door.meter("canopy.mqtt.refused.publishes")).isEqualTo(1);
            assertThat(door.line.size()).isZero();
            assertThat(log.list)
                    .singleElement()
                    .satisfies(event -> assertThat(event.getFormattedMessage())
                            .contains(
                                    "\"c\" of device:probe-1",
                                    "\"canopy/v1/devices/probe-2/telemetry\"",
                                    "Let it publish as itself"));
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aNewClientThatPublishesElsewhereIsToldSoInItsTurn() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "c", "probe-1")) {
            client.send(Packet.publish5(1, 1, TELEMETRY, new byte[0], "{}"));
            client.send(Packet.publish5(1, 2, "canopy/v1/devices/probe-2/telemetry", new byte[0], "{}"));
            Inbound message = door.line.next();
            client.ping();
            SteeredIntake.commit(message);
            assertThat(client.expect(Packet.PUBACK).packetId()).isEqualTo(1);
            RawClient.Answer refused = client.expect(Packet.PUBACK);
            assertThat(refused.packetId()).isEqualTo(2);
            assertThat(refused.u8(2)).isEqualTo(0x87);
            client.ping();
        }
    }

    @Test
    void contentTypeAndTopicAliasAndAnEmptyStatusComeThrough() throws Exception {
        try (DoorFixture door = new DoorFixture();
                RawClient client = RawClient.v5(door.port(), "c", "probe-1")) {
            byte[] properties = {0x23, 0, 5, 0x03, 0, 3, 'a', '/', 'b', 0x26, 0, 1, 'k', 0, 1, 'v'};
            client.send(Packet.publish5(0, 0, TELEMETRY, properties, "{}"));
            client.send(Packet.publish5(0, 0, "", new byte[] {0x23, 0, 5}, "[]"));
            client.send(Packet.publish5(0, 0, STATUS, new byte[0], ""));
            List<Inbound> messages = door.line.next(3);
            assertThat(messages.get(0).uplink().contentType()).isEqualTo("a/b");
            assertThat(messages.get(1).topic()).isEqualTo(TELEMETRY);
            assertThat(messages.get(2).topic()).isEqualTo(STATUS);
            assertThat(messages.get(2).uplink().payload()).isEmpty();
            client.send(Packet.publish5(0, 0, "", new byte[] {0x23, 0, 17}, "{}"));
            assertThat(client.expect(Packet.DISCONNECT).u8(0)).isEqualTo(0x94);
        }
    }
}
