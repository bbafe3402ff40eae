package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.crash.LedgerDevice;
import city.canopy.core.crash.ServiceProcess;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service is killed (SIGKILL) again and again in the middle of what a gateway forwards to it, and started again on what
 * it has on disk: each reading is there once, as it was sent and in order.
 */
@Timeout(300)
class ServiceKilledTest {
    private static final Logger log = LoggerFactory.getLogger(ServiceKilledTest.class);
    private static final int DEVICES = 4;
    private static final int SIZE = 5_000;
    private static final int ALL = DEVICES * SIZE;
    /** It is killed when at most so many readings are left to be forwarded. */
    private static final List<Integer> KILLED_AT = List.of(ALL * 4 / 5, ALL * 2 / 5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Story> stories = new ArrayList<>();
    private final List<LedgerDevice> devices = new ArrayList<>();

    @TempDir
    private Path root;

    @Test
    void whatIsForwardedMeanwhileArrivesOnceAndInOrder() throws Exception {
        int http = freePort();
        Map<String, String> ports = Map.of(
                "CANOPY_HTTP_PORT",
                Integer.toString(http),
                "CANOPY_MQTT_TLS_OWN",
                "true",
                "CANOPY_MQTT_TLS_PORT",
                Integer.toString(freePort()),
                "CANOPY_MQTT_TLS_REACHED_AS",
                "127.0.0.1");
        try (ServiceProcess service = new ServiceProcess(root.resolve("service"), "", ports)) {
            service.start();
            String token = post(service, "/api/v1/gateways", "{\"id\":\"gw-ward\",\"title\":\"Phường\"}")
                    .path("token")
                    .asText();
            URI address = URI.create("http://127.0.0.1:" + http + "/");
            try (GatewayProcess gateway = new GatewayProcess(root.resolve("gateway"), address, token)) {
                enrol(service, gateway);
                gateway.start();
                Ward.until(
                        "the gateway knows its devices",
                        () -> gateway.status().path("devices").asInt() == DEVICES);
                service.kill();
                tellTheGateway();
                assertThat(waiting(gateway)).isGreaterThanOrEqualTo(ALL);
                killAgainAndAgain(service, gateway);
                Ward.until("all has been forwarded", PATIENCE, () -> waiting(gateway) == 0);
                for (Story story : stories) {
                    check(service, story);
                }
                assertThat(service.get("/api/v1/quarantine").path("items")).isEmpty();
            }
        } finally {
            devices.forEach(LedgerDevice::stop);
        }
    }

    private void enrol(ServiceProcess service, GatewayProcess gateway) throws Exception {
        Instant start = Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < DEVICES; i++) {
            Story story = new Story("soil-" + i, "soil_temperature", i, start, Duration.ofSeconds(2), SIZE);
            String token = post(
                            service,
                            "/api/v1/devices",
                            ("{\"id\":\"%s\",\"profile\":\"generic-soil-probe\",\"gateway\":\"gw-ward\","
                                            + "\"credentials\":{\"kind\":\"token\"},\"position\":[105.85,21.47]}")
                                    .formatted(story.device()))
                    .at("/credentials/token")
                    .asText();
            stories.add(story);
            devices.add(new LedgerDevice(story.device(), token, story.json(), gateway::mqttPort, () -> SIZE));
        }
    }

    /** All of it, while there is no service. */
    private void tellTheGateway() throws InterruptedException {
        List<Thread> threads = devices.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
        assertThat(devices).allSatisfy(device -> {
            assertThat(device.failure()).isNull();
            assertThat(device.isDone()).isTrue();
        });
    }

    private static void killAgainAndAgain(ServiceProcess service, GatewayProcess gateway) throws Exception {
        service.start();
        for (int left : KILLED_AT) {
            Ward.until("some is forwarded", PATIENCE, () -> waiting(gateway) <= left);
            service.kill();
            long waiting = waiting(gateway);
            assertThat(waiting).as("it was killed in the middle").isPositive();
            log.info("the service is killed, {} of {} readings wait", waiting, ALL);
            service.start();
        }
    }

    private static long waiting(GatewayProcess gateway) throws IOException, InterruptedException {
        return gateway.status().at("/store/waiting").asLong();
    }

    private static void check(ServiceProcess service, Story story) throws IOException, InterruptedException {
        int index = 0;
        Instant received = Instant.MIN;
        String next = "/api/v1/devices/" + story.device() + "/readings?order=asc&limit=1000";
        while (next != null) {
            JsonNode page = service.get(next);
            for (JsonNode reading : page.path("items")) {
                String which = story.device() + " " + index;
                assertThat(reading.path("quantity").asText()).as(which).isEqualTo(story.quantity());
                assertThat(Instant.parse(reading.path("measured_at").asText()))
                        .as(which)
                        .isEqualTo(story.at(index));
                assertThat(reading.path("value").asDouble()).as(which).isEqualTo(story.value(index));
                Instant at = Instant.parse(reading.path("received_at").asText());
                assertThat(at).as(which + " received in order").isAfterOrEqualTo(received);
                received = at;
                index++;
            }
            next = page.hasNonNull("next") ? page.path("next").asText() : null;
        }
        assertThat(index).as("readings of " + story.device()).isEqualTo(story.size());
    }

    private static JsonNode post(ServiceProcess service, String path, String json)
            throws IOException, InterruptedException {
        return service.call("POST", path, "application/json", json);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
