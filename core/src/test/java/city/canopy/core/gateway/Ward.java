package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService;
import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A service on free ports that knows one gateway, not enrolled yet. */
final class Ward implements AutoCloseable {
    static final String GATEWAY = "gw-ward";
    /** How long anything may take before it is taken not to happen. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final RunningService service;
    /** With which the gateway enrols. */
    final String token;

    Ward(Path folder) {
        this(folder, Clock.systemUTC());
    }

    /** @param clock the service's */
    Ward(Path folder, Clock clock) {
        service = new RunningService(
                folder,
                Map.of(
                        "CANOPY_MQTT_TLS_OWN", "true",
                        "CANOPY_MQTT_TLS_PORT", "0",
                        "CANOPY_MQTT_TLS_REACHED_AS", "127.0.0.1"),
                clock);
        token = made("/api/v1/gateways", "{\"id\":\"%s\",\"title\":\"Phường\"}".formatted(GATEWAY))
                .path("token")
                .asText();
    }

    /**
     * Enrols a device behind the gateway.
     *
     * @param kind of its credentials; null for none
     * @param place further members: where it is
     * @return its credentials, with their secret
     */
    JsonNode enrol(String device, String profile, String kind, String place) {
        String credentials = kind == null ? "" : "\"credentials\":{\"kind\":\"" + kind + "\"},";
        return made(
                        "/api/v1/devices",
                        "{\"id\":\"%s\",\"profile\":\"%s\",\"gateway\":\"%s\",%s%s}"
                                .formatted(device, profile, GATEWAY, credentials, place))
                .path("credentials");
    }

    private JsonNode made(String path, String json) {
        Got got = service.send("POST", path, json);
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        return got.json();
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until it is so; fails when it does not become so. */
    static void until(String what, Duration patience, Condition condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
    }

    static void until(String what, Condition condition) throws Exception {
        until(what, PATIENCE, condition);
    }

    @Override
    public void close() {
        service.close();
    }
}
