package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.MqttPeer.Heard;
import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ThingsBoard's firmware takes its commands at the service's own door, and its answers are kept as the others are. */
@Timeout(120)
class RpcOverMqttTest {
    private static final String REQUESTS = "v1/devices/me/rpc/request/+";

    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static JsonNode give(String device, String json) {
        Got got = service.send("POST", "/api/v1/devices/" + device + "/commands", json);
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        return got.json();
    }

    private static JsonNode now(JsonNode given) {
        return service.get("/api/v1/devices/" + given.path("device").asText() + "/commands/"
                        + given.path("id").asText())
                .json();
    }

    private static String state(JsonNode given) {
        return now(given).path("state").asText();
    }

    private static MqttPeer connect(String token, String id) throws Exception {
        return MqttPeer.byToken(service.mqttPort(), token, id);
    }

    private static String request(JsonNode given) {
        return "v1/devices/me/rpc/request/" + given.path("rpc_request").asText();
    }

    private static String response(JsonNode given) {
        return "v1/devices/me/rpc/response/" + given.path("rpc_request").asText();
    }

    private static Iterable<JsonNode> quarantined(String device) {
        return service.get("/api/v1/quarantine?device=" + device).json().path("items");
    }

    @Test
    void aDeviceIsToldWhatWaitsAndWhatIsNewAndItsAnswerStands() throws Exception {
        String token = service.enrol("board-1");
        JsonNode early = give("board-1", "{\"command\":\"blink\",\"parameters\":{\"times\":3}}");
        assertThat(early.path("rpc_request").asText())
                .as("firmware reads a number")
                .matches("[0-9]+");
        try (MqttPeer device = connect(token, "board-1")) {
            assertThat(device.subscribe(REQUESTS)).isEqualTo(1);
            Heard first = device.next();
            assertThat(first.topic()).isEqualTo(request(early));
            assertThat(first.text()).isEqualTo("{\"method\":\"blink\",\"params\":{\"times\":3}}");
            assertThat(state(early)).isEqualTo("sent");
            JsonNode live = give("board-1", "{\"command\":\"stop\"}");
            assertThat(device.next().topic()).isEqualTo(request(live));

            assertThat(device.publish(response(early), "{\"blinked\":3}")).isZero();
            assertThat(now(early).path("state").asText()).isEqualTo("done");
            assertThat(now(early).path("detail").asText()).isEqualTo("{\"blinked\":3}");
            assertThat(now(early).has("replied_at")).isTrue();
            assertThat(device.publish(response(live), "{\"error\":\"it is stuck\"}"))
                    .isZero();
            assertThat(now(live).path("state").asText()).isEqualTo("failed");
            assertThat(now(live).path("detail").asText()).isEqualTo("it is stuck");
        }
        JsonNode last = give("board-1", "{\"command\":\"measure\"}");
        try (MqttPeer device = connect(token, "board-1")) {
            device.subscribe(REQUESTS);
            assertThat(device.next().topic())
                    .as("only what is open comes again")
                    .isEqualTo(request(last));
            device.publish(response(last), "21.5");
            assertThat(now(last).path("value").asDouble()).isEqualTo(21.5);
        }
        assertThat(quarantined("board-1")).isEmpty();
    }

    @Test
    void aDeviceHearsAndAnswersForItselfAlone() throws Exception {
        String mine = service.enrol("board-2");
        String other = service.enrol("board-3");
        try (MqttPeer device = connect(mine, "board-2");
                MqttPeer neighbour = connect(other, "board-3")) {
            device.subscribe(REQUESTS);
            neighbour.subscribe(REQUESTS);
            JsonNode given = give("board-2", "{\"command\":\"blink\"}");
            assertThat(device.next().topic()).isEqualTo(request(given));
            neighbour.publish(response(given), "{\"blinked\":1}");
            assertThat(state(given)).as("somebody else's answer").isEqualTo("sent");
            assertThat(quarantined("board-3"))
                    .singleElement()
                    .extracting(row -> row.path("code").asText())
                    .isEqualTo("unknown_command");
            JsonNode theirs = give("board-3", "{\"command\":\"stop\"}");
            assertThat(neighbour.next().topic())
                    .as("the first that the neighbour hears")
                    .isEqualTo(request(theirs));
            assertThat(neighbour.subscribe("v1/devices/me/rpc/#")).isGreaterThanOrEqualTo(0x80);
            assertThat(neighbour.subscribe("canopy/v1/devices/board-2/commands"))
                    .isGreaterThanOrEqualTo(0x80);
        }
    }

