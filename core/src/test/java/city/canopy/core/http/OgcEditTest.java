package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import city.canopy.core.http.RunningService.Got;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OGC 20-002: create, replace, update, delete, with optimistic locking by ETag. */
@Timeout(120)
class OgcEditTest {
    private static final String ITEMS = "/ogc/collections/trees/items";
    private static final String TREE =
            "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.85,21.48]},"
                    + "\"properties\":{\"species\":\"Xà cừ\",\"height_m\":12.5,\"note\":null}}";

    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.addTrees(3);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static Got send(String method, String path, String type, String body, String... headers) {
        HttpRequest.Builder request = service.request(path)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.send(request);
    }

    private static Got post(String body, String... headers) {
        return send("POST", ITEMS, "application/geo+json", body, headers);
    }

    private static Got put(String id, String body, String... headers) {
        return send("PUT", ITEMS + "/" + id, "application/geo+json", body, headers);
    }

    private static Got patch(String id, String body, String... headers) {
        return send("PATCH", ITEMS + "/" + id, "application/merge-patch+json", body, headers);
    }

    private static String header(Got got, String name) {
        return got.response().headers().firstValue(name).orElse("");
    }

    private static String made(String body) {
        Got got = post(body);
        assertThat(got.status()).as(got.text()).isEqualTo(201);
        return got.json().path("id").asText();
    }

    private static GeoFeature tree(String id) {
        return service.layers().find("trees", id).orElseThrow();
    }

    @Test
    void aNewFeatureIsWhereItsLocationSays() {
        Got got = post(TREE);
        assertThat(got.status()).isEqualTo(201);
        String path =
                header(got, "location").substring(service.at("").toString().length());
        Got there = service.get(path);
        assertThat(there.json().at("/properties/species").asText()).isEqualTo("Xà cừ");
        assertThat(header(there, "etag")).isEqualTo(header(got, "etag"));
        assertThat(made(TREE.replace("{\"type\":\"Feature\"", "{\"type\":\"Feature\",\"id\":\"mine\"")))
                .isEqualTo("mine");
        assertThat(made(TREE.replace("{\"type\":\"Feature\"", "{\"type\":\"Feature\",\"id\":\"mine\"")))
                .as("the id is taken")
                .isNotEqualTo("mine");
    }

    @Test
    void aPropertyOfAnotherTypeIsRefusedWhereStrictHandlingIsPreferred() {
        for (String handling : List.of("handling=strict", "respond-async, Handling=\"lenient\"")) {
            Got got = post(TREE, "Prefer", handling);
            assertThat(got.status()).as(got.text()).isEqualTo(201);
            assertThat(header(got, "preference-applied"))
                    .startsWith("handling=")
                    .doesNotContain("\"");
        }
        assertThat(header(post(TREE), "preference-applied")).isEmpty();
        String tall = TREE.replace("12.5", "\"tall\"")
                .replace("{\"type\":\"Feature\"", "{\"type\":\"Feature\",\"id\":\"odd\"");
        Got strict = post(tall, "Prefer", "handling=strict");
        assertThat(strict.status()).isEqualTo(422);
        assertThat(strict.text()).contains("properties.height_m", "number");
        assertThat(header(strict, "preference-applied")).isEqualTo("handling=strict");
        assertThat(service.layers().find("trees", "odd")).isEmpty();
        String id = made(TREE);
        String odd = "{\"properties\":{\"height_m\":\"tall\"}}";
        assertThat(patch(id, odd, "Prefer", "handling=strict").status()).isEqualTo(422);
        assertThat(put(id, tall.replace("odd", id), "Prefer", "handling=strict").status())
                .isEqualTo(422);
        assertThat(tree(id).properties()).containsEntry("height_m", 12.5);
        String several = TREE.replace(
                "\"Point\",\"coordinates\":[105.85,21.48]", "\"MultiPoint\",\"coordinates\":[[105.85,21.48]]");
        assertThat(post(several, "Prefer", "handling=strict").text()).contains("\\\"geometry\\\" is no point");
        Got lenient = post(tall, "Prefer", "handling=lenient");
        assertThat(lenient.status()).isEqualTo(201);
        assertThat(header(lenient, "preference-applied")).isEqualTo("handling=lenient");
        assertThat(send("DELETE", ITEMS + "/odd", null, null).status()).isEqualTo(204);
        assertThat(service.get("/ogc/conformance").text()).contains("ogcapi-common-5/1.0/conf/handling");
    }

