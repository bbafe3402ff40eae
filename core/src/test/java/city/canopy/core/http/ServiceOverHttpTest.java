package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service, asked over real HTTP. */
@Timeout(120)
class ServiceOverHttpTest {
    @TempDir
    private static Path folder;

    private static RunningService service;
    private static String bin;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        bin = service.enrol("bin-1");
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    /** Fills the bin and empties it again, so that each test has a ticket of its own. */
    private static JsonNode freshTicket() {
        JsonNode live = service.get("/api/v1/tickets?status=open,assigned,in_progress,resolved")
                .json()
                .path("items");
        for (JsonNode ticket : live) {
            service.send("PATCH", "/api/v1/tickets/" + ticket.path("id").asText(), "{\"status\":\"closed\"}");
        }
        assertThat(service.tell(bin, "{\"fill_level\":10}").status()).isEqualTo(200);
        assertThat(service.tell(bin, "{\"fill_level\":95.5}").status()).isEqualTo(200);
        JsonNode open = service.get("/api/v1/tickets?status=open&rule=waste-overflow")
                .json()
                .path("items");
        assertThat(open).hasSize(1);
        return open.get(0);
    }

    @Test
    void aFullBinOpensATicketThatLeadsBackToItsRawBytes() {
        JsonNode ticket = freshTicket();
        assertThat(ticket.path("layer").asText()).isEqualTo("waste_points");
        assertThat(ticket.path("feature_id").asText()).isEqualTo("W1");
        assertThat(ticket.path("title").path("vi").asText()).isNotEmpty();
        JsonNode witness = service.get(ticket.path("trace").asText())
                .json()
                .path("witnesses")
                .get(0);
        assertThat(witness.path("rule").path("id").asText()).isEqualTo("waste-overflow");
        assertThat(witness.path("rule").path("text").asText()).contains("fill_level >= 80");
        assertThat(witness.path("rule").path("sentence").path("vi").asText()).isNotEmpty();
        assertThat(witness.path("rule").path("saw").path("en").asText()).isEqualTo("Fill level (95.5 %) ≥ 80 %.");
        assertThat(witness.path("reading").path("value").asDouble()).isEqualTo(95.5);
        assertThat(witness.path("reading").path("unit").asText()).isEqualTo("%");
        JsonNode frame = witness.path("frame");
        assertThat(new String(
                        Base64.getDecoder().decode(frame.path("payload_base64").asText()), StandardCharsets.UTF_8))
                .isEqualTo("{\"fill_level\":95.5}");
        assertThat(frame.path("topic").asText()).isEqualTo("/api/v1/telemetry");
        assertThat(service.get("/api/v1/frames/" + frame.path("id").asText()).json())
                .isEqualTo(frame);
    }

