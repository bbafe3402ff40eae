package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the operations page looks at: features, series, words, rules, health. */
@Timeout(120)
class LookingOverHttpTest {
    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        String bin = service.enrol("bin-1");
        service.tell(bin, "{\"fill_level\":10,\"battery\":81}");
        service.tell(bin, "{\"fill_level\":95.5}");
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void oneFeatureComesWithAllThatBelongsToIt() {
        JsonNode feature =
                service.get("/api/v1/layers/waste_points/features/W1").json();
        assertThat(feature.path("geometry").path("type").asText()).isEqualTo("Point");
        assertThat(feature.path("properties").path("name").asText()).isEqualTo("Chợ Bình Sơn");
        assertThat(feature.path("version").asLong()).isEqualTo(1);
        assertThat(feature.path("updated_at").asText()).isNotEmpty();
        assertThat(feature.has("ward")).isTrue();
        assertThat(feature.path("attributes").get(0).path("title").path("vi").asText())
                .isEqualTo("Tên");
        JsonNode device = feature.path("devices").get(0);
        assertThat(device.path("id").asText()).isEqualTo("bin-1");
        assertThat(device.path("title").path("en").asText()).isNotEmpty();
        assertThat(device.path("battery").asDouble()).isEqualTo(81);
        assertThat(device.path("last_seen_at").asText()).isNotEmpty();
        assertThat(device.path("reports_every_s").asLong()).isPositive();
        assertThat(feature.path("state"))
                .anyMatch(item -> item.path("quantity").asText().equals("fill_level")
                        && item.path("value").asDouble() == 95.5);
        assertThat(feature.path("tickets")).hasSize(1);
        assertThat(feature.path("tickets").get(0).path("service").asText()).isEqualTo("waste-overflow");
        assertThat(service.get("/api/v1/layers/waste_points/features/W9").status())
                .isEqualTo(404);
        assertThat(service.get("/api/v1/layers/nowhere/features/W1").status()).isEqualTo(404);
    }

    @Test
    void whatIsLongComesPackedToWhoTakesThat() throws Exception {
        String plain = service.get("/api/v1/quantities").text();

        HttpResponse<byte[]> packed = bytes("/api/v1/quantities", "br, gzip");
        HttpResponse<byte[]> refused = bytes("/api/v1/quantities", "gzip;q=0");
        HttpResponse<byte[]> small = bytes("/api/v1/layers/waste_points/nearest?count=1&lon=105.85&lat=21.47", "gzip");

        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("vary")).contains("accept-encoding");
        assertThat(packed.body().length).isLessThan(plain.length() / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(refused.headers().firstValue("content-encoding")).isEmpty();
        assertThat(refused.headers().firstValue("vary")).contains("accept-encoding");
        assertThat(refused.body()).isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(small.headers().firstValue("content-encoding")).isEmpty();
    }

