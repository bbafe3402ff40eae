package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is open but what is listed, and nobody does what their role does not allow: every operation is walked. */
@Timeout(120)
class AccessTest {
    /** Logging in is how one gets in; the rest is what the documents name as open. */
    private static final Set<String> OPEN = Set.of("POST /api/v1/session", "POST /api/v1/gateways/enrol");

    private static final Set<String> OPEN_BESIDE_THE_API = Set.of("GET /health/live");
    /** What everybody with an account does for themselves. */
    private static final Set<String> ONES_OWN = Set.of("DELETE /api/v1/session", "PUT /api/v1/session/password");

    /** What can be looked at by those who act only. */
    private static final Set<String> OF_DISPATCHERS = Set.of("GET /api/v1/assignees");

    @TempDir
    private static Path folder;

    private static RunningService service;
    private static List<String> operations;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document().get("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        assertThat(operations).hasSizeGreaterThan(40);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    static JsonNode document() {
        return service.get("/api/v1/openapi.json").json();
    }

    private static Got call(String token, String operation) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation.substring(operation.indexOf(' ') + 1).replaceAll("\\{[a-zA-Z]+}", "1");
        return service.as(token, method, path, method.equals("GET") || method.equals("DELETE") ? null : "{}");
    }

    @Test
    void nobodyGetsInWithoutALogIn() {
        for (String operation : operations) {
            Got got = call(null, operation);
            if (OPEN.contains(operation)) {
                assertThat(got.status()).as(operation).isNotIn(401, 404, 405);
            } else {
                assertThat(got.status()).as(operation).isEqualTo(401);
                assertThat(got.response().headers().firstValue("www-authenticate"))
                        .as(operation)
                        .isPresent();
                assertThat(got.code()).as(operation).isNotEmpty();
            }
        }
        for (String operation : List.of("GET /health/live", "GET /health/ready", "GET /metrics")) {
            assertThat(call(null, operation).status())
                    .as(operation)
                    .isEqualTo(OPEN_BESIDE_THE_API.contains(operation) ? 200 : 401);
        }
    }

    @Test
    void aWrongTokenIsRefusedEverywhere() {
        for (String operation : operations) {
            assertThat(call("not-a-token-of-this-service-000", operation).status())
                    .as(operation)
                    .isEqualTo(401);
        }
    }

    @Test
    void aViewerChangesNothingAndADispatcherDoesNotAdminister() {
        String viewer = service.token("viewer");
        String dispatcher = service.token("dispatcher");
        for (String operation : operations) {
            boolean administration = operation.contains("/users")
                    || operation.contains("/tokens")
                    || operation.contains("/webhooks")
                    || operation.contains("/gateways") && !operation.startsWith("GET ");
            if (OPEN.contains(operation) || ONES_OWN.contains(operation)) {
                continue;
            }
            if (!operation.startsWith("GET ") || administration || OF_DISPATCHERS.contains(operation)) {
                assertThat(call(viewer, operation).status())
                        .as("viewer: " + operation)
                        .isEqualTo(403);
            } else if (!operation.endsWith("/events")) {
                assertThat(call(viewer, operation).status())
                        .as("viewer: " + operation)
                        .isNotIn(401, 403, 405, 500);
            }
            if (administration) {
                assertThat(call(dispatcher, operation).status())
                        .as("dispatcher: " + operation)
                        .isEqualTo(403);
            } else if (OF_DISPATCHERS.contains(operation)) {
                assertThat(call(dispatcher, operation).status())
                        .as("dispatcher: " + operation)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void whoeverGivesOutTicketsSeesNamesAndNothingElse() {
        String password = "a long enough password";
        String lan = "{\"name\":\"lan.nguyen\",\"display_name\":\"Nguyễn Thị Lan\",\"role\":\"dispatcher\","
                + "\"password\":\"" + password + "\"}";
        String gone = service.send("POST", "/api/v1/users", lan.replace("lan.", "gone."))
                .json()
                .path("id")
                .asText();
        assertThat(service.send("POST", "/api/v1/users", lan).status()).isEqualTo(201);
        assertThat(service.send("PATCH", "/api/v1/users/" + gone, "{\"disabled\":true}")
                        .status())
                .isEqualTo(200);
        Got got = service.as(service.token("dispatcher"), "GET", "/api/v1/assignees", null);
        assertThat(got.json().path("items"))
                .contains(Json.object().put("name", "lan.nguyen").put("display_name", "Nguyễn Thị Lan"))
                .allMatch(item -> item.size() == 2)
                .noneMatch(item -> item.path("name").asText().startsWith("gone."));
    }

    @Test
    void aDeviceDoesNothingButTell() {
        String device = service.enrol("walker");
        for (String operation : operations) {
            if (!OPEN.contains(operation) && !operation.equals("POST /api/v1/telemetry")) {
                assertThat(call(device, operation).status()).as(operation).isEqualTo(403);
            }
        }
    }

    @Test
    void anotherMethodIsNamedAsNotAllowed() {
        String token = service.token("administrator");
        Set<String> known = Set.copyOf(operations);
        for (String operation : operations) {
            String path = operation.substring(operation.indexOf(' ') + 1);
            for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
                // Below /devices "import" may be a device's id as well, below /gateways "enrol" a gateway's.
                boolean isAnId = path.equals("/api/v1/devices/import")
                                && known.contains(method + " /api/v1/devices/{id}")
                        || path.equals("/api/v1/gateways/enrol") && known.contains(method + " /api/v1/gateways/{id}");
                if (!known.contains(method + " " + path) && !isAnId) {
                    Got got = call(token, method + " " + path);
                    assertThat(got.status()).as(method + " " + path).isEqualTo(405);
                    assertThat(got.response().headers().firstValue("allow")).isPresent();
                }
            }
        }
    }

    @Test
    void aRevokedTokenIsOver() {
        Got issued = service.send("POST", "/api/v1/tokens", "{\"name\":\"short\",\"role\":\"viewer\"}");
        String token = issued.json().path("token").asText();
        assertThat(service.as(token, "GET", "/api/v1/tickets", null).status()).isEqualTo(200);
        assertThat(service.get("/api/v1/tokens").text()).doesNotContain(token);
        service.send("DELETE", "/api/v1/tokens/" + issued.json().path("id").asText(), "");
        assertThat(service.as(token, "GET", "/api/v1/tickets", null).status()).isEqualTo(401);
    }

    @Test
    void afterTenFailuresAnAccountWaitsEvenForTheRightPassword() {
        String wish = "{\"name\":\"hoa\",\"password\":\"%s\"}";
        String password = "một mật khẩu đủ dài";
        service.send(
                "POST",
                "/api/v1/users",
                "{\"name\":\"hoa\",\"role\":\"viewer\",\"password\":\"%s\"}".formatted(password));
        assertThat(service.as(null, "POST", "/api/v1/session", wish.formatted(password))
                        .status())
                .isEqualTo(200);
        for (int i = 0; i < 10; i++) {
            assertThat(service.as(null, "POST", "/api/v1/session", wish.formatted("sai mật khẩu " + i))
                            .status())
                    .isEqualTo(401);
        }
        Got got = service.as(null, "POST", "/api/v1/session", wish.formatted(password));
        assertThat(got.status()).isEqualTo(429);
        assertThat(Integer.parseInt(
                        got.response().headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 15 * 60);
    }
}
