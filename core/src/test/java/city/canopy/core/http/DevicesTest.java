package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Enrolling devices one by one and from a file, what they may then say, and the same request twice. */
@Timeout(120)
class DevicesTest {
    private static final String DEVICES = "/api/v1/devices";

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

    private static String wish(String id, String credentials) {
        return "{\"id\":\"%s\",\"profile\":\"generic-bin\",\"position\":[105.85,21.47],\"credentials\":%s}"
                .formatted(id, credentials);
    }

    private static Got keyed(String key, String method, String path, String type, String body) {
        return service.send(service.request(path)
                .header("Content-Type", type)
                .header("Idempotency-Key", key)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void aSecretIsShownOnceAndWorks() {
        Got made = service.send("POST", DEVICES, wish("once", "{\"kind\":\"token\"}"));
        assertThat(made.status()).isEqualTo(201);
        String token = made.json().path("credentials").path("token").asText();
        assertThat(token).hasSizeGreaterThan(20);
        assertThat(service.get(DEVICES + "/once").text()).doesNotContain(token);
        assertThat(service.get(DEVICES + "?q=once").text()).doesNotContain(token);
        assertThat(service.tell(token, "{\"fill_level\":20}").status()).isEqualTo(200);
        assertThat(service.get(DEVICES + "/once/readings")
                        .json()
                        .path("items")
                        .get(0)
                        .path("value")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void aCredentialOfOnesOwnMayBeBrought() {
        Got password = service.send(
                "POST",
                DEVICES,
                wish(
                        "own-password",
                        "{\"kind\":\"password\",\"username\":\"bin-7\",\"password\":\"a-password-of-its-own-0001\"}"));
        assertThat(password.status()).as(password.text()).isEqualTo(201);
        assertThat(service.send("POST", DEVICES, wish("second", "{\"kind\":\"password\",\"username\":\"bin-7\"}"))
                        .status())
                .as("a user name is one device's")
                .isEqualTo(409);
        Got certificate = service.send(
                "POST",
                DEVICES,
                wish("own-certificate", "{\"kind\":\"x509\",\"fingerprint\":\"" + "ab".repeat(32) + "\"}"));
        assertThat(certificate.status()).as(certificate.text()).isEqualTo(201);
        assertThat(service.send("POST", DEVICES, wish("bad-certificate", "{\"kind\":\"x509\",\"certificate\":\"x\"}"))
                        .status())
                .isEqualTo(422);
        Got psk = service.send("POST", DEVICES, wish("psk", "{\"kind\":\"psk\"}"));
        assertThat(psk.status()).as("there is no gateway").isEqualTo(400);
        assertThat(psk.json().path("detail").asText()).contains("gateway");
    }

    @Test
    void whatCannotBeEnrolledIsRefusedWithItsCause() {
        String[][] wrong = {
            {"{\"id\":\"has space\",\"profile\":\"generic-bin\"}", "422"},
            {"{\"id\":\"x1\",\"profile\":\"no-such-profile\"}", "422"},
            {
                "{\"id\":\"x2\",\"profile\":\"generic-bin\",\"attach\":{\"layer\":\"waste_points\",\"feature_id\":\"W99\"}}",
                "422"
            },
            {"{\"id\":\"x3\",\"profile\":\"generic-bin\",\"position\":[21.47,105.85]}", "422"},
            {"{\"id\":\"x4\",\"profile\":\"generic-bin\",\"colour\":\"green\"}", "422"},
            {"{\"id\":\"x5\"", "400"},
        };
        for (String[] one : wrong) {
            Got got = service.send("POST", DEVICES, one[0]);
            assertThat(got.status()).as(one[0] + got.text()).isEqualTo(Integer.parseInt(one[1]));
            assertThat(got.json().path("detail").asText()).isNotEmpty();
        }
        service.send("POST", DEVICES, wish("taken", "{\"kind\":\"token\"}"));
        assertThat(service.send("POST", DEVICES, wish("taken", "{\"kind\":\"token\"}"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aNewCredentialEndsTheOldOneAndADisabledDeviceIsOut() {
        String old = service.send("POST", DEVICES, wish("rotated", "{\"kind\":\"token\"}"))
                .json()
                .path("credentials")
                .path("token")
                .asText();
        String fresh = service.send("POST", DEVICES + "/rotated/credentials", "{\"kind\":\"token\"}")
                .json()
                .path("token")
                .asText();
        assertThat(service.tell(old, "{\"fill_level\":20}").status()).isEqualTo(401);
        assertThat(service.tell(fresh, "{\"fill_level\":20}").status()).isEqualTo(200);
        assertThat(service.send("PATCH", DEVICES + "/rotated", "{\"disabled\":true,\"name\":\"Thùng chợ\"}")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("Thùng chợ");
        assertThat(service.tell(fresh, "{\"fill_level\":21}").status()).isEqualTo(401);
        assertThat(service.send("DELETE", DEVICES + "/rotated", "").code())
                .as("it has said something: it stays for its readings")
                .isEqualTo("has_readings");
        service.send("POST", DEVICES, wish("silent", "{\"kind\":\"token\"}"));
        assertThat(service.send("DELETE", DEVICES + "/silent", "").status()).isEqualTo(204);
        assertThat(service.get(DEVICES + "/silent").status()).isEqualTo(404);
    }

    @Test
    void aListIsPagedWithoutAGapOrADouble() {
        for (int i = 0; i < 25; i++) {
            service.send("POST", DEVICES, wish("page-%02d".formatted(i), "{\"kind\":\"token\"}"));
        }
        List<String> seen = new ArrayList<>();
        String next = DEVICES + "?q=page-&limit=10";
        while (next != null) {
            JsonNode page = service.get(next).json();
            page.path("items").forEach(item -> seen.add(item.path("id").asText()));
            next = page.hasNonNull("next") ? page.path("next").asText() : null;
        }
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(service.get(DEVICES + "?limit=100000").status()).isEqualTo(400);
        assertThat(service.get("/api/v1/tickets?cursor=nonsense%21").status()).isEqualTo(400);
        assertThat(service.get(DEVICES + "?colour=green").code()).isEqualTo("unknown_parameter");
    }

    @Test
    void aFileIsTriedFirstAndTakenWholeOrNotAtAll() {
        String good = "id,profile,layer,feature_id,lon,lat,credential,secret\n"
                + "f1,generic-bin,waste_points,W1,,,token,\n"
                + "f2,generic-bin,,,105.851,21.471,token,a-secret-of-its-own-0001\n";
        String bad = good
                + "f 3,generic-bin,,,,,,\n"
                + "f4,no-such-profile,,,,,,\n"
                + "f1,generic-bin,,,,,,\n"
                + "f5,generic-bin,waste_points,W99,,,,\n"
                + "f6,generic-bin,,,north,21,,\n";
        Got refused = file(bad, false);
        assertThat(refused.status()).isEqualTo(422);
        List<Long> lines = new ArrayList<>();
        refused.json().path("problems").forEach(problem -> {
            lines.add(problem.path("line").asLong());
            assertThat(problem.path("cause").asText()).isNotEmpty();
        });
        assertThat(lines).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(service.get(DEVICES + "/f1").status()).isEqualTo(404);
        Got tried = file(good, true);
        assertThat(tried.status()).isEqualTo(200);
        assertThat(tried.json().path("enrolled").asInt()).isZero();
        assertThat(service.get(DEVICES + "/f1").status()).isEqualTo(404);
        Got taken = file(good, false);
        assertThat(taken.json().path("enrolled").asInt()).isEqualTo(2);
        assertThat(service.tell("a-secret-of-its-own-0001", "{\"fill_level\":20}")
                        .status())
                .isEqualTo(200);
        assertThat(file("id;profile\nx;y\n", false).status()).isEqualTo(422);
        assertThat(file("id,profile,colour\nx,y,z\n", false).code()).isEqualTo("unknown_column");
    }

    private static Got file(String csv, boolean dryRun) {
        return service.send(service.request(DEVICES + "/import" + (dryRun ? "?dry_run=true" : ""))
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString(csv)));
    }

    @Test
    void theSameRequestTwiceIsCarriedOutOnce() {
        String body = wish("twice", "{\"kind\":\"token\"}");
        Got first = keyed("enrol-twice", "POST", DEVICES, "application/json", body);
        Got second = keyed("enrol-twice", "POST", DEVICES, "application/json", body);
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text())
                .as("a lost answer can be had again, its secret too")
                .isEqualTo(first.text());
        assertThat(second.response().headers().firstValue("idempotent-replayed"))
                .hasValue("true");
        assertThat(service.tell(second.json().path("credentials").path("token").asText(), "{\"fill_level\":20}")
                        .status())
                .isEqualTo(200);
        assertThat(keyed("enrol-twice", "POST", DEVICES, "application/json", wish("other", "{\"kind\":\"token\"}"))
                        .code())
                .isEqualTo("idempotency_key_reused");
        assertThat(service.get(DEVICES + "/other").status()).isEqualTo(404);
        Got wrong = keyed("wrong", "POST", DEVICES, "application/json", "{\"id\":\"wrong\",\"profile\":\"none\"}");
        assertThat(keyed("wrong", "POST", DEVICES, "application/json", "{\"id\":\"wrong\",\"profile\":\"none\"}")
                        .text())
                .as("a refusal is an answer")
                .isEqualTo(wrong.text());
        assertThat(keyed(" ", "POST", DEVICES, "application/json", body).status())
                .isEqualTo(400);
        assertThat(keyed("x".repeat(256), "POST", DEVICES, "application/json", body)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theSameRequestManyTimesAtOnceIsCarriedOutOnce() {
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(service.client()
                    .sendAsync(
                            service.request("/api/v1/tokens")
                                    .header("Content-Type", "application/json")
                                    .header("Idempotency-Key", "at-once")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"name\":\"at-once\",\"role\":\"viewer\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        }
        Set<String> bodies = new HashSet<>();
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            HttpResponse<String> answer = call.join();
            assertThat(answer.statusCode()).isIn(201, 409);
            if (answer.statusCode() == 201) {
                bodies.add(answer.body());
            } else {
                assertThat(answer.body()).contains("under_way");
            }
        }
        assertThat(bodies).hasSize(1);
        long made = 0;
        for (JsonNode token : service.get("/api/v1/tokens").json().path("items")) {
            made += token.path("name").asText().equals("at-once") ? 1 : 0;
        }
        assertThat(made).isEqualTo(1);
    }

    @Test
    void twoProbesOnOneFeatureAreTwoStates() {
        String first = service.enrol("probe-a");
        String second = service.enrol("probe-b");
        service.tell(first, "{\"fill_level\":21}");
        service.tell(second, "{\"fill_level\":22}");
        List<String> told = new ArrayList<>();
        service.get("/api/v1/state?limit=1000")
                .json()
                .path("items")
                .forEach(item -> told.add(
                        item.path("device").asText() + " " + item.path("value").asInt()));
        assertThat(told).contains("probe-a 21", "probe-b 22");
    }

    @Test
    void telemetryIsAnsweredByWhatBecameOfIt() {
        String token = service.send("POST", DEVICES, wish("teller", "{\"kind\":\"token\"}"))
                .json()
                .path("credentials")
                .path("token")
                .asText();
        assertThat(service.tell(token, "{\"fill_level\":33}").status()).isEqualTo(200);
        assertThat(service.get(DEVICES + "/teller/readings").json().path("items"))
                .hasSize(1);
        assertThat(service.tell(token, "not json").status())
                .as("kept in quarantine: taken, so that the device does not send it for ever")
                .isEqualTo(200);
        assertThat(service.get("/api/v1/quarantine?device=teller&code=undecodable")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(service.tell("not-a-token-0000000000000000", "{\"fill_level\":33}")
                        .status())
                .isEqualTo(401);
        Got large = service.tell(token, "{\"x\":\"" + "y".repeat(300_000) + "\"}");
        assertThat(large.status()).as(large.text()).isEqualTo(413);
    }
}