    private static HttpResponse<byte[]> bytes(String path, String encodings) throws IOException, InterruptedException {
        return service.client()
                .send(
                        service.request(path)
                                .header("Accept-Encoding", encodings)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void aPlaceHasNearestFeaturesAndAWard() {
        JsonNode point = service.get("/api/v1/layers/waste_points/features/W1")
                .json()
                .path("geometry")
                .path("coordinates");
        String place = "lon=" + (point.get(0).asDouble() + 0.0001) + "&lat="
                + point.get(1).asDouble();

        JsonNode nearest = service.get("/api/v1/layers/waste_points/nearest?count=1&" + place)
                .json()
                .path("items");

        assertThat(nearest).hasSize(1);
        assertThat(nearest.get(0).path("feature_id").asText()).isEqualTo("W1");
        assertThat(nearest.get(0).path("relation").asText()).isEqualTo("near");
        assertThat(nearest.get(0).path("meters").asDouble()).isBetween(10.0, 10.7);
        assertThat(service.get("/api/v1/layers/waste_points/nearest?lat=21").status())
                .isEqualTo(400);
        assertThat(service.get("/api/v1/layers/nowhere/nearest?" + place).status())
                .isEqualTo(404);
        assertThat(service.get("/api/v1/ward?lon=0&lat=0").status()).isEqualTo(404);
        assertThat(service.get("/api/v1/ward?at=yesterday&" + place).status()).isEqualTo(400);
    }

    @Test
    void anAddressHasRoomForADrawnAreaAndIsBounded() {
        String items = "/ogc/collections/waste_points/items?filter=name%3D%27";
        assertThat(service.get(items + "x".repeat(15_000) + "%27").status()).isEqualTo(200);
        assertThat(service.get(items + "x".repeat(ApiServer.MAX_LINE) + "%27").status())
                .isEqualTo(414);
    }

    @Test
    void theLifeOfAFeatureIsToldNewestFirst() {
        JsonNode items = service.get("/api/v1/layers/waste_points/features/W1/history")
                .json()
                .path("items");

        assertThat(items).hasSize(1);
        assertThat(items.get(0).path("version").asLong()).isEqualTo(1);
        assertThat(items.get(0).path("actor").asText()).isEqualTo("test");
        assertThat(items.get(0).path("removed").asBoolean()).isFalse();
        assertThat(items.get(0).path("properties").path("name").asText()).isEqualTo("Chợ Bình Sơn");
        assertThat(service.get("/api/v1/layers/waste_points/features/W9/history")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void featuresComeWithTheWantedPropertiesPackedAndWithATagForEachForm() throws IOException, InterruptedException {
        String path = "/api/v1/layers/waste_points/features";
        String whole = service.get(path).text();
        Got bare = service.get(path + "?properties=");
        bare.json()
                .path("features")
                .forEach(feature -> assertThat(feature.path("properties")).isEmpty());
        Got named = service.get("/api/v1/layers/waste_points/features?properties=name,nonsense");
        assertThat(named.json().path("features").get(0).path("properties")).hasSize(1);
        List<String> tags = new ArrayList<>();
        for (Got got : List.of(service.get(path), bare, service.get(path + "?bbox=0,0,1,1"))) {
            tags.add(got.response().headers().firstValue("etag").orElseThrow());
        }
        assertThat(tags).doesNotHaveDuplicates();
        Got same = service.send(service.request(path + "?properties=").header("If-None-Match", tags.get(1)));
        assertThat(same.status()).isEqualTo(304);
        Got other = service.send(service.request(path).header("If-None-Match", tags.get(1)));
        assertThat(other.status()).isEqualTo(200);
        HttpResponse<byte[]> packed = service.client()
                .send(
                        service.request("/api/v1/layers/waste_points/features")
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("vary")).hasValue("accept-encoding");
        assertThat(packed.headers().firstValue("content-encoding"))
                .as("too small")
                .isEmpty();
        assertThat(whole).startsWith("{\"type\":\"FeatureCollection\"");
    }

    @Test
    void largeLayersArePackedForThoseWhoCanUnpack() throws IOException, InterruptedException {
        service.addTrees(20_000);
        String path = "/api/v1/layers/trees/features?properties=species_group";
        String plain = service.get(path).text();
        long begin = System.nanoTime();
        HttpResponse<byte[]> packed = bytes(path, "gzip");
        // Measured: some 50 ms; the bound leaves room for a busy machine.
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        System.out.println("20,000 trees took " + millis + " ms, " + packed.body().length + " bytes");
        assertThat(millis).isLessThan(2_000);
        assertThat(packed.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(packed.body().length).isLessThan(plain.length() / 2);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
    }

    @Test
    void seriesAreLinesOfPointsForAFeatureAndForADevice() {
        for (String path : List.of("/api/v1/layers/waste_points/W1/series", "/api/v1/devices/bin-1/series")) {
            JsonNode all = service.get(path).json();
            assertThat(all.path("series")).hasSize(2);
            JsonNode one = service.get(path + "?quantity=fill_level").json();
            JsonNode line = one.path("series").get(0);
            assertThat(line.path("unit").asText()).isEqualTo("%");
            assertThat(line.path("device").asText()).isEqualTo("bin-1");
            assertThat(line.path("step_s").asLong()).isZero();
            assertThat(line.path("points")).hasSize(2);
            assertThat(line.path("points").get(1)).hasSize(5);
            assertThat(line.path("points").get(1).get(2).asDouble()).isEqualTo(95.5);
            assertThat(service.get(path + "?points=1").code()).isEqualTo("bad_parameter");
            assertThat(service.get(path + "?points=many").status()).isEqualTo(400);
            assertThat(service.get(path + "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                            .status())
                    .isEqualTo(400);
        }
        assertThat(service.get("/api/v1/layers/waste_points/W9/series").json().path("series"))
                .isEmpty();
    }

    @Test
    void theWordsOfThePacksAreListedInBothLanguages() {
        JsonNode quantities = service.get("/api/v1/quantities").json().path("items");
        assertThat(quantities)
                .anyMatch(item -> item.path("name").asText().equals("fill_level")
                        && item.path("unit").asText().equals("%")
                        && item.path("max").asDouble() == 100);
        JsonNode services = service.get("/api/v1/services").json().path("items");
        assertThat(services)
                .anyMatch(item -> item.path("id").asText().equals("waste-fire")
                        && item.path("pack").asText().equals("waste")
                        && item.path("target_s").asLong() == 3_600);
        JsonNode profiles = service.get("/api/v1/profiles").json().path("items");
        assertThat(profiles)
                .anyMatch(item -> item.path("id").asText().equals("generic-bin")
                        && item.path("quantities").size() >= 3);
        for (JsonNode list : List.of(quantities, services, profiles)) {
            for (JsonNode item : list) {
                assertThat(item.path("title").path("vi").asText()).isNotEmpty();
                assertThat(item.path("title").path("en").asText()).isNotEmpty();
            }
        }
    }

    @Test
    void rulesSayWhereTheyLookAndHowManyTicketsTheyHaveOpen() {
        JsonNode rules = service.get("/api/v1/rules").json().path("items");
        JsonNode overflow = null;
        for (JsonNode rule : rules) {
            overflow = rule.path("id").asText().equals("waste-overflow") ? rule : overflow;
            assertThat(rule.path("enabled").asBoolean()).isTrue();
            assertThat(rule.path("pack").asText()).isNotEmpty();
            assertThat(rule.path("sentence").path("vi").asText()).isNotEmpty();
        }
        assertThat(overflow.path("layer").asText()).isEqualTo("waste_points");
        assertThat(overflow.path("quantity").asText()).isEqualTo("fill_level");
        assertThat(overflow.path("open_tickets").asLong()).isEqualTo(1);
        assertThat(service.get("/api/v1/rules/waste-overflow")
                        .json()
                        .path("text")
                        .asText())
                .contains("fill_level >= 80");
        assertThat(service.get("/api/v1/rules/nonsense").status()).isEqualTo(404);
    }

    @Test
    void figuresComeWithThePeriodBeforeAndLeadToTheirTickets() {
        JsonNode items = service.get("/api/v1/kpis").json().path("items");
        assertThat(items).hasSize(9);
        for (JsonNode kpi : items) {
            assertThat(kpi.path("title").path("vi").asText()).isNotEmpty();
            assertThat(kpi.has("value") && kpi.has("previous") && kpi.has("target"))
                    .isTrue();
            assertThat(kpi.path("better").asText()).isIn("higher", "lower");
            if (!kpi.path("rows").isNull()) {
                assertThat(service.get(kpi.path("rows").asText()).status()).isEqualTo(200);
            }
        }
        assertThat(service.get("/api/v1/kpis?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .code())
                .isEqualTo("bad_parameter");
        JsonNode schedules = service.get("/api/v1/schedules").json().path("items");
        assertThat(schedules).anyMatch(item -> item.path("kind").asText().equals("inspection"));
        for (JsonNode schedule : schedules) {
            assertThat(schedule.path("next")).hasSize(KpiRoutes.NEXT);
        }
    }

    @Test
    void aViewerLooksAndADispatcherActs() {
        String viewer = service.send("POST", "/api/v1/tokens", "{\"name\":\"screen\",\"role\":\"viewer\"}")
                .json()
                .path("token")
                .asText();
        for (String path : List.of(
                "/api/v1/layers/waste_points/features",
                "/api/v1/layers/waste_points/features/W1",
                "/api/v1/layers/waste_points/W1/series",
                "/api/v1/devices/bin-1/series",
                "/api/v1/quantities",
                "/api/v1/services",
                "/api/v1/profiles",
                "/api/v1/rules",
                "/api/v1/kpis",
                "/api/v1/schedules")) {
            assertThat(as(viewer, path).status()).as(path).isEqualTo(200);
            assertThat(as("none", path).status()).as(path).isEqualTo(401);
        }
        for (String path : List.of("/api/v1/tickets", "/api/v1/tickets/00000000000000000000000000/photos")) {
            Got got = service.send(HttpRequest.newBuilder(service.at(path))
                    .header("Authorization", "Bearer " + viewer)
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
            assertThat(got.status()).as(path).isEqualTo(403);
        }
    }

    private static Got as(String token, String path) {
        return service.send(HttpRequest.newBuilder(service.at(path)).header("Authorization", "Bearer " + token));
    }

    @Test
    void everyPartOfTheHealthHasACode() {
        for (JsonNode part : service.get("/health/ready").json().path("parts")) {
            assertThat(part.path("code").asText()).matches("[a-z_]+");
        }
    }
}
