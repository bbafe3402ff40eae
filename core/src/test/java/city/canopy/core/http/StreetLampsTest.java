package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.announce.Outbox;
import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/packs.md, as a reader follows it: a folder of data makes a new domain of the running service. */
@Timeout(120)
class StreetLampsTest {
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "street-lamps");

    @TempDir
    private Path folder;

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    private static String token(Got enrolled) {
        assertThat(enrolled.status()).as(enrolled.text()).isEqualTo(201);
        return enrolled.json().path("credentials").path("token").asText();
    }

    private static JsonNode onlyTicket(RunningService service, String rule) {
        JsonNode tickets = service.get("/api/v1/tickets?rule=" + rule).json().path("items");
        assertThat(tickets).hasSize(1);
        return tickets.get(0);
    }

    @Test
    void aFolderOfDataBringsStreetLampsIntoARunningService() throws IOException {
        Path data = folder.resolve("data");
        try (RunningService service = new RunningService(data)) {
            assertThat(service.get("/api/v1/layers/street_lamps/features").status())
                    .isEqualTo(404);
            copy(EXAMPLE, data.resolve("packs").resolve("street-lamps"));
            Outbox.until(
                    "the pack is in force",
                    () -> service.get("/api/v1/packs").text().contains("street-lamps"));
            String lamp = token(service.send(
                    "POST",
                    "/api/v1/devices",
                    "{\"id\":\"lamp-2\",\"profile\":\"lamp-controller\",\"credentials\":{\"kind\":\"token\"},"
                            + "\"position\":[105.85032,21.47011]}"));
            assertThat(service.tell(lamp, "{\"fault\":0,\"power\":0.118}").status())
                    .isEqualTo(200);
            assertThat(service.get("/api/v1/tickets").json().path("items")).isEmpty();
            JsonNode reading = service.get("/api/v1/devices/lamp-2/readings?quantity=lamp_power")
                    .json()
                    .path("items")
                    .get(0);
            assertThat(reading.path("value").asDouble()).isEqualTo(118);
            assertThat(reading.path("unit").asText()).isEqualTo("W");
            assertThat(reading.path("feature_id").asText()).isEqualTo("L2");

            assertThat(service.get("/api/v1/layers/street_lamps/features/L2")
                            .json()
                            .path("devices")
                            .findValuesAsText("id"))
                    .as("a device that was enrolled near by")
                    .containsExactly("lamp-2");

            assertThat(service.tell(lamp, "{\"fault\":1}").status()).isEqualTo(200);
            JsonNode failed = onlyTicket(service, "lamp-failed");
            assertThat(failed.path("service").asText()).isEqualTo("lamp-repair");
            assertThat(failed.path("layer").asText()).isEqualTo("street_lamps");
            assertThat(failed.path("feature_id").asText()).isEqualTo("L2");
            assertThat(failed.path("title").path("vi").asText()).isEqualTo("Đèn đường hỏng");
            assertThat(failed.path("title").path("en").asText()).isEqualTo("Street lamp has failed");
        }
    }

    /** The limit follows the lamp: 200 W is too much for a lamp of 120 W and right for one of 250 W. */
    @Test
    void aRuleOfTheExampleKnowsTheLamp() throws IOException {
        Path data = folder.resolve("data");
        copy(EXAMPLE, data.resolve("packs").resolve("street-lamps"));
        try (RunningService service = new RunningService(data)) {
            long now = System.currentTimeMillis();
            for (String feature : List.of("L1", "L3")) {
                String lamp = token(service.send(
                        "POST",
                        "/api/v1/devices",
                        "{\"id\":\"at-%s\",\"profile\":\"lamp-controller\",\"credentials\":{\"kind\":\"token\"},\"attach\":{\"layer\":\"street_lamps\",\"feature_id\":\"%s\"}}"
                                .formatted(feature, feature)));
                for (long minutesAgo = 40; minutesAgo >= 0; minutesAgo -= 10) {
                    String payload = "{\"ts\":%d,\"values\":{\"power\":0.2}}".formatted(now - minutesAgo * 60_000);
                    assertThat(service.tell(lamp, payload).status()).isEqualTo(200);
                }
            }
            assertThat(onlyTicket(service, "lamp-overload").path("feature_id").asText())
                    .isEqualTo("L1");
        }
    }

    @Test
    void theRulesOfTheExampleReadAsSentencesAndItsValuesHaveNames() throws IOException {
        Path data = folder.resolve("data");
        copy(EXAMPLE, data.resolve("packs").resolve("street-lamps"));
        try (RunningService service = new RunningService(data)) {
            assertThat(service.get("/api/v1/rules/lamp-dark")
                            .json()
                            .path("sentence")
                            .path("en")
                            .asText())
                    .isEqualTo(
                            "When lamp power < 5 W and (hour of the day ≥ 19 or hour of the day < 5) for 30 min; over when "
                                    + "lamp power ≥ 5 W.");
            JsonNode lamp =
                    service.get("/api/v1/layers/street_lamps/features/L1").json();
            assertThat(lamp.path("attributes")
                            .findValue("values")
                            .path("led")
                            .path("en")
                            .asText())
                    .isEqualTo("LED");
        }
    }
}
