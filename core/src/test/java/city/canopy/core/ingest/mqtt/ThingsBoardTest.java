package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Firmware written for ThingsBoard moves over unchanged: its topics, its payloads, its token as the user name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThingsBoardTest {
    private static final String ME = "v1/devices/me/";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private CalmFleet service;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        service = new CalmFleet(folder, 1);
    }

    @AfterAll
    void stop() throws IOException {
        service.close();
    }

    @Test
    void telemetryIsStored() throws Exception {
        try (RawClient device = device(0)) {
            publish(device, 1, "telemetry", "{\"fill_level\":41}");
            publish(device, 2, "telemetry", "{\"ts\":1795600000000,\"values\":{\"fill_level\":42,\"battery\":90}}");
            publish(device, 3, "telemetry", "[{\"ts\":1795600060000,\"values\":{\"fill_level\":43}}]");
        }
        assertThat(get("/api/v1/devices/bad-0/readings?quantity=fill_level")
                        .path("items")
                        .findValues("value"))
                .extracting(JsonNode::asDouble)
                .containsExactlyInAnyOrder(41.0, 42.0, 43.0);
    }

    @Test
    void attributesAreKeptWithTheDeviceAndLaterOnesAreAdded() throws Exception {
        try (RawClient device = device(1)) {
            publish(device, 1, "attributes", "{\"firmware\":\"1.0\",\"serial\":7}");
            publish(device, 2, "attributes", "{\"firmware\":\"1.1\"}");
        }
        assertThat(get("/api/v1/devices/bad-1").path("attributes"))
                .isEqualTo(json.readTree("{\"firmware\":\"1.1\",\"serial\":7}"));
    }

    @Test
    void attributesThatAreNoObjectGoToQuarantine() throws Exception {
        try (RawClient device = device(2)) {
            publish(device, 1, "attributes", "[1]");
        }
        assertRefused("bad-2", ME + "attributes", "attributes are a JSON object");
    }

    @Test
    void attributesThatWouldBeTooManyTogetherGoToQuarantineAndTheOthersStay() throws Exception {
        String large = "x".repeat(15_000);
        try (RawClient device = device(4)) {
            for (int i = 1; i <= 5; i++) {
                publish(device, i, "attributes", "{\"a" + i + "\":\"" + large + "\"}");
            }
        }
        assertThat(get("/api/v1/devices/bad-4").path("attributes").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("a1", "a2", "a3", "a4");
        assertThat(get("/api/v1/quarantine?device=bad-4").path("items").findValuesAsText("code"))
                .containsExactly("too_large");
    }

    @Test
    void whatThisVersionDoesNotAnswerIsTakenAndSetAsideAndTheDeviceStays() throws Exception {
        try (RawClient device = device(3)) {
            device.send(Packet.of(Packet.SUBSCRIBE)
                    .u16(9)
                    .text(ME + "attributes/response/+")
                    .u8(1)
                    .text(ME + "rpc/request/+")
                    .u8(1));
            RawClient.Answer answer = device.expect(Packet.SUBACK);
            assertThat(answer.u8(2)).isEqualTo(1);
            assertThat(answer.u8(3)).isEqualTo(1);
            publish(device, 1, "attributes/request/1", "{\"sharedKeys\":\"interval\"}");
            publish(device, 2, "telemetry", "{\"fill_level\":44}");
        }
        assertRefused("bad-3", ME + "attributes/request/1", "this version reads no messages on such a topic");
    }

    private RawClient device(int number) throws IOException {
        return RawClient.v3(service.port(), "tb-" + number, CalmFleet.token("bad-" + number));
    }

    private static void publish(RawClient device, int packetId, String topic, String payload) throws IOException {
        device.send(Packet.publish(1, packetId, ME + topic, payload));
        assertThat(device.expect(Packet.PUBACK).packetId()).isEqualTo(packetId);
    }

    private void assertRefused(String device, String topic, String why) throws Exception {
        JsonNode row = get("/api/v1/quarantine?device=" + device).path("items").path(0);
        assertThat(row.path("topic").asText()).isEqualTo(topic);
        assertThat(row.path("code").asText()).isEqualTo("undecodable");
        assertThat(row.path("detail").asText()).contains(why);
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path))
                .header("Authorization", "Bearer " + CalmFleet.ADMINISTRATOR)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }
}