    @Test
    void aTicketMovesWithAReasonAndKeepsItsHistoryAndGuardsAgainstAnothersChange() {
        String path = "/api/v1/tickets/" + freshTicket().path("id").asText();
        Got read = service.get(path);
        String tag = read.response().headers().firstValue("etag").orElseThrow();
        assertThat(service.send("PATCH", path, "{\"assignee\":\"crew-1\",\"comment\":\"xem ngay\"}")
                        .status())
                .isEqualTo(200);
        Got stale = service.send(service.request(path)
                .header("If-Match", tag)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"status\":\"closed\"}")));
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("changed_meanwhile");
        Got noReason = service.send("PATCH", path, "{\"status\":\"rejected\"}");
        assertThat(noReason.status()).isEqualTo(422);
        assertThat(noReason.code()).isEqualTo("reason_missing");
        assertThat(service.send("PATCH", path, "{\"status\":\"rejected\",\"reason\":\"đã dọn\"}")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("rejected");
        assertThat(service.send("PATCH", path, "{\"status\":\"open\"}").status())
                .isEqualTo(409);
        List<String> kinds = new ArrayList<>();
        service.get(path)
                .json()
                .path("events")
                .forEach(event -> kinds.add(event.path("kind").asText()));
        assertThat(kinds).contains("opened", "assigned", "comment", "status");
    }

    @Test
    void aTicketSaysWhoHasItUntilNobodyDoes() {
        String path = "/api/v1/tickets/" + openedAt("[105.8401,21.4701]");
        assertThat(service.get(path).json().has("assignee")).isFalse();
        service.send("PATCH", path, "{\"assignee\":\"Đội 3\"}");
        assertThat(service.get(path).json().path("assignee").asText()).isEqualTo("Đội 3");
        assertThat(service.send("PATCH", path, "{\"assignee\":null}").json().has("assignee"))
                .isFalse();
    }

    @Test
    void aTicketIsMergedIntoOneThatGoesOnAndBothSaySo() {
        String one = openedAt("[105.8411,21.4711]");
        String two = openedAt("[105.8412,21.4711]");
        String three = openedAt("[105.8413,21.4711]");
        assertThat(merge(one, null).code()).isEqualTo("merge_target_missing");
        assertThat(merge(one, one).code()).isEqualTo("merge_target_itself");
        assertThat(merge(one, "0".repeat(26)).code()).isEqualTo("merge_target_unknown");
        assertThat(merge(one, "?").code()).isEqualTo("merge_target_unknown");
        assertThat(merge(one, "?").status()).isEqualTo(422);
        assertThat(service.send(
                                "PATCH",
                                "/api/v1/tickets/" + one,
                                "{\"status\":\"closed\",\"merged_into\":\"" + two + "\"}")
                        .code())
                .isEqualTo("bad_member");
        Got done = merge(one, two);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.json().path("merged_into").asText()).isEqualTo(two);
        assertThat(merge(three, one).code()).isEqualTo("merge_target_merged");
        JsonNode target = service.get("/api/v1/tickets/" + two).json();
        assertThat(target.path("merged_from").get(0).asText()).isEqualTo(one);
        assertThat(target.path("events").get(1).path("kind").asText()).isEqualTo("took_in");
        service.send("PATCH", "/api/v1/tickets/" + two, "{\"status\":\"closed\"}");
        assertThat(merge(three, two).code()).isEqualTo("merge_target_over");
    }

    private static Got merge(String ticket, String into) {
        return service.send(
                "PATCH",
                "/api/v1/tickets/" + ticket,
                "{\"status\":\"merged\",\"reason\":\"cùng một chỗ\""
                        + (into == null ? "" : ",\"merged_into\":\"" + into + "\"") + "}");
    }

    private static String openedAt(String position) {
        return service.send("POST", "/api/v1/tickets", "{\"service\":\"road-flood\",\"position\":" + position + "}")
                .json()
                .path("id")
                .asText();
    }

    @Test
    void aTicketOpenedByHandIsOnePerSubjectAndService() {
        String wish = "{\"service\":\"waste-fire\",\"layer\":\"waste_points\",\"feature_id\":\"W1\","
                + "\"comment\":\"khói\"}";
        Got first = service.send("POST", "/api/v1/tickets", wish);
        assertThat(first.status()).isEqualTo(201);
        assertThat(service.send("POST", "/api/v1/tickets", wish).code()).isEqualTo("already_open");
        assertThat(service.send("POST", "/api/v1/tickets", wish.replace("W1", "W9"))
                        .code())
                .isEqualTo("unknown_subject");
        assertThat(service.send("POST", "/api/v1/tickets", wish.replace("waste-fire", "nonsense"))
                        .code())
                .isEqualTo("unknown_service");
        String comments = first.response().headers().firstValue("location").orElseThrow() + "/comments";
        assertThat(service.send("POST", comments, "{\"text\":\"đội đã đi\"}").status())
                .isEqualTo(201);
        assertThat(service.send("POST", comments, "{\"text\":\"  \"}").status()).isEqualTo(422);
    }

    @Test
    void aTicketMayBeAboutAMerePlaceAndIsFoundByItsServiceAndTime() {
        String wish = "{\"service\":\"tree-hazard\",\"position\":[105.851234,21.471234],\"note\":\"cành gãy\"}";
        JsonNode ticket = service.send("POST", "/api/v1/tickets", wish).json();
        assertThat(ticket.path("layer").asText()).isEqualTo("@place");
        assertThat(ticket.path("geometry").path("coordinates").get(0).asDouble())
                .isEqualTo(105.85123);
        assertThat(service.send("POST", "/api/v1/tickets", wish).code()).isEqualTo("already_open");
        assertThat(service.send("POST", "/api/v1/tickets", wish.replace("[105.851234,21.471234]", "[200,0]"))
                        .status())
                .isEqualTo(422);
        assertThat(service.send("POST", "/api/v1/tickets", wish.replace("\"note\"", "\"layer\":\"trees\",\"note\""))
                        .code())
                .isEqualTo("bad_member");
        String found = "/api/v1/tickets?service=tree-hazard,tree-watering&opened_from="
                + ticket.path("opened_at").asText().substring(0, 19) + "Z";
        assertThat(service.get(found).json().path("items")).hasSize(1);
        assertThat(service.get(found + "&opened_to=2026-01-01T00:00:00Z").json().path("items"))
                .isEmpty();
        assertThat(service.get("/api/v1/tickets?opened_to=soon").status()).isEqualTo(400);
    }

    @Test
    void eventsResumeAtRandomMomentsWithoutAGapOrADouble() throws IOException, InterruptedException {
        String id = freshTicket().path("id").asText();
        long start;
        try (EventStream stream = new EventStream(service, "?kinds=ticket", null)) {
            service.send("PATCH", "/api/v1/tickets/" + id, "{\"assignee\":\"crew-0\"}");
            start = stream.next().id();
        }
        int changes = 60;
        Thread writer = new Thread(() -> {
            for (int i = 1; i <= changes; i++) {
                service.send("PATCH", "/api/v1/tickets/" + id, "{\"assignee\":\"crew-" + i + "\"}");
            }
        });
        writer.start();
        Random random = new Random(20261124);
        List<Long> heard = new ArrayList<>();
        String last = "";
        while (heard.size() < changes) {
            long after = heard.isEmpty() ? start : heard.get(heard.size() - 1);
            try (EventStream stream = new EventStream(service, "?kinds=ticket,ticket", after)) {
                for (int left = 1 + random.nextInt(12); left > 0 && heard.size() < changes; left--) {
                    EventStream.Event event = stream.next();
                    heard.add(event.id());
                    last = event.data();
                }
            }
        }
        writer.join();
        assertThat(heard)
                .isEqualTo(LongStream.rangeClosed(start + 1, start + changes)
                        .boxed()
                        .toList());
        assertThat(last).contains(id);
    }

    @Test
    void changedValuesComeAsEventsAndAsStateAndAsReadings() throws IOException, InterruptedException {
        try (EventStream stream = new EventStream(service, "?kinds=feature_state", null)) {
            service.tell(bin, "{\"ts\":\"2026-01-31T08:00:00Z\",\"values\":{\"battery\":77}}");
            service.tell(bin, "{\"battery\":76.5}");
            EventStream.Event event = stream.next();
            assertThat(event.id()).isZero();
            assertThat(event.data()).contains("\"quantity\":\"battery\"", "\"feature_id\":\"W1\"");
        }
        JsonNode state =
                service.get("/api/v1/layers/waste_points/W1/state").json().path("items");
        assertThat(state)
                .anyMatch(item -> item.path("quantity").asText().equals("battery")
                        && item.path("value").asDouble() == 76.5);
        assertThat(service.get("/api/v1/state?limit=1000").json().path("items"))
                .anyMatch(item -> !item.path("quantity").asText().equals("battery"));
        assertThat(service.get("/api/v1/state?quantity=battery").json().path("items"))
                .isNotEmpty()
                .allMatch(item -> item.path("quantity").asText().equals("battery"));
        assertThat(service.get("/api/v1/state?quantity=nothing").json().path("items"))
                .isEmpty();
        String path = "/api/v1/devices/bin-1/readings?quantity=battery&order=asc&limit=1";
        Got page = service.get(path);
        assertThat(page.json().path("items")).hasSize(1);
        String next = page.json().path("next").asText();
        assertThat(service.get(next).json().path("items").get(0).path("measured_at"))
                .isNotEqualTo(page.json().path("items").get(0).path("measured_at"));
        Got csv = service.send(service.request(path).header("Accept", "text/csv"));
        assertThat(csv.text()).startsWith("quantity,instance,value,unit,").contains("battery,0,", ",%,");
        assertThat(csv.response().headers().firstValue("link")).isPresent();
    }

    @Test
    void whatIsNotUnderstoodIsInQuarantineAndCanBeReplayed() {
        assertThat(service.tell(bin, "{\"fill_level\":\"viel\"}").status()).isEqualTo(200);
        JsonNode rows =
                service.get("/api/v1/quarantine?device=bin-1&limit=1").json().path("items");
        assertThat(rows).hasSize(1);
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(rows.get(0).path("payload_base64").asText()),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"fill_level\":\"viel\"}");
        Got replayed = service.send(
                "POST", "/api/v1/quarantine/" + rows.get(0).path("id").asText() + "/replay", "");
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.json().path("outcome").asText()).isNotEmpty();
        assertThat(service.get("/api/v1/quarantine/999999").status()).isEqualTo(404);
        assertThat(service.get("/api/v1/stats")
                        .json()
                        .path("since_start")
                        .path("quarantined")
                        .asLong())
                .isPositive();
    }

    @Test
    void aWebhookShowsItsSecretOnceAndPrivateHostsAreRefused() {
        Got created = service.send(
                "POST", "/api/v1/webhooks", "{\"url\":\"http://localhost:9/hook\",\"kinds\":[\"ticket\"]}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("secret").asText()).startsWith("whsec_");
        String path = "/api/v1/webhooks/" + created.json().path("id").asText();
        assertThat(service.get("/api/v1/webhooks").text()).doesNotContain("whsec_");
        assertThat(service.send("POST", "/api/v1/webhooks", "{\"url\":\"http://169.254.169.254/\"}")
                        .code())
                .isEqualTo("forbidden_address");
        assertThat(service.send("POST", "/api/v1/webhooks", "{\"url\":\"http://localhost/\",\"kinds\":[{}]}")
                        .status())
                .isEqualTo(422);
        assertThat(service.send("PATCH", path, "{\"paused\":true}")
                        .json()
                        .path("paused")
                        .asBoolean())
                .isTrue();
        assertThat(service.get(path + "/deliveries?dead=true").json().path("items"))
                .isEmpty();
        assertThat(service.send("POST", path + "/replay", "")
                        .json()
                        .path("replayed")
                        .asInt())
                .isZero();
        assertThat(service.send("DELETE", path, "").status()).isEqualTo(204);
        assertThat(service.send("DELETE", path, "").status()).isEqualTo(404);
    }

    @Test
    void layersRulesPacksHealthAndFiguresCanBeRead() {
        Got features = service.get("/api/v1/layers/waste_points/features?bbox=105,21,106,22");
        assertThat(features.json().path("features")).hasSize(1);
        assertThat(service.get("/api/v1/layers/waste_points/features?bbox=0,0,1,1")
                        .json()
                        .path("features"))
                .isEmpty();
        String tag = service.get("/api/v1/layers/waste_points/features")
                .response()
                .headers()
                .firstValue("etag")
                .orElseThrow();
        assertThat(service.send(service.request("/api/v1/layers/waste_points/features")
                                .header("If-None-Match", tag))
                        .status())
                .isEqualTo(304);
        assertThat(service.get("/api/v1/rules").text()).contains("waste-overflow", "tree-dry");
        assertThat(service.get("/api/v1/packs").status()).isEqualTo(200);
        assertThat(service.get("/health/ready").json().path("parts"))
                .anyMatch(part -> part.path("name").asText().equals("database"));
        assertThat(service.get("/metrics").status()).isEqualTo(200);
    }

    @Test
    void whatIsWrongIsToldAsAProblemAndNothingIsOpenButWhatIsListed() {
        for (String path : List.of(
                "/api/v1/tickets?status=nonsense",
                "/api/v1/tickets?bbox=1,2,3",
                "/api/v1/tickets?updated_after=yesterday",
                "/api/v1/tickets?limit=0",
                "/api/v1/tickets?cursor=!!",
                "/api/v1/devices/bin-1/readings?order=up",
                "/api/v1/devices/bin-1/readings?quantity=No",
                "/api/v1/events?after=x")) {
            Got got = service.get(path);
            assertThat(got.status()).as(path).isEqualTo(400);
            assertThat(got.json().path("detail").asText()).as(path).isNotEmpty();
        }
        for (String path : List.of(
                "/api/v1/tickets/00000000000000000000000000",
                "/api/v1/tickets/no-id/trace",
                "/api/v1/layers/nowhere/features",
                "/api/v1/frames/0")) {
            assertThat(service.get(path).status()).as(path).isEqualTo(404);
        }
        for (String path : List.of("/api/v1/tickets", "/api/v1/events", "/health/ready", "/metrics", "/api/v1/state")) {
            assertThat(service.send(HttpRequest.newBuilder(service.at(path))).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(service.send(HttpRequest.newBuilder(service.at("/health/live")))
                        .status())
                .isEqualTo(200);
    }
}