    @Test
    void aFeatureIsReplacedChangedAndRemoved() {
        String id = made(TREE);
        Got put = put(id, TREE.replace("Xà cừ", "Bàng"));
        assertThat(put.status()).isEqualTo(204);
        assertThat(header(put, "etag")).isEqualTo("\"" + tree(id).version() + "\"");
        assertThat(tree(id).properties()).containsEntry("species", "Bàng");
        Got patch = patch(id, "{\"properties\":{\"height_m\":13,\"species\":null}}");
        assertThat(patch.status()).isEqualTo(204);
        assertThat(tree(id).properties()).containsEntry("height_m", 13L).doesNotContainKey("species");
        assertThat(tree(id).geometry().getCoordinate().x).isEqualTo(105.85);
        assertThat(patch(id, "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.86,21.48]}}")
                        .status())
                .isEqualTo(204);
        assertThat(tree(id).geometry().getCoordinate().x).isEqualTo(105.86);
        assertThat(send("DELETE", ITEMS + "/" + id, null, null).status()).isEqualTo(204);
        assertThat(service.get(ITEMS + "/" + id).status()).isEqualTo(404);
        assertThat(send("DELETE", ITEMS + "/" + id, null, null).status()).isEqualTo(404);
        assertThat(put(id, TREE).status()).isEqualTo(404);
        assertThat(patch(id, "{}").status()).isEqualTo(404);
    }

