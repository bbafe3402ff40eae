package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import city.canopy.core.photos.Pictures;
import city.canopy.core.tickets.TicketDesk;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Photos of tickets, from the upload to what is served. */
@Timeout(120)
class PhotosOverHttpTest {
    @TempDir
    private static Path folder;

    private static RunningService service;
    private static byte[] jpeg;

    @BeforeAll
    static void start() throws IOException {
        service = new RunningService(folder.resolve("data"));
        jpeg = Pictures.withExif(Pictures.encode(Pictures.quarters(1_200, 800), "jpeg"), 6);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static String ticket(String kind) {
        return service.send(
                        "POST",
                        "/api/v1/tickets",
                        "{\"service\":\"" + kind + "\",\"layer\":\"waste_points\",\"feature_id\":\"W1\"}")
                .json()
                .path("id")
                .asText();
    }

    private static Got add(String ticket, String type, byte[] bytes) {
        return service.send(service.request("/api/v1/tickets/" + ticket + "/photos")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    private static HttpResponse<byte[]> image(String path) throws IOException, InterruptedException {
        return service.client().send(service.request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode event(EventStream stream) throws IOException {
        return Json.read(stream.next().data().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPhotoStandsInItsTicketItsHistoryAndItsEventsAndIsServedUpright() throws IOException, InterruptedException {
        String id = ticket("waste-fire");
        Got added;
        try (EventStream stream = new EventStream(service, "?kinds=ticket", null)) {
            added = add(id, "image/jpeg", jpeg);
            // What came before may be announced only now; without the photo this waits for its time to be over.
            JsonNode heard = event(stream);
            while (!heard.path("id").asText().equals(id) || heard.path("photos").isEmpty()) {
                heard = event(stream);
            }
            assertThat(heard.path("photos").get(0).path("id"))
                    .isEqualTo(added.json().path("id"));
        }
        assertThat(added.status()).isEqualTo(201);
        JsonNode photo = added.json();
        assertThat(photo.path("ticket").asText()).isEqualTo(id);
        assertThat(photo.path("width").asInt()).isEqualTo(800);
        assertThat(photo.path("taken_at").asText()).isEqualTo("2026-01-31T01:15:00Z");
        assertThat(photo.path("added_by").asText()).startsWith("token:");
        JsonNode ticket = service.get("/api/v1/tickets/" + id).json();
        assertThat(ticket.path("photos")).hasSize(1);
        assertThat(ticket.path("photos").get(0)).isEqualTo(photo);
        assertThat(ticket.path("events"))
                .anyMatch(event -> event.path("kind").asText().equals("photo")
                        && event.path("detail").path("photo").equals(photo.path("id")));
        HttpResponse<byte[]> whole = image(photo.path("url").asText());
        assertThat(whole.headers().firstValue("content-type")).hasValue("image/jpeg");
        assertThat(ImageIO.read(new ByteArrayInputStream(whole.body())).getHeight())
                .isEqualTo(1_200);
        HttpResponse<byte[]> thumb = image(photo.path("thumb_url").asText());
        assertThat(ImageIO.read(new ByteArrayInputStream(thumb.body())).getHeight())
                .isEqualTo(320);
        assertThat(service.get(photo.path("url").asText() + "?size=huge").status())
                .isEqualTo(400);
    }

    @Test
    void anAnswerThatComesBeforeTheWholeBodyIsNotLost() {
        String id = ticket("road-flood");
        for (int i = 0; i < 40; i++) {
            assertThat(add(id, "image/gif", new byte[2 << 20]).status()).isEqualTo(415);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(add(id, "image/jpeg", new byte[PhotoRoutes.MAX_BYTES + 1])
                            .status())
                    .isEqualTo(413);
        }
    }

    @Test
    void whatIsNoPhotoIsRefusedWithItsReason() {
        String id = ticket("waste-overflow");
        assertThat(add(id, "image/gif", jpeg).status()).isEqualTo(415);
        assertThat(add(id, "image/png", new byte[] {1, 2}).code()).isEqualTo("not_a_photo");
        for (int length = 3; length < jpeg.length; length += jpeg.length / 20) {
            Got got = add(id, "image/jpeg", Arrays.copyOf(jpeg, length));
            assertThat(got.status()).as("%d bytes", length).isEqualTo(422);
            assertThat(got.code()).isEqualTo("damaged_photo");
        }
        assertThat(add(id, "image/jpeg", new byte[PhotoRoutes.MAX_BYTES + 1]).status())
                .isEqualTo(413);
        assertThat(add("00000000000000000000000000", "image/jpeg", jpeg).status())
                .isEqualTo(404);
        assertThat(service.get("/api/v1/photos/00000000000000000000000000").status())
                .isEqualTo(404);
        assertThat(service.get("/api/v1/tickets/" + id).json().path("photos")).isEmpty();
        assertThat(service.send(HttpRequest.newBuilder(service.at("/api/v1/photos/00000000000000000000000000")))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTicketTakesTwentyPhotos() throws IOException {
        String id = ticket("device-check");
        byte[] small = Pictures.encode(Pictures.quarters(8, 8), "png");
        for (int i = 0; i < TicketDesk.MAX_PHOTOS; i++) {
            assertThat(add(id, "image/png", small).status()).isEqualTo(201);
        }
        assertThat(add(id, "image/png", small).code()).isEqualTo("too_many_photos");
    }
}
