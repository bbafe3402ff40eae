package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.envelope.CommandJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command reaches the device or its gateway, and the reply is kept before it is acknowledged. */
@Timeout(120)
class CommandsOverMqttTest {
    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(
                folder.resolve("data"), Map.of("CANOPY_MQTT_TLS_OWN", "true", "CANOPY_MQTT_TLS_PORT", "0"));
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

    private static JsonNode command(String device, JsonNode given) {
        return service.get("/api/v1/devices/" + device + "/commands/"
                        + given.path("id").asText())
                .json();
    }

    private static String reply(String device, JsonNode given) {
        return "canopy/v1/devices/" + device + "/commands/" + given.path("id").asText() + "/reply";
    }

    private static JsonNode quarantined(String device) {
        return service.get("/api/v1/quarantine?device=" + device).json().path("items");
    }

    @Test
    void aDeviceOfOurOwnDoorIsToldAtOnceAndWhenItComesBack() throws Exception {
        String token = service.enrol("blinker-1");
        JsonNode early = give("blinker-1", "{\"command\":\"blink\",\"parameters\":{\"times\":3,\"fast\":true}}");
        assertThat(early.path("state").asText()).isEqualTo("queued");
        try (MqttPeer device = MqttPeer.byToken(service.mqttPort(), token, "blinker-1")) {
            device.subscribe("canopy/v1/devices/blinker-1/commands");
            Command first = CommandJson.command(device.next().payload());
            assertThat(first.id()).isEqualTo(early.path("id").asText());
            assertThat(first.name()).isEqualTo("blink");
            assertThat(first.parameters()).isEqualTo(Map.of("times", 3L, "fast", true));
            assertThat(command("blinker-1", early).path("state").asText()).isEqualTo("sent");

            JsonNode live = give("blinker-1", "{\"command\":\"stop\"}");
            assertThat(CommandJson.command(device.next().payload()).id())
                    .isEqualTo(live.path("id").asText());
        }
        // Nothing was answered, so both come again.
        try (MqttPeer device = MqttPeer.byToken(service.mqttPort(), token, "blinker-1")) {
            device.subscribe("canopy/v1/devices/blinker-1/commands");
            assertThat(CommandJson.command(device.next().payload()).name()).isEqualTo("blink");
            assertThat(CommandJson.command(device.next().payload()).name()).isEqualTo("stop");
            device.publish(reply("blinker-1", early), "{\"state\":\"done\",\"detail\":\"blinked\",\"value\":3}");
            JsonNode done = command("blinker-1", early);
            assertThat(done.path("state").asText()).isEqualTo("done");
            assertThat(done.path("detail").asText()).isEqualTo("blinked");
            assertThat(done.path("value").asInt()).isEqualTo(3);
            assertThat(done.has("replied_at")).isTrue();
        }
    }

