package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.announce.webhook.ShiftingClock;
import city.canopy.core.http.MqttPeer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway with devices behind it goes and comes back. It is silent after 15 minutes, the devices after 45. Devices of the
 * service's own door that fall silent no earlier show that the time of those behind the gateway has been looked at.
 */
@Timeout(120)
class SilentGatewayTest {
    private static final int DEVICES = 6;
    private static final Duration AFTER_THE_GATEWAYS = Duration.ofMinutes(16);
    private static final Duration AFTER_THE_DEVICES = Duration.ofMinutes(46);

    private final ShiftingClock clock = new ShiftingClock();
    private final Map<String, String> behind = new LinkedHashMap<>();
    private final Map<String, Integer> told = new HashMap<>();
    private int moment;

    @TempDir
    private Path root;

    private Ward ward;

    @Test
    void itsSilenceIsOneTicketAndNoneForThoseBehindIt() throws Exception {
        try (Ward opened = new Ward(root.resolve("service"), clock);
                GatewayProcess gateway =
                        new GatewayProcess(root.resolve("gateway"), opened.service.at("/"), opened.token)) {
            ward = opened;
            for (int i = 0; i < DEVICES; i++) {
                String device = "behind-" + i;
                behind.put(device, token(ward.enrol(device, "generic-bin", "token", place())));
            }
            gateway.start();
            Ward.until(
                    "the gateway knows its devices",
                    () -> gateway.status().path("devices").asInt() == DEVICES);
            Map<String, MqttPeer> all = connected(gateway, behind.keySet());
            tellBehind(all);
            gateway.kill();
            disconnect(all);
            Ward.until("its connection is known to be gone", () -> !isOnline());

            goes();
            comesBack(gateway);
        }
    }

    private void goes() throws Exception {
        tellAlone("alone");
        clock.forward(AFTER_THE_GATEWAYS);
        Ward.until("the gateway's ticket is there", () -> !tickets().isEmpty());
        assertThat(tickets()).isEqualTo(Map.of(Ward.GATEWAY, "open"));

        clock.forward(AFTER_THE_DEVICES.minus(AFTER_THE_GATEWAYS));
        Ward.until("who is alone is missed", () -> tickets().size() >= 1 + DEVICES);
        assertThat(tickets()).isEqualTo(withAlone("alone", new TreeMap<>(Map.of(Ward.GATEWAY, "open"))));

        tellAlone("later");
        clock.forward(AFTER_THE_DEVICES);
        Ward.until("these are missed too", () -> tickets().size() >= 1 + 2 * DEVICES);
        assertThat(tickets())
                .isEqualTo(withAlone("later", withAlone("alone", new TreeMap<>(Map.of(Ward.GATEWAY, "open")))));
    }

    private void comesBack(GatewayProcess gateway) throws Exception {
        gateway.start();
        Ward.until("it is heard again", () -> "resolved".equals(tickets().get(Ward.GATEWAY)));
        Map<String, String> before = tickets();
        Map<String, MqttPeer> speaking =
                connected(gateway, behind.keySet().stream().skip(1).toList());
        // Ten minutes at a time, so that the gateway, which is heard with those behind it, is never silent meanwhile.
        for (int minutes = 0; minutes < AFTER_THE_DEVICES.toMinutes(); minutes += 10) {
            tellBehind(speaking);
            assertThat(tickets()).as("%d minutes later", minutes).isEqualTo(before);
            clock.forward(Duration.ofMinutes(10));
        }
        disconnect(speaking);
        Ward.until("the one that says nothing is missed", () -> tickets().containsKey("behind-0"));
        before.put("behind-0", "open");
        assertThat(tickets()).as("the rest have had their time").isEqualTo(before);
    }

    private static Map<String, String> withAlone(String name, Map<String, String> tickets) {
        for (int i = 0; i < DEVICES; i++) {
            tickets.put(name + "-" + i, "open");
        }
        return tickets;
    }

    /** Devices of the service's own door, which say one word each. */
    private void tellAlone(String name) {
        for (int i = 0; i < DEVICES; i++) {
            JsonNode made = ward.service
                    .send(
                            "POST",
                            "/api/v1/devices",
                            "{\"id\":\"%s-%d\",\"profile\":\"generic-bin\",\"credentials\":{\"kind\":\"token\"},%s}"
                                    .formatted(name, i, place()))
                    .json();
            assertThat(ward.service
                            .tell(token(made.path("credentials")), "{\"values\":{\"battery\":90}}")
                            .status())
                    .isBetween(200, 299);
        }
    }

    private Map<String, MqttPeer> connected(GatewayProcess gateway, Collection<String> devices) throws Exception {
        Map<String, MqttPeer> peers = new LinkedHashMap<>();
        for (String device : devices) {
            peers.put(device, MqttPeer.byToken(gateway.mqttPort(), behind.get(device), device));
        }
        return peers;
    }

    private static void disconnect(Map<String, MqttPeer> peers) throws Exception {
        for (MqttPeer peer : peers.values()) {
            peer.close();
        }
    }

    /** Each says something to the gateway, and the service has it. */
    private void tellBehind(Map<String, MqttPeer> peers) throws Exception {
        long ts = Instant.now().minusSeconds(600).toEpochMilli() + ++moment;
        for (String device : peers.keySet()) {
            assertThat(peers.get(device)
                            .publish(
                                    "v1/devices/me/telemetry", "{\"ts\":%d,\"values\":{\"battery\":90}}".formatted(ts)))
                    .isZero();
            told.merge(device, 1, Integer::sum);
        }
        for (String device : peers.keySet()) {
            Ward.until(device + " was heard", () -> readings(device) == told.get(device));
        }
    }

    private int readings(String device) {
        return ward.service
                .get("/api/v1/devices/" + device + "/readings?quantity=battery&limit=1000")
                .json()
                .path("items")
                .size();
    }

    private boolean isOnline() {
        return ward.service
                .get("/api/v1/gateways/" + Ward.GATEWAY)
                .json()
                .path("online")
                .asBoolean();
    }

    /** The tickets of silence: whose, and how they stand. Two of one device fail. */
    private Map<String, String> tickets() {
        Map<String, String> tickets = new TreeMap<>();
        for (JsonNode ticket : ward.service
                .get("/api/v1/tickets?rule=device-silent&limit=1000")
                .json()
                .path("items")) {
            String device = ticket.path("feature_id").asText();
            assertThat(tickets.put(device, ticket.path("status").asText()))
                    .as("one ticket of " + device)
                    .isNull();
        }
        return tickets;
    }

    private static String token(JsonNode credentials) {
        return credentials.path("token").asText();
    }

    private static String place() {
        return "\"position\":[105.85,21.47]";
    }
}
