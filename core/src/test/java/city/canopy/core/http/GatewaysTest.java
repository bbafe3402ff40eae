package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.http.RunningService.Got;
import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.SignedConfiguration;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway comes in by a one-time token, is told what it must know, and may do what is its own and no more. */
@Timeout(120)
class GatewaysTest {
    private static final int NOT_AUTHORIZED = 0x87;

    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(
                folder.resolve("data"),
                Map.of(
                        "CANOPY_MQTT_TLS_OWN", "true",
                        "CANOPY_MQTT_TLS_PORT", "0",
                        "CANOPY_HTTP_TRUSTED_PROXIES", "[127.0.0.1]"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static String create(String gateway) {
        Got got = service.send(
                "POST", "/api/v1/gateways", "{\"id\":\"%s\",\"title\":\"Phường Bách Quang\"}".formatted(gateway));
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        assertThat(got.json().path("enrolled").asBoolean()).isFalse();
        return got.json().path("token").asText();
    }

    private static Got enrol(String token, String csr) {
        return service.as(
                null,
                "POST",
                "/api/v1/gateways/enrol",
                Json.object().put("token", token).put("csr", csr).toString());
    }

    private static Got renew(JsonNode enrolled, GatewayKey old, GatewayKey fresh) throws Exception {
        String csr = fresh.csr();
        return service.as(
                null,
                "POST",
                "/api/v1/gateways/enrol",
                Json.object()
                        .put("renew", true)
                        .put("csr", csr)
                        .put("certificate", enrolled.path("certificate").asText())
                        .put("proof", old.proof(csr))
                        .toString());
    }

    private static MqttPeer connect(GatewayKey key, JsonNode enrolled) throws Exception {
        return MqttPeer.byCertificate(
                service.mqttTlsPort(),
                key.tls(
                        enrolled.path("certificate").asText(),
                        enrolled.path("ca").asText()),
                enrolled.path("gateway").asText());
    }

    private static void refused(GatewayKey key, JsonNode enrolled) {
        assertThatThrownBy(() -> connect(key, enrolled).close()).isInstanceOf(MqttException.class);
    }

    private static JsonNode device(String json) {
        Got got = service.send("POST", "/api/v1/devices", json);
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        return got.json();
    }

    @Test
    void aGatewayEnrolsOnceAndIsToldItsDevices() throws Exception {
        String token = create("gw-a");
        device(
                "{\"id\":\"soil-a1\",\"profile\":\"generic-bin\",\"gateway\":\"gw-a\",\"credentials\":{\"kind\":\"psk\"}}");
        String secret = device("{\"id\":\"bin-a2\",\"profile\":\"generic-bin\",\"gateway\":\"gw-a\","
                        + "\"credentials\":{\"kind\":\"token\"}}")
                .at("/credentials/token")
                .asText();
        GatewayKey key = new GatewayKey();
        Got got = enrol(token, key.csr());
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        JsonNode enrolled = got.json();
        assertThat(enrolled.path("gateway").asText()).isEqualTo("gw-a");
        assertThat(enrolled.at("/mqtt/port").asInt()).isEqualTo(service.mqttTlsPort());
        assertThat(enrolled.at("/mqtt/host").asText()).isEqualTo("127.0.0.1");
        assertThat(GatewayKey.certificate(enrolled.path("certificate").asText())
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=gw-a");

        try (MqttPeer gateway = connect(key, enrolled)) {
            assertThat(gateway.subscribe("canopy/v1/gateways/gw-a/config")).isEqualTo(1);
            GatewayConfiguration configuration = SignedConfiguration.verify(
                    settled(gateway, 2),
                    SignedConfiguration.key(enrolled.path("config_key").asText()));
            assertThat(configuration.gateway().value()).isEqualTo("gw-a");
            assertThat(configuration.devices())
                    .extracting(device -> device.id().value())
                    .containsExactly("bin-a2", "soil-a1");
            CredentialDigest digest = new CredentialDigest(configuration.digestKeyHex());
            assertThat(configuration.devices().get(0).credentials())
                    .containsExactly(new Credential.Token(digest.of(secret)));
            assertThat(configuration.devices().get(1).credentials())
                    .singleElement()
                    .isInstanceOfSatisfying(Credential.Psk.class, psk -> {
                        assertThat(psk.identity()).isEqualTo("soil-a1");
                        assertThat(psk.keyHex()).hasSize(32);
                    });

            device("{\"id\":\"soil-a3\",\"profile\":\"generic-bin\",\"gateway\":\"gw-a\"}");
            GatewayConfiguration next = SignedConfiguration.verify(
                    gateway.next().payload(),
                    SignedConfiguration.key(enrolled.path("config_key").asText()));
            assertThat(next.version()).isGreaterThan(configuration.version());
            assertThat(next.devices()).extracting(EdgeDevice::id).hasSize(3);

            gateway.publish("v1/devices/me/attributes", "{\"config_version\":" + next.version() + "}");
            JsonNode shown = service.get("/api/v1/gateways/gw-a").json();
            assertThat(shown.path("config_acknowledged").asLong()).isEqualTo(next.version());
            assertThat(shown.path("config_version").asLong()).isEqualTo(next.version());
            assertThat(shown.path("enrolled").asBoolean()).isTrue();
            assertThat(shown.path("devices").asInt()).isEqualTo(3);
        }
        assertThat(enrol(token, key.csr()).status()).isEqualTo(401);
    }

    /** The configurations that came, until one with that many devices. */
    private static byte[] settled(MqttPeer gateway, int devices) throws Exception {
        while (true) {
            byte[] signed = gateway.next().payload();
            JsonNode payload = Json.read(Json.read(signed).path("payload").binaryValue());
            if (payload.path("devices").size() == devices) {
                return signed;
            }
        }
    }

    @Test
    void whatIsNotItsOwnIsRefused() throws Exception {
        GatewayKey key = new GatewayKey();
        JsonNode enrolled = enrol(create("gw-b"), key.csr()).json();
        create("gw-c");
        device("{\"id\":\"bin-b1\",\"profile\":\"generic-bin\",\"gateway\":\"gw-b\"}");
        device("{\"id\":\"bin-c1\",\"profile\":\"generic-bin\",\"gateway\":\"gw-c\"}");
        try (MqttPeer gateway = connect(key, enrolled)) {
            assertThat(gateway.subscribe("canopy/v1/gateways/gw-b/commands")).isEqualTo(1);
            assertThat(gateway.subscribe("canopy/v1/gateways/gw-c/config")).isEqualTo(NOT_AUTHORIZED);
            assertThat(gateway.subscribe("canopy/v1/gateways/gw-c/commands")).isEqualTo(NOT_AUTHORIZED);
            assertThat(gateway.subscribe("canopy/v1/gateways/+/config")).isEqualTo(NOT_AUTHORIZED);
            assertThat(gateway.subscribe("canopy/v1/devices/bin-c1/commands")).isEqualTo(NOT_AUTHORIZED);
            assertThat(gateway.publish("canopy/v1/devices/bin-b1/telemetry", "{\"fill_level\":10}"))
                    .isZero();
            assertThat(gateway.publish("canopy/v1/gateways/gw-b/uplink", "{}")).isZero();
            assertThat(gateway.publish("canopy/v1/gateways/gw-c/uplink", "{}")).isEqualTo(NOT_AUTHORIZED);
            assertThat(gateway.publish("canopy/v1/devices/bin-c1/telemetry", "{\"fill_level\":10}"))
                    .isEqualTo(NOT_AUTHORIZED);
        }
    }

    @Test
    void aRevokedOrDisabledGatewayDoesNotGetIn() throws Exception {
        GatewayKey key = new GatewayKey();
        JsonNode first = enrol(create("gw-d"), key.csr()).json();
        connect(key, first).close();

        service.send("PATCH", "/api/v1/gateways/gw-d", "{\"disabled\":true}");
        refused(key, first);
        service.send("PATCH", "/api/v1/gateways/gw-d", "{\"disabled\":false}");
        connect(key, first).close();

        String token = service.send("POST", "/api/v1/gateways/gw-d/token", "{}")
                .json()
                .path("token")
                .asText();
        connect(key, first).close();
        JsonNode second = enrol(token, key.csr()).json();
        refused(key, first);
        try (MqttPeer open = connect(key, second)) {
            assertThat(service.as(RunningService.TOKEN, "DELETE", "/api/v1/gateways/gw-d/certificate", null)
                            .status())
                    .isEqualTo(204);
            assertThat(open.next().topic()).isEqualTo("disconnected");
        }
        refused(key, second);
    }

    @Test
    void whoGuessesTokensHasToWaitAndNobodyElse() throws Exception {
        String token = create("gw-k");
        String csr = new GatewayKey().csr();
        for (int i = 0; i < 10; i++) {
            assertThat(from("203.0.113.9", "guess-" + i, csr).code()).isEqualTo("wrong_token");
        }
        Got waits = from("203.0.113.9", token, csr);
        assertThat(waits.status()).isEqualTo(429);
        assertThat(waits.response().headers().firstValue("retry-after")).isPresent();
        assertThat(from("203.0.113.10", token, csr).status()).isEqualTo(200);
    }

    private static Got from(String address, String token, String csr) {
        return service.send(HttpRequest.newBuilder(service.at("/api/v1/gateways/enrol"))
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", address)
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.object().put("token", token).put("csr", csr).toString())));
    }

    @Test
    void theHealthPageWarnsBeforeACertificateEnds() throws Exception {
        enrol(create("gw-l"), new GatewayKey().csr());
        assertThat(service.get("/health/ready").text()).doesNotContain("gateway_certificate_ends");
        service.sql("update gateway_certificate set not_after = now() + interval '29 days' where gateway = 'gw-l'");
        assertThat(service.get("/health/ready").text()).contains("gateway_certificate_ends", "gw-l");
        service.sql("update gateway_certificate set not_after = now() + interval '1 year' where gateway = 'gw-l'");
    }

    @Test
    void aGatewayGetsItsNextCertificateByTheOneThatItHas() throws Exception {
        GatewayKey old = new GatewayKey();
        GatewayKey fresh = new GatewayKey();
        JsonNode enrolled = enrol(create("gw-e"), old.csr()).json();

        assertThat(renew(enrolled, fresh, fresh).code()).isEqualTo("wrong_proof");
        Got renewed = renew(enrolled, old, fresh);
        assertThat(renewed.status()).as(renewed.text()).isEqualTo(200);
        connect(fresh, renewed.json()).close();
        connect(old, enrolled).close();

        service.as(RunningService.TOKEN, "DELETE", "/api/v1/gateways/gw-e/certificate", null);
        assertThat(renew(renewed.json(), fresh, new GatewayKey()).code()).isEqualTo("wrong_proof");
    }

    @Test
    void aBadRequestForACertificateLeavesTheTokenUsable() throws Exception {
        String token = create("gw-f");
        GatewayKey key = new GatewayKey();
        assertThat(enrol(token, "nonsense").code()).isEqualTo("bad_csr");
        assertThat(enrol(token, key.forgedCsr()).code()).isEqualTo("bad_csr");
        String again = service.send("POST", "/api/v1/gateways/gw-f/token", "{}")
                .json()
                .path("token")
                .asText();
        assertThat(enrol(token, key.csr()).code()).isEqualTo("wrong_token");
        assertThat(enrol(again, key.csr()).status()).isEqualTo(200);
    }

    @Test
    void aTokenOlderThanADayIsRefused() throws Exception {
        String token = create("gw-g");
        service.sql("update gateway_token set expires_at = now() where gateway = 'gw-g'");
        assertThat(enrol(token, new GatewayKey().csr()).code()).isEqualTo("wrong_token");
    }

    @Test
    void secretsStandNowhereInTheClear() throws Exception {
        create("gw-h");
        String key = device("{\"id\":\"soil-h1\",\"profile\":\"generic-bin\",\"gateway\":\"gw-h\","
                        + "\"credentials\":{\"kind\":\"psk\",\"key\":\"00112233445566778899AABBCCDDEEFF\"}}")
                .at("/credentials/key")
                .asText();
        assertThat(key).isEqualTo("00112233445566778899aabbccddeeff");
        service.sql("do $$ begin if exists (select from device_credential k where k.device = 'soil-h1' and"
                + " (position('00112233445566778899aabbccddeeff'::bytea in k.sealed) > 0"
                + " or k.secret_hash is not null)) then raise exception 'in the clear'; end if; end $$");
        for (String file : List.of("ca.key", "config.key", "mqtt.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            folder.resolve("data/ca").resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(folder.resolve("data/ports.json")))
                .contains("\"mqtt_tls\": " + service.mqttTlsPort());
    }

    @Test
    void aDeviceMovesBehindAGatewayAndNeedsACredentialThatItCanKnow() {
        create("gw-i");
        service.enrol("bin-i1");
        assertThat(service.get("/api/v1/devices/bin-i1").json().has("needs_credential"))
                .isFalse();
        Got moved = service.send("PATCH", "/api/v1/devices/bin-i1", "{\"gateway\":\"gw-i\"}");
        assertThat(moved.json().path("gateway").asText()).isEqualTo("gw-i");
        assertThat(moved.json().path("needs_credential").asBoolean()).isTrue();
        service.send("POST", "/api/v1/devices/bin-i1/credentials", "{\"kind\":\"psk\"}");
        assertThat(service.get("/api/v1/devices/bin-i1").json().has("needs_credential"))
                .isFalse();
        assertThat(service.send("PATCH", "/api/v1/devices/bin-i1", "{\"gateway\":\"gw-none\"}")
                        .code())
                .isEqualTo("unknown_gateway");

        assertThat(service.as(RunningService.TOKEN, "DELETE", "/api/v1/gateways/gw-i", null)
                        .code())
                .isEqualTo("has_devices");
        service.send("PATCH", "/api/v1/devices/bin-i1", "{\"gateway\":null}");
        assertThat(service.get("/api/v1/devices/bin-i1").json().has("gateway")).isFalse();
        assertThat(service.as(RunningService.TOKEN, "DELETE", "/api/v1/gateways/gw-i", null)
                        .status())
                .isEqualTo(204);
        assertThat(service.get("/api/v1/gateways/gw-i").status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsSaid() {
        create("gw-j");
        assertThat(service.send("POST", "/api/v1/gateways", "{\"id\":\"gw-j\",\"title\":\"x\"}")
                        .status())
                .isEqualTo(409);
        assertThat(service.send("POST", "/api/v1/gateways", "{\"id\":\"a b\",\"title\":\"x\"}")
                        .status())
                .isEqualTo(422);
        for (String key : List.of("zz", "00", "0".repeat(31), "0".repeat(130))) {
            assertThat(service.send(
                                    "POST",
                                    "/api/v1/devices",
                                    ("{\"id\":\"s\",\"profile\":\"generic-bin\",\"gateway\":\"gw-j\","
                                                    + "\"credentials\":{\"kind\":\"psk\",\"key\":\"%s\"}}")
                                            .formatted(key))
                            .code())
                    .isEqualTo("bad_secret");
        }
    }
}