    @Test
    void aReplyTwiceIsOnceAndWhatContradictsOrBelongsToNothingIsQuarantined() throws Exception {
        String token = service.enrol("blinker-2");
        JsonNode given = give("blinker-2", "{\"command\":\"blink\"}");
        try (MqttPeer device = MqttPeer.byToken(service.mqttPort(), token, "blinker-2");
                EventStream events = new EventStream(service, "?kinds=command", null)) {
            device.publish(reply("blinker-2", given), "{\"state\":\"done\"}");
            while (true) {
                EventStream.Event event = events.next();
                JsonNode told = Json.read(event.data().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                if (told.toString().contains(given.path("id").asText())
                        && told.toString().contains("\"done\"")) {
                    assertThat(event.kind()).isEqualTo("command.changed");
                    break;
                }
            }
            device.publish(reply("blinker-2", given), "{\"state\":\"done\"}");
            assertThat(quarantined("blinker-2")).isEmpty();

            device.publish(reply("blinker-2", given), "{\"state\":\"failed\"}");
            device.publish("canopy/v1/devices/blinker-2/commands/c-none/reply", "{\"state\":\"done\"}");
            device.publish(reply("blinker-2", given), "{\"state\":\"perhaps\"}");
            assertThat(command("blinker-2", given).path("state").asText()).isEqualTo("done");
            assertThat(quarantined("blinker-2"))
                    .extracting(row -> row.path("code").asText())
                    .containsExactlyInAnyOrder("unknown_command", "unknown_command", "undecodable");
        }
    }

    @Test
    void aDeviceBehindAGatewayIsReachedThroughIt() throws Exception {
        String token = service.send("POST", "/api/v1/gateways", "{\"id\":\"gw-1\",\"title\":\"Một\"}")
                .json()
                .path("token")
                .asText();
        service.send(
                "POST", "/api/v1/devices", "{\"id\":\"valve-1\",\"profile\":\"generic-bin\",\"gateway\":\"gw-1\"}");
        GatewayKey key = new GatewayKey();
        JsonNode enrolled = service.as(
                        null,
                        "POST",
                        "/api/v1/gateways/enrol",
                        Json.object().put("token", token).put("csr", key.csr()).toString())
                .json();
        JsonNode waiting =
                give("valve-1", "{\"lwm2m\":{\"operation\":\"write\",\"path\":\"/3306/0/5850\",\"value\":true}}");
        String closing = "{\"value\":false,\"after\":\"PT20M\"}";
        JsonNode closed =
                give("valve-1", lwm2m("write", "\"value\":true,\"then\":" + closing + ",\"at_most_once\":true"));
        assertThat(closed.at("/lwm2m/then").toString()).isEqualTo(closing);
        assertThat(closed.at("/lwm2m/at_most_once").booleanValue()).isTrue();
        JsonNode often = give("valve-1", lwm2m("execute", "\"at_most_once\":false"));
        assertThat(often.at("/lwm2m/at_most_once").isBoolean()).isTrue();
        try (MqttPeer gateway = MqttPeer.byCertificate(
                service.mqttTlsPort(),
                key.tls(
                        enrolled.path("certificate").asText(),
                        enrolled.path("ca").asText()),
                "gw-1")) {
            gateway.subscribe("canopy/v1/gateways/gw-1/commands");
            Command command = CommandJson.command(gateway.next().payload());
            assertThat(command.device().value()).isEqualTo("valve-1");
            assertThat(command.lwm2m()).isEqualTo(Optional.of(new LwM2m(Operation.WRITE, "/3306/0/5850", true)));
            Then close = new Then(false, Duration.ofMinutes(20));
            assertThat(CommandJson.command(gateway.next().payload()).lwm2m())
                    .contains(new LwM2m(Operation.WRITE, "/3306/0/5850", true, Optional.of(close), true));
            assertThat(CommandJson.command(gateway.next().payload()).lwm2m())
                    .contains(new LwM2m(Operation.EXECUTE, "/3306/0/5850", null, Optional.empty(), false));
            gateway.publish(reply("valve-1", waiting), "{\"state\":\"waiting\",\"detail\":\"asleep\"}");
            assertThat(command("valve-1", waiting).path("state").asText()).isEqualTo("waiting");
            gateway.publish(reply("valve-1", waiting), "{\"state\":\"done\"}");
            assertThat(command("valve-1", waiting).path("state").asText()).isEqualTo("done");
            whatFollowsIsTold(gateway, closed);
        }
    }

    /** Also when the command is over; the last word counts, and nothing contradicts it. */
    private static void whatFollowsIsTold(MqttPeer gateway, JsonNode closed) throws Exception {
        String topic = reply("valve-1", closed);
        gateway.publish(topic, "{\"state\":\"done\"}");
        assertThat(command("valve-1", closed).has("followed")).isFalse();
        gateway.publish(
                topic, "{\"state\":\"then_waiting\",\"detail\":\"it is asleep\",\"at\":\"2026-11-03T04:00:00Z\"}");
        assertThat(command("valve-1", closed).at("/followed/detail").asText()).isEqualTo("it is asleep");
        gateway.publish(topic, "{\"state\":\"then_done\",\"at\":\"2026-11-03T04:01:00Z\"}");
        gateway.publish(topic, "{\"state\":\"then_done\",\"at\":\"2026-11-03T04:02:00Z\"}");
        JsonNode done = command("valve-1", closed);
        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.path("followed").toString())
                .isEqualTo("{\"state\":\"done\",\"detail\":\"\",\"at\":\"2026-11-03T04:01:00Z\"}");
        assertThat(quarantined("valve-1")).isEmpty();
        gateway.publish(topic, "{\"state\":\"then_failed\"}");
        assertThat(quarantined("valve-1")).hasSize(1);
        assertThat(command("valve-1", closed).at("/followed/state").asText()).isEqualTo("done");
    }