    @Test
    void twiceIsOnceAndWhatIsUnknownOrContradictsOrIsNoJsonIsQuarantined() throws Exception {
        String token = service.enrol("board-4");
        JsonNode given = give("board-4", "{\"command\":\"blink\"}");
        try (MqttPeer device = connect(token, "board-4")) {
            assertThat(device.publish(response(given), "not JSON")).isZero();
            assertThat(state(given)).as("an answer that cannot be read").isEqualTo("queued");
            device.publish(response(given), "{\"blinked\":1}");
            device.publish(response(given), "{\"blinked\":1}");
            assertThat(quarantined("board-4"))
                    .extracting(row -> row.path("code").asText())
                    .containsExactly("undecodable");
            device.publish(response(given), "{\"error\":\"after all\"}");
            device.publish("v1/devices/me/rpc/response/999999999", "1");
            device.publish("v1/devices/me/rpc/response/99999999999999999999999999", "2");
            device.publish("v1/devices/me/rpc/response/none", "3");
            device.publish("v1/devices/me/rpc/response/1/2", "4");
            device.publish(response(given), "\"" + "x".repeat(16 * 1024) + "\"");
            assertThat(now(given).path("detail").asText()).isEqualTo("{\"blinked\":1}");
            assertThat(quarantined("board-4"))
                    .extracting(row -> row.path("code").asText())
                    .containsExactlyInAnyOrder(
                            "undecodable",
                            "unknown_command",
                            "unknown_command",
                            "unknown_command",
                            "unknown_command",
                            "undecodable",
                            "too_large");
        }
    }

    @Test
    void anAnswerAfterItsTimeChangesNothing() throws Exception {
        String token = service.enrol("board-5");
        try (MqttPeer device = connect(token, "board-5");
                EventStream events = new EventStream(service, "?kinds=command", null)) {
            device.subscribe(REQUESTS);
            JsonNode given = give("board-5", "{\"command\":\"blink\",\"expires_in\":\"PT1S\"}");
            assertThat(device.next().topic()).isEqualTo(request(given));
            String told;
            do {
                told = events.next().data();
            } while (!(told.contains(given.path("id").asText()) && told.contains("\"expired\"")));
            assertThat(device.publish(response(given), "{\"blinked\":1}")).isZero();
            assertThat(state(given)).isEqualTo("expired");
            assertThat(quarantined("board-5"))
                    .singleElement()
                    .extracting(row -> row.path("code").asText())
                    .isEqualTo("unknown_command");
        }
    }

    @Test
    void whoListensToBothFormsIsToldOnceInOurs() throws Exception {
        String token = service.enrol("board-6");
        try (MqttPeer both = connect(token, "board-6-both");
                MqttPeer rpc = connect(token, "board-6-rpc")) {
            both.subscribe("canopy/v1/devices/board-6/commands");
            both.subscribe(REQUESTS);
            rpc.subscribe(REQUESTS);
            JsonNode first = give("board-6", "{\"command\":\"blink\"}");
            JsonNode second = give("board-6", "{\"command\":\"stop\"}");
            assertThat(both.next().text()).contains(first.path("id").asText());
            assertThat(both.next().text()).contains(second.path("id").asText());
            assertThat(rpc.next().topic()).isEqualTo(request(first));
            assertThat(rpc.next().topic()).isEqualTo(request(second));
        }
    }
}
