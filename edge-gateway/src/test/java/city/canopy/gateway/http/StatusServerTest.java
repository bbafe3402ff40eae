package city.canopy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.Refusal;
import city.canopy.gateway.store.StoreStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile List<Refusal> refusals = List.of();
    private int port;

    @BeforeEach
    void open() throws Exception {
        port = new StatusServer(vertx, this::status, meters, Clock.systemUTC())
                .start("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private GatewayStatus status() {
        return new GatewayStatus(
                "gw",
                "1",
                true,
                Instant.EPOCH,
                false,
                3,
                2,
                Map.of("registered", 2L),
                refusals.isEmpty() ? 0 : 1,
                refusals,
                0,
                7,
                Instant.EPOCH,
                new StoreStatus("store", 1, 0, 0, 1, 0, 0, 0, 0));
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    void whatADeviceRefusesIsTold() throws Exception {
        JsonNode before = new ObjectMapper().readTree(get("/status.json"));
        assertThat(before.path("lwm2m_refusing").intValue()).isZero();
        assertThat(before.path("lwm2m_refusals").isArray()).isTrue();
        refusals = List.of(new Refusal(new DeviceId("soil-1"), Refusal.Kind.ATTRIBUTES, "/3303/0/5700", "4.00"));
        JsonNode now = new ObjectMapper().readTree(get("/status.json"));
        assertThat(now.path("lwm2m_refusing").intValue()).isEqualTo(1);
        assertThat(now.path("lwm2m_refusals").toString())
                .isEqualTo(
                        "[{\"device\":\"soil-1\",\"kind\":\"attributes\",\"path\":\"/3303/0/5700\",\"answer\":\"4.00\"}]");
    }

    @Test
    void thePageSaysEachKindInBothLanguages() throws Exception {
        String page = get("/");
        for (Refusal.Kind kind : Refusal.Kind.values()) {
            assertThat(Pattern.compile("\\b" + kind.wire() + ": '[^']{20,}'")
                            .matcher(page)
                            .results()
                            .count())
                    .as(kind.wire())
                    .isEqualTo(2);
        }
    }
}