    private static String lwm2m(String operation, String more) {
        return "{\"lwm2m\":{\"operation\":\"" + operation + "\",\"path\":\"/3306/0/5850\"," + more + "}}";
    }

    private static String then(String then) {
        return lwm2m("write", "\"value\":true,\"then\":" + then);
    }

    @Test
    void whatFollowsAWriteHasLimitsAndIsRefusedWithItsPlace() {
        service.enrol("valve-2");
        String path = "/api/v1/devices/valve-2/commands";
        Map<String, String> refused = Map.of(
                then("false"), "\"lwm2m.then\" must be an object",
                then("{\"after\":\"PT1M\"}"), "\"lwm2m.then.value\" must be what is written",
                then("{\"value\":[1],\"after\":\"PT1M\"}"), "\"lwm2m.then.value\" must be a number",
                then("{\"value\":false}"), "\"lwm2m.then.after\" is missing",
                then("{\"value\":false,\"after\":\"soon\"}"), "\"lwm2m.then.after\" must be a duration such as PT20M",
                then("{\"value\":false,\"after\":\"PT0.9S\"}"), "\"lwm2m.then.after\" must be PT1S to PT24H",
                then("{\"value\":false,\"after\":\"PT24H0.1S\"}"), "\"lwm2m.then.after\" must be PT1S to PT24H",
                then("{\"value\":false,\"after\":\"PT1M\",\"then\":1}"), "\"lwm2m.then.then\" is not known here",
                lwm2m("read", "\"then\":{\"value\":false,\"after\":\"PT1M\"}"), "only a write is followed by another",
                lwm2m("execute", "\"at_most_once\":\"yes\""), "\"lwm2m.at_most_once\" must be true or false");
        refused.forEach((body, why) -> {
            Got got = service.send("POST", path, body);
            assertThat(got.status()).as(body).isEqualTo(422);
            assertThat(got.json().path("detail").asText()).as(body).contains(why);
        });
        String longText = "\"" + "x".repeat(1_001) + "\"";
        assertThat(service.send("POST", path, then("{\"value\":" + longText + ",\"after\":\"PT1M\"}"))
                        .code())
                .isEqualTo("bad_parameter");
        assertThat(service.get(path).json().path("items")).isEmpty();
        give("valve-2", then("{\"value\":false,\"after\":\"PT1S\"}"));
        give("valve-2", then("{\"value\":false,\"after\":\"PT24H\"}"));
    }

    @Test
    void listsBytesAndNewInstancesAreTakenAsTheyAre() {
        service.enrol("valve-3");
        JsonNode list = give(
                "valve-3",
                "{\"lwm2m\":{\"operation\":\"write\",\"path\":\"/3442/0/1150\",\"value\":{\"0\":\"AP8=\"},\"type\":\"opaque\"}}");
        assertThat(list.at("/lwm2m/value").toString()).isEqualTo("{\"0\":\"AP8=\"}");
        assertThat(list.at("/lwm2m/type").asText()).isEqualTo("opaque");
        JsonNode made = give(
                "valve-3",
                "{\"lwm2m\":{\"operation\":\"create\",\"path\":\"/31024\",\"value\":{\"1\":20,\"5\":\"x\"}}}");
        assertThat(made.path("command").asText()).isEqualTo("lwm2m_create");
        assertThat(command("valve-3", made).at("/lwm2m/value").toString()).isEqualTo("{\"1\":20,\"5\":\"x\"}");
        give("valve-3", "{\"lwm2m\":{\"operation\":\"delete\",\"path\":\"/31024/12\"}}");
        give("valve-3", "{\"lwm2m\":{\"operation\":\"execute\",\"path\":\"/3/0/4\",\"value\":\"0='a',1\"}}");
        String many = java.util.stream.IntStream.range(0, 65)
                .mapToObj(i -> "\"" + i + "\":1")
                .collect(java.util.stream.Collectors.joining(","));
        Map<String, String> refused = Map.of(
                lwm2m("write", "\"value\":{\"00\":1}"), "an object of values by numbers from 0 to 65535",
                lwm2m("write", "\"value\":{\"65536\":1}"), "an object of values by numbers from 0 to 65535",
                lwm2m("write", "\"value\":{\"0\":{\"1\":2}}"), "\"lwm2m.value.0\" must be a number",
                lwm2m("write", "\"value\":{" + many + "}"), "at most 64 values",
                lwm2m("write", "\"value\":1,\"type\":\"none\""), "\"lwm2m.type\" must be string, integer",
                lwm2m("write", "\"value\":\"AP8!\",\"type\":\"opaque\""), "are a text in base64",
                lwm2m("execute", "\"value\":{\"0\":1}"), "a text such as 0='a',1",
                lwm2m("read", "\"type\":\"float\""), "only what is written has one",
                lwm2m("create", "\"value\":{\"1\":2}"), "to create, one of these",
                lwm2m("delete", "\"value\":1"), "nothing is written");
        refused.forEach((body, why) -> {
            Got got = service.send("POST", "/api/v1/devices/valve-3/commands", body);
            assertThat(got.status()).as(body).isEqualTo(422);
            assertThat(got.json().path("detail").asText()).as(body).contains(why);
        });
    }

