package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.MqttPeer;
import city.canopy.core.http.RunningService;
import city.canopy.core.http.RunningService.Got;
import city.canopy.devices.envelope.GatewayConfigurationJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway with as many devices as it may have is told of all of them by the service's door, and of not one more. */
@Timeout(120)
class FullGatewayTest {
    private static final Logger log = LoggerFactory.getLogger(FullGatewayTest.class);
    private static final int MOST = GatewayConfigurationJson.MAX_DEVICES;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Random random = new Random(20_261_128L);

    @TempDir
    private Path root;

    private RunningService service;

    @Test
    void itIsToldOfTwentyThousandDevicesAndOneMoreIsRefused() throws Exception {
        try (Ward ward = new Ward(root.resolve("service"));
                GatewayProcess gateway =
                        new GatewayProcess(root.resolve("gateway"), ward.service.at("/"), ward.token)) {
            service = ward.service;
            gateway.start();
            Got tooMany = take(rows(0, MOST + 1));
            assertThat(tooMany.status()).isEqualTo(422);
            assertThat(tooMany.code()).isEqualTo("gateway_full");

            long began = System.nanoTime();
            Got taken = take(rows(0, MOST));
            assertThat(taken.status()).as(taken.text()).isEqualTo(200);
            double imported = seconds(began);
            Ward.until("the gateway knows them all", PATIENCE, () -> devices(gateway) == MOST);
            log.info(
                    "{} devices: imported in {} s, with the gateway after {} s; {} bytes",
                    MOST,
                    imported,
                    seconds(began),
                    bytes());
            assertOneMoreIsRefused();

            changesOne(gateway, taken.json());
            gateway.kill();
            gateway.start();
            assertThat(devices(gateway)).as("what it keeps of it").isEqualTo(MOST);
        }
    }

    private void assertOneMoreIsRefused() {
        Got more = service.send(
                "POST",
                "/api/v1/devices",
                "{\"id\":\"more\",\"profile\":\"generic-bin\",\"gateway\":\"%s\",\"position\":[105.85,21.47]}"
                        .formatted(Ward.GATEWAY));
        assertThat(more.status()).isEqualTo(422);
        assertThat(more.code()).isEqualTo("gateway_full");
        String alone = "{\"id\":\"alone\",\"profile\":\"generic-bin\",\"position\":[105.85,21.47]}";
        assertThat(service.send("POST", "/api/v1/devices", alone).status()).isEqualTo(201);
        Got moved = service.send("PATCH", "/api/v1/devices/alone", "{\"gateway\":\"%s\"}".formatted(Ward.GATEWAY));
        assertThat(moved.status()).isEqualTo(422);
        assertThat(moved.code()).isEqualTo("gateway_full");
    }

    /** One goes and another comes, which the gateway is told by all of them once more; the new one can speak then. */
    private void changesOne(GatewayProcess gateway, JsonNode taken) throws Exception {
        String gone = taken.path("devices").get(0).path("id").asText();
        assertThat(service.send("PATCH", "/api/v1/devices/" + gone, "{\"gateway\":null}")
                        .status())
                .isEqualTo(200);
        long began = System.nanoTime();
        String token = service.send(
                        "POST",
                        "/api/v1/devices",
                        ("{\"id\":\"last\",\"profile\":\"generic-bin\",\"gateway\":\"%s\",\"position\":[105.85,21.47],"
                                        + "\"credentials\":{\"kind\":\"token\"}}")
                                .formatted(Ward.GATEWAY))
                .json()
                .at("/credentials/token")
                .asText();
        long version = service.look(connection -> {
            try (PreparedStatement s = connection.prepareStatement("select config_version from gateway");
                    ResultSet row = s.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
        Ward.until(
                "the gateway has heard of both",
                PATIENCE,
                () -> gateway.status().path("configuration").asLong() > version && devices(gateway) == MOST);
        log.info("a change of one was with the gateway after {} s", seconds(began));
        try (MqttPeer last = MqttPeer.byToken(gateway.mqttPort(), token, "last")) {
            assertThat(last.publish("v1/devices/me/telemetry", "{\"values\":{\"fill_level\":12}}"))
                    .isZero();
        }
        Ward.until(
                "it is heard through the gateway",
                () -> !service.get("/api/v1/devices/last/readings")
                        .json()
                        .path("items")
                        .isEmpty());
    }

    private String rows(int from, int to) {
        StringBuilder csv = new StringBuilder("id,profile,lon,lat,gateway,credential,username,secret\n");
        byte[] key = new byte[16];
        for (int i = from; i < to; i++) {
            random.nextBytes(key);
            csv.append("soil-%d,lwm2m-soil-probe,105.85,21.47,%s,psk,soil-%d,%s\n"
                    .formatted(i, Ward.GATEWAY, i, HexFormat.of().formatHex(key)));
        }
        return csv.toString();
    }

    private Got take(String csv) {
        return service.send(service.request("/api/v1/devices/import")
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString(csv)));
    }

    private static int devices(GatewayProcess gateway) throws Exception {
        return gateway.status().path("devices").asInt();
    }

    /** How long the signed configuration is, as the service keeps it. */
    private long bytes() {
        return service.look(connection -> {
            try (PreparedStatement s = connection.prepareStatement("select octet_length(config) from gateway");
                    ResultSet row = s.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e8) / 10.0;
    }
}