    @Test
    void anIdAmongThePropertiesIsTheFeaturesId() {
        String inside = TREE.replace("\"note\":null", "\"id\":\"inside\"");
        assertThat(made(inside)).isEqualTo("inside");
        assertThat(tree("inside").properties()).doesNotContainKey("id");
        String again = made(inside);
        assertThat(again).as("the id is taken").isNotEqualTo("inside");
        assertThat(tree(again).properties()).doesNotContainKey("id");
        assertThat(put("inside", inside).status()).isEqualTo(204);
        assertThat(patch("inside", "{\"properties\":{\"id\":\"inside\",\"height_m\":3}}")
                        .status())
                .isEqualTo(204);
        assertThat(patch("inside", "{\"properties\":{\"id\":null}}").status()).isEqualTo(204);
        assertThat(tree("inside").properties()).containsEntry("height_m", 3L).doesNotContainKey("id");
        for (Got refused : List.of(
                put(again, inside),
                patch(again, "{\"properties\":{\"id\":\"other\"}}"),
                patch(again, "{\"id\":\"" + again + "\",\"properties\":{\"id\":\"other\"}}"),
                post(TREE.replace("\"note\":null", "\"id\":{}")))) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.code()).isEqualTo("bad_member");
        }
        assertThat(service.get(ITEMS + "?id=" + again)
                        .json()
                        .path("numberMatched")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aLayersOwnPropertyIdStaysWhatItIs() {
        service.layers()
                .ensureLayer(new LayerDefinition(
                        "poles", null, LayerDefinition.Kind.POINT, Map.of("en", "Poles"), true, List.of()));
        GeoFeature pole = new GeoFeature("poles", "1", tree("T0").geometry(), Map.of("id", "north 7"), 1);
        service.layers().load("poles", List.of(pole), "test");
        Got patch = send(
                "PATCH",
                "/ogc/collections/poles/items/1",
                "application/merge-patch+json",
                "{\"properties\":{\"id\":\"north 8\"}}");
        assertThat(patch.status()).as(patch.text()).isEqualTo(204);
        assertThat(service.layers().find("poles", "1").orElseThrow().properties())
                .containsEntry("id", "north 8");
    }

    @Test
    void onlyTheVersionThatIfMatchNamesIsTouched() {
        String id = made(TREE);
        String first = header(service.get(ITEMS + "/" + id), "etag");
        assertThat(put(id, TREE, "If-Match", first).status()).isEqualTo(204);
        assertThat(put(id, TREE, "If-Match", first).status()).isEqualTo(412);
        assertThat(patch(id, "{}", "If-Match", first).status()).isEqualTo(412);
        assertThat(send("DELETE", ITEMS + "/" + id, null, null, "If-Match", first)
                        .status())
                .isEqualTo(412);
        assertThat(send("DELETE", ITEMS + "/" + id, null, null, "If-Match", "\"7\", *")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void ofManyAtOnceOneWinsWithIfMatchAndAllCountWithout() {
        String id = made(TREE);
        String tag = header(service.get(ITEMS + "/" + id), "etag");
        List<CompletableFuture<Got>> locked = new ArrayList<>();
        List<CompletableFuture<Got>> free = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String body = "{\"properties\":{\"p" + i + "\":" + i + "}}";
            locked.add(CompletableFuture.supplyAsync(() -> patch(id, body, "If-Match", tag)));
        }
        assertThat(locked.stream().map(one -> one.join().status()))
                .containsOnlyOnce(204)
                .contains(412);
        for (int i = 0; i < 4; i++) {
            String body = "{\"properties\":{\"q" + i + "\":" + i + "}}";
            free.add(CompletableFuture.supplyAsync(() -> patch(id, body)));
        }
        assertThat(free.stream().map(one -> one.join().status())).containsOnly(204);
        assertThat(tree(id).properties()).containsKeys("q0", "q1", "q2", "q3");
    }

    @Test
    void coordinatesAreReadInTheSystemOfContentCrs() {
        String epsg = "http://www.opengis.net/def/crs/EPSG/0/";
        String latFirst = TREE.replace("[105.85,21.48]", "[21.48,105.85]");
        Got got = post(latFirst, "Content-Crs", "<" + epsg + "4326>");
        assertThat(tree(got.json().path("id").asText()).geometry().getCoordinate().x)
                .isEqualTo(105.85);
        String own = service.get(ITEMS + "/" + got.json().path("id").asText() + "?crs=" + epsg + "9213")
                .text();
        String id = got.json().path("id").asText();
        assertThat(put(id, own, "Content-Crs", "<" + epsg + "9213>").status()).isEqualTo(204);
        assertThat(tree(id).geometry().getCoordinate().x)
                .as("to a centimetre: a datum shift leaves the height out")
                .isCloseTo(105.85, within(9e-8));
        assertThat(tree(id).geometry().getCoordinate().y).isCloseTo(21.48, within(9e-8));
        assertThat(post(TREE, "Content-Crs", "<http://nowhere>").code()).isEqualTo("unknown_crs");
        assertThat(post(latFirst).code()).isEqualTo("swapped_axes");
    }

    /** QGIS compares the header's name letter by letter; Java's own client does not show it as it came. */
    @Test
    void whereWhatIsMadeIsStandsInTheHeaderAsQgisReadsIt() throws IOException {
        byte[] body =
                "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.83,21.47]},\"properties\":{}}"
                        .getBytes(StandardCharsets.UTF_8);
        String head = "POST " + ITEMS + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + RunningService.TOKEN
                + "\r\nContent-Type: application/geo+json\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", service.at("/").getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 201").containsPattern("\r\nLocation: \\S+/items/\\S+\r\n");
        }
    }

    /** QGIS from 3.28 on: no If-Match, Content-Crs without brackets, the id from behind {@code /items/} in Location. */
    @Test
    void whatQgisSendsIsTaken() {
        String utm = "http://www.opengis.net/def/crs/EPSG/0/32648";
        assertThat(header(service.as(null, "OPTIONS", ITEMS + "/unknown_id", null), "allow"))
                .contains("DELETE", "PATCH", "PUT");
        Got got = post("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.83,21.47]},"
                + "\"properties\":{\"species\":\"Bàng\",\"height_m\":null,\"street\":null}}");
        assertThat(got.status()).isEqualTo(201);
        String id = header(got, "location").replaceFirst(".*/items/", "");

        String moved = "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[585800.0,2374600.0]}}";
        assertThat(patch(id, moved, "Content-Crs", utm).status()).isEqualTo(204);
        assertThat(patch(id, "{\"properties\":{\"height_m\":7.5,\"street\":\"Phố Cò\"}}")
                        .status())
                .isEqualTo(204);
        GeoFeature tree = tree(id);
        assertThat(tree.properties()).containsEntry("species", "Bàng").containsEntry("height_m", 7.5);
        assertThat(tree.geometry().getCoordinate().x).isCloseTo(105.8281748, within(1e-6));
        assertThat(tree.geometry().getCoordinate().y).isCloseTo(21.4718769, within(1e-6));
        assertThat(send("DELETE", ITEMS + "/" + id, null, null).status()).isEqualTo(204);
        assertThat(service.get(ITEMS + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void aWrongBodySaysWhichMemberAndWhy() {
        assertThat(post("{").status()).isEqualTo(400);
        assertThat(post("[]").status()).isEqualTo(400);
        assertThat(post("{\"type\":\"Point\"}").text()).contains("422", "type");
        assertThat(post("{\"type\":\"Feature\",\"properties\":{}}").text()).contains("422", "geometry");
        assertThat(post(TREE.replace("{\"species\"", "[{\"species\"").replace("null}", "null}]"))
                        .text())
                .contains("422", "properties");
        assertThat(post(TREE.replace(
                                "\"Point\",\"coordinates\":[105.85,21.48]",
                                "\"LineString\",\"coordinates\":[[105.85,21.48],[105.86,21.48]]"))
                        .text())
                .contains("422", "LineString", "point");
        assertThat(put("T1", TREE.replace("{\"type\":\"Feature\"", "{\"type\":\"Feature\",\"id\":\"T2\""))
                        .text())
                .contains("422", "T2");
        assertThat(patch("T1", "{\"geometry\":null}").status()).isEqualTo(422);
        assertThat(send("POST", ITEMS, "text/plain", TREE).status()).isEqualTo(415);
        assertThat(send("POST", ITEMS, null, TREE).code()).isEqualTo("no_media_type");
        assertThat(send("PUT", ITEMS + "/T1", null, TREE).status()).isEqualTo(400);
        assertThat(send("PATCH", ITEMS + "/T1", null, "{}").status()).isEqualTo(400);
        assertThat(send("PATCH", ITEMS + "/T1", "application/geo+json", TREE).status())
                .isEqualTo(415);
        assertThat(service.layers().snapshot("trees").features()).noneMatch(f -> f.id().isEmpty());
    }

    @Test
    void rightsAndMethodsAreTold() {
        String viewer = service.token("viewer");
        for (String method : List.of("PUT", "DELETE")) {
            assertThat(service.as(null, method, ITEMS + "/T1", TREE).status()).isEqualTo(401);
            assertThat(service.as(viewer, method, ITEMS + "/T1", TREE).status()).isEqualTo(403);
        }
        assertThat(service.as(viewer, "POST", ITEMS, TREE).status()).isEqualTo(403);
        assertThat(service.as(service.token("dispatcher"), "POST", ITEMS, TREE).status())
                .isEqualTo(201);
        Got all = service.as(null, "OPTIONS", ITEMS, null);
        assertThat(all.status()).isEqualTo(200);
        assertThat(header(all, "allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(header(all, "accept-post").split(", "))
                .containsExactlyInAnyOrder("application/geo+json", "application/json");
        Got one = service.as(null, "OPTIONS", ITEMS + "/T1", null);
        assertThat(header(one, "allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
        assertThat(header(one, "accept-patch")).isEqualTo("application/merge-patch+json");
        assertThat(header(one, "accept-post")).isEmpty();
        assertThat(send("POST", ITEMS + "/T1", "application/geo+json", TREE).status())
                .isEqualTo(405);
    }

    @Test
    void theSameRequestWithItsKeyIsDoneOnce() {
        Got first = post(TREE, "Idempotency-Key", "once");
        Got again = post(TREE, "Idempotency-Key", "once");
        assertThat(header(again, "location")).isEqualTo(header(first, "location"));
        assertThat(header(again, "idempotent-replayed")).isEqualTo("true");
    }

    @Test
    void refusalsComeInTheLanguageOfWhoAsks() {
        String outside = TREE.replace("[105.85,21.48]", "[21.48,105.85]");
        Got english = post(outside, "Accept-Language", "en, vi;q=0.5");
        Got vietnamese = post(outside, "Accept-Language", "vi-VN, en;q=0.5");
        assertThat(vietnamese.code()).isEqualTo(english.code()).isEqualTo("swapped_axes");
        assertThat(vietnamese.status()).isEqualTo(english.status());
        assertThat(vietnamese.json().path("type")).isEqualTo(english.json().path("type"));
        assertThat(english.json().path("detail").asText()).contains("longitude");
        assertThat(vietnamese.json().path("detail").asText())
                .contains("kinh độ hoặc hoành độ", "21.48")
                .doesNotContain("the", "longitude");
        assertThat(vietnamese.json().path("title").asText()).isEqualTo("Nội dung không được chấp nhận");
        assertThat(header(vietnamese, "content-language")).isEqualTo("vi");
        assertThat(header(english, "vary")).contains("accept-language");
        assertThat(put("nobody", TREE, "Accept-Language", "vi")
                        .json()
                        .path("detail")
                        .asText())
                .isEqualTo("Lớp trees không có đối tượng nobody.");
        assertThat(patch("T1", "{}", "If-Match", "\"99\"", "Accept-Language", "vi")
                        .json()
                        .path("detail")
                        .asText())
                .contains("hãy tải lại");
        assertThat(send("POST", ITEMS + "/T1", "application/geo+json", TREE, "Accept-Language", "vi")
                        .json()
                        .path("detail")
                        .asText())
                .startsWith("Ở đây chỉ nhận: DELETE");
        assertThat(send("GET", "/nowhere", null, null, "Accept-Language", "vi").text())
                .contains("Không có gì ở địa chỉ này.");
    }
}