    @Test
    void theDocumentTellsWhatFollowsAWrite() {
        JsonNode lwm2m = service.get("/api/v1/openapi.json")
                .json()
                .path("paths")
                .path("/api/v1/devices/{id}/commands")
                .at("/post/requestBody/content/application~1json/schema/properties/lwm2m");
        assertThat(lwm2m.at("/properties/then/properties/after/description").asText())
                .contains("PT1S to PT24H");
        assertThat(lwm2m.at("/properties/type/enum").toString())
                .contains("opaque")
                .doesNotContain("none");
        assertThat(lwm2m.at("/properties/value/description").asText()).contains("{\"0\": 5}");
        assertThat(lwm2m.at("/properties/at_most_once/type").asText()).isEqualTo("boolean");
        assertThat(lwm2m.path("required")).extracting(JsonNode::asText).containsExactlyInAnyOrder("operation", "path");
    }

    @Test
    void whoMayDoWhat() {
        service.enrol("blinker-3");
        String path = "/api/v1/devices/blinker-3/commands";
        String raw = "{\"lwm2m\":{\"operation\":\"read\",\"path\":\"/3303/0/5700\"}}";
        String dispatcher = service.token("dispatcher");
        assertThat(service.as(dispatcher, "POST", path, raw).status()).isEqualTo(403);
        JsonNode given = service.as(dispatcher, "POST", path, "{\"command\":\"blink\",\"expires_in\":\"P7D\"}")
                .json();
        assertThat(given.path("created_by").asText()).startsWith("token:");
        assertThat(service.as(service.token("viewer"), "POST", path, "{\"command\":\"blink\"}")
                        .status())
                .isEqualTo(403);
        assertThat(service.send("POST", path, raw).status()).isEqualTo(201);
        assertThat(service.send("POST", path, "{}").code()).isEqualTo("bad_member");
        assertThat(service.send("POST", path, "{\"command\":\"blink\",\"expires_in\":\"P8D\"}")
                        .code())
                .isEqualTo("bad_expiry");
        assertThat(service.send("POST", path, "{\"command\":\"blink\",\"parameters\":{\"a\":[1]}}")
                        .code())
                .isEqualTo("bad_member");
        JsonNode page = service.get(path + "?limit=1").json();
        assertThat(page.at("/items/0/command").asText()).isEqualTo("lwm2m_read");
        assertThat(service.get(page.path("next").asText())
                        .json()
                        .at("/items/0/command")
                        .asText())
                .isEqualTo("blink");
        String one = path + "/" + given.path("id").asText();
        assertThat(service.as(dispatcher, "DELETE", one, null)
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(service.as(dispatcher, "DELETE", one, null).status()).isEqualTo(409);
        assertThat(service.get(path + "/c-none").status()).isEqualTo(404);
        assertThat(service.get("/api/v1/devices/blinker-3/offered-commands")
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void whatIsOverdueExpiresByItself() throws Exception {
        service.enrol("blinker-4");
        try (EventStream events = new EventStream(service, "?kinds=command", null)) {
            JsonNode given = give("blinker-4", "{\"command\":\"blink\",\"expires_in\":\"PT1S\"}");
            String told;
            do {
                told = events.next().data();
            } while (!(told.contains(given.path("id").asText()) && told.contains("\"expired\"")));
            assertThat(command("blinker-4", given).path("state").asText()).isEqualTo("expired");
        }
    }
}
