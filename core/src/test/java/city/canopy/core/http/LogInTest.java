package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logging in and out as a browser does. */
@Timeout(120)
class LogInTest {
    private static final String PASSWORD = "một mật khẩu đủ dài";

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

    private static String person(String name, String role) {
        Got got = service.send(
                "POST",
                "/api/v1/users",
                "{\"name\":\"%s\",\"role\":\"%s\",\"password\":\"%s\"}".formatted(name, role, PASSWORD));
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        assertThat(got.text()).doesNotContain(PASSWORD);
        return got.json().path("id").asText();
    }

    private static Got logIn(String name, String password) {
        return service.as(
                null, "POST", "/api/v1/session", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
    }

    private static String cookie(Got got) {
        String header = got.response().headers().firstValue("set-cookie").orElseThrow();
        return header.substring(0, header.indexOf(';'));
    }

    private static Got with(String cookie, String method, String path, String json, String origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.at(path)).header("Cookie", cookie);
        if (origin != null) {
            request.header("Origin", origin);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return service.send(request.method(
                method,
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String ours() {
        String at = service.at("/").toString();
        return at.substring(0, at.length() - 1);
    }

    @Test
    void aSessionIsACookieThatScriptsCannotReadAndOtherSitesDoNotSend() {
        person("lan", "dispatcher");
        Got got = logIn("lan", PASSWORD);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.json().path("role").asText()).isEqualTo("dispatcher");
        assertThat(got.response().headers().firstValue("set-cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Lax", "Path=/");
        String cookie = cookie(got);
        assertThat(with(cookie, "GET", "/api/v1/session", null, null)
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("lan");
        assertThat(with(cookie, "DELETE", "/api/v1/session", null, ours()).status())
                .isEqualTo(204);
        assertThat(with(cookie, "GET", "/api/v1/session", null, null).status()).isEqualTo(401);
    }

    @Test
    void wrongNamesAndWrongPasswordsSoundTheSame() {
        person("minh", "viewer");
        Got wrongPassword = logIn("minh", "sai mật khẩu rồi");
        Got wrongName = logIn("nobody", "sai mật khẩu rồi");
        assertThat(wrongPassword.status()).isEqualTo(401);
        assertThat(wrongName.status()).isEqualTo(401);
        assertThat(wrongPassword.text()).isEqualTo(wrongName.text());
        assertThat(wrongPassword.response().headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void aWriteWithACookieMustComeFromOurOwnPages() {
        person("tuan", "dispatcher");
        String cookie = cookie(logIn("tuan", PASSWORD));
        String wish = "{\"service\":\"waste-fire\",\"layer\":\"waste_points\",\"feature_id\":\"W1\"}";
        for (String origin : new String[] {"http://elsewhere.example", "null", null}) {
            Got got = with(cookie, "POST", "/api/v1/tickets", wish, origin);
            assertThat(got.status()).as(String.valueOf(origin)).isEqualTo(403);
            assertThat(got.code()).isEqualTo("foreign_origin");
        }
        assertThat(with(cookie, "POST", "/api/v1/tickets", wish, ours()).status())
                .isEqualTo(201);
    }

    @Test
    void aNewPasswordEndsAllSessionsAndTheOldPassword() {
        person("dung", "viewer");
        String cookie = cookie(logIn("dung", PASSWORD));
        String other = cookie(logIn("dung", PASSWORD));
        String fresh = "một mật khẩu khác hẳn";
        String wish = "{\"old\":\"%s\",\"new\":\"%s\"}";
        assertThat(with(cookie, "PUT", "/api/v1/session/password", wish.formatted(PASSWORD, "ngắn"), ours())
                        .code())
                .isEqualTo("bad_password");
        assertThat(with(cookie, "PUT", "/api/v1/session/password", wish.formatted("không phải", fresh), ours())
                        .status())
                .isEqualTo(401);
        assertThat(with(cookie, "PUT", "/api/v1/session/password", wish.formatted(PASSWORD, fresh), ours())
                        .status())
                .isEqualTo(204);
        assertThat(with(other, "GET", "/api/v1/session", null, null).status()).isEqualTo(401);
        assertThat(logIn("dung", PASSWORD).status()).isEqualTo(401);
        assertThat(logIn("dung", fresh).status()).isEqualTo(200);
    }

    @Test
    void somebodyWhoIsDisabledIsOutAtOnce() {
        String id = person("ngoc", "viewer");
        String cookie = cookie(logIn("ngoc", PASSWORD));
        assertThat(service.send("PATCH", "/api/v1/users/" + id, "{\"disabled\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(with(cookie, "GET", "/api/v1/session", null, null).status()).isEqualTo(401);
        assertThat(logIn("ngoc", PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void whatSomebodyDidStandsInTheHistoryUnderTheirName() {
        person("hoa", "dispatcher");
        String cookie = cookie(logIn("hoa", PASSWORD));
        String wish = "{\"service\":\"road-flood\",\"position\":[105.84,21.47]}";
        Got opened = with(cookie, "POST", "/api/v1/tickets", wish, ours());
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        JsonNode event = service.get(
                        "/api/v1/tickets/" + opened.json().path("id").asText())
                .json()
                .path("events")
                .get(0);
        assertThat(event.path("actor").asText()).startsWith("user:");
        assertThat(event.path("actor_name").asText()).isEqualTo("hoa");
    }
}
