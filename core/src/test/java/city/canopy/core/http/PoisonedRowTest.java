package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A row that the database refuses, in the midst of a batch: it goes to quarantine, and nobody else notices. */
@Timeout(120)
class PoisonedRowTest {
    private static final int DEVICES = 60;

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

    @Test
    void onePoisonedRowHarmsNobodyElse() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            tokens.add(service.enrol("p" + i));
            service.tell(tokens.get(i), "{\"fill_level\":10}");
        }
        service.sql("alter table observation add constraint poison check (value <> 666)");
        for (int round = 1; round <= 5; round++) {
            int poisoned = round * 7;
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                String payload =
                        i == poisoned ? "{\"waste_temperature\":666}" : "{\"fill_level\":%d}".formatted(20 + round);
                answers.add(tell(tokens.get(i), payload));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.join().statusCode())
                        .as("acknowledged: %s", answer.join().body())
                        .isEqualTo(200);
            }
        }
        for (int i = 0; i < DEVICES; i++) {
            boolean once = i % 7 == 0 && i > 0 && i <= 35;
            JsonNode readings =
                    service.get("/api/v1/devices/p" + i + "/readings").json().path("items");
            assertThat(readings).as("p" + i).hasSize(once ? 5 : 6);
            JsonNode quarantine =
                    service.get("/api/v1/quarantine?device=p" + i).json().path("items");
            assertThat(quarantine).as("p" + i).hasSize(once ? 1 : 0);
            if (once) {
                assertThat(quarantine.get(0).path("code").asText()).isEqualTo("poisoned");
                assertThat(quarantine.get(0).path("detail").asText()).contains("the database refused it");
            }
        }
        assertThat(service.get("/health/ready").json().path("status").asText()).isEqualTo("ready");
    }

    private static CompletableFuture<HttpResponse<String>> tell(String token, String payload) {
        return service.client()
                .sendAsync(
                        HttpRequest.newBuilder(service.at("/api/v1/telemetry"))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(payload))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
