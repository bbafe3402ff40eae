package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.MqttPeer;
import city.canopy.devices.config.ConfigReader;
import city.canopy.gateway.app.Gateway;
import city.canopy.gateway.app.GatewayConfig;
import city.canopy.gateway.enrol.Enrolment;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole line once, through a gateway: from a device's frame to a ticket, and from a command to the device. */
@Timeout(120)
class GatewayLineTest {
    @TempDir
    private static Path folder;

    private static Ward ward;
    private static JsonNode watched;
    private static JsonNode commanded;
    private static String binToken;
    private static Gateway gateway;
    private static Gateway.Ports ports;

    @BeforeAll
    static void start() throws Exception {
        ward = new Ward(folder.resolve("service"));
        watched = ward.enrol(
                "lwm2m-bin-1", "lwm2m-bin", "psk", "\"attach\":{\"layer\":\"waste_points\",\"feature_id\":\"W1\"}");
        commanded = ward.enrol("lwm2m-bin-2", "lwm2m-bin", "psk", "\"position\":[105.85,21.47]");
        binToken = ward.enrol("mqtt-bin-1", "generic-bin", "token", "\"position\":[105.85,21.47]")
                .path("token")
                .asText();
        Path data = folder.resolve("gateway");
        String service = ward.service.at("/").toString();
        GatewayConfig config = new ConfigReader(
                        "CANOPY_GATEWAY",
                        Map.of(
                                "CANOPY_GATEWAY_DATA_DIR", data.toString(),
                                "CANOPY_GATEWAY_SERVICE_URL", service,
                                "CANOPY_GATEWAY_LWM2M_HOST", "127.0.0.1",
                                "CANOPY_GATEWAY_LWM2M_PORT", "0",
                                "CANOPY_GATEWAY_LWM2M_DTLS_PORT", "0",
                                "CANOPY_GATEWAY_MQTT_HOST", "127.0.0.1",
                                "CANOPY_GATEWAY_MQTT_PORT", "0",
                                "CANOPY_GATEWAY_HTTP_PORT", "0"))
                .read(GatewayConfig.class, null);
        gateway = new Gateway(config, new Enrolment(ward.service.at("/"), data).enrol(ward.token));
        ports = gateway.start();
        Ward.until("the gateway knows its devices", () -> gateway.status().devices() == 3);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (ward != null) {
            ward.close();
        }
    }

    private static JsonNode readings(String device) {
        return ward.service
                .get("/api/v1/devices/" + device + "/readings?quantity=fill_level")
                .json()
                .path("items");
    }

    @Test
    void aFullBinOverDtlsOpensATicketThatLeadsToItsFrame() throws Exception {
        try (LwM2mBin bin = new LwM2mBin("lwm2m-bin-1", ports.coaps(), watched, 0).awaitRegistered()) {
            Ward.until(
                    "it is observed, empty as it is",
                    () -> !readings("lwm2m-bin-1").isEmpty());
            Instant before = Instant.now();
            assertThat(bin.send(85)
                            .get(Ward.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .isSuccess())
                    .isTrue();
            Instant after = Instant.now();
            Ward.until(
                    "there is a ticket",
                    () -> !ward.service
                            .get("/api/v1/tickets?status=open&rule=waste-overflow")
                            .json()
                            .path("items")
                            .isEmpty());
            JsonNode tickets = ward.service
                    .get("/api/v1/tickets?status=open&rule=waste-overflow")
                    .json()
                    .path("items");
            assertThat(tickets).hasSize(1);
            JsonNode ticket = tickets.get(0);
            assertThat(ticket.path("feature_id").asText()).isEqualTo("W1");
            JsonNode witness = ward.service
                    .get(ticket.path("trace").asText())
                    .json()
                    .path("witnesses")
                    .get(0);
            assertThat(witness.at("/reading/value").asDouble()).isEqualTo(85);
            assertThat(witness.at("/reading/device").asText()).isEqualTo("lwm2m-bin-1");
            Instant measured = Instant.parse(witness.at("/reading/measured_at").asText());
            assertThat(measured).as("when the gateway heard it").isBetween(before.minusMillis(1), after);
            JsonNode frame = witness.path("frame");
            assertThat(frame.path("topic").asText()).isEqualTo("/lwm2m");
            assertThat(frame.path("content_type").asText()).isEqualTo("application/senml+cbor");
            assertThat(new String(
                            Base64.getDecoder()
                                    .decode(frame.path("payload_base64").asText()),
                            StandardCharsets.ISO_8859_1))
                    .contains("3320/0/5700");
            assertThat(Instant.parse(frame.path("received_at").asText()))
                    .as("when the service received it")
                    .isBetween(measured, Instant.now());
        }
    }

    @Test
    void aCommandIsDoneOnTheDevice() throws Exception {
        try (LwM2mBin bin = new LwM2mBin("lwm2m-bin-2", ports.coaps(), commanded, 0).awaitRegistered()) {
            String path = "/api/v1/devices/lwm2m-bin-2/commands";
            JsonNode given = ward.service
                    .send("POST", path, "{\"command\":\"set_report_interval\",\"parameters\":{\"seconds\":120}}")
                    .json();
            String one = path + "/" + given.path("id").asText();
            Ward.until(
                    "it is done: " + given,
                    () -> ward.service.get(one).json().path("state").asText().equals("done"));
            assertThat(bin.reportInterval()).isEqualTo(120);
        }
    }

    @Test
    void aThingsBoardDeviceAnswersItsCommandThroughTheGateway() throws Exception {
        String path = "/api/v1/devices/mqtt-bin-1/commands";
        JsonNode given = ward.service
                .send("POST", path, "{\"command\":\"blink\",\"parameters\":{\"times\":3}}")
                .json();
        String one = path + "/" + given.path("id").asText();
        try (MqttPeer bin = MqttPeer.byToken(ports.mqtt(), binToken, "mqtt-bin-1")) {
            bin.subscribe("v1/devices/me/rpc/request/+");
            MqttPeer.Heard request = bin.next();
            assertThat(request.topic())
                    .isEqualTo("v1/devices/me/rpc/request/"
                            + given.path("rpc_request").asText())
                    .matches(".*/\\d+");
            assertThat(request.text()).isEqualTo("{\"method\":\"blink\",\"params\":{\"times\":3}}");
            bin.publish(request.topic().replace("request", "response"), "{\"blinked\":3}");
            Ward.until(
                    "it is done",
                    () -> ward.service.get(one).json().path("state").asText().equals("done"));
        }
        assertThat(ward.service.get(one).json().path("detail").asText()).isEqualTo("{\"blinked\":3}");
    }

    @Test
    void aTokenDeviceAtTheLocalDoorDelivers() throws Exception {
        Instant measured = Instant.parse("2026-11-01T03:04:05.678Z");
        try (MqttPeer bin = MqttPeer.byToken(ports.mqtt(), binToken, "mqtt-bin-1")) {
            assertThat(bin.publish(
                            "v1/devices/me/telemetry",
                            "{\"ts\":%d,\"values\":{\"fill_level\":42.5}}".formatted(measured.toEpochMilli())))
                    .isZero();
        }
        Ward.until("it has arrived", () -> !readings("mqtt-bin-1").isEmpty());
        JsonNode reading = readings("mqtt-bin-1").get(0);
        assertThat(readings("mqtt-bin-1")).hasSize(1);
        assertThat(reading.path("value").asDouble()).isEqualTo(42.5);
        assertThat(Instant.parse(reading.path("measured_at").asText())).isEqualTo(measured);
    }
}
