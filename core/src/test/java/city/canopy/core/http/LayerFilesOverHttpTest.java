package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers in and out over HTTP. */
@Timeout(180)
class LayerFilesOverHttpTest {
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

    private static Got upload(String layer, String query, String text) {
        return upload(layer, query, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Got upload(String layer, String query, byte[] bytes) {
        return service.send(service.request("/api/v1/layers/" + layer + "/imports?" + query)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    private static JsonNode inVietnamese(String layer, String query, String text) {
        return service.send(service.request("/api/v1/layers/" + layer + "/imports?" + query)
                        .header("Content-Type", "application/octet-stream")
                        .header("Accept-Language", "vi")
                        .POST(HttpRequest.BodyPublishers.ofString(text)))
                .json();
    }

    private static HttpResponse<byte[]> export(String query) throws IOException, InterruptedException {
        return service.client()
                .send(service.request("/api/v1/layers/" + query).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What this test's process has lying about of files from outside. */
    private static List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("canopy-(upload|import|export)-.*"))
                    .toList();
        }
    }

    @Test
    void aFileIsTriedThenTakenAndWhatIsRefusedIsGeoJson() {
        String csv =
                "lon,lat,ma,loai,chu_vi\n105.85,21.4,A,Bàng,31.4159265358979\n105.85001,21.4,B,bàng,\n21.4,105.85,C,Sấu,\n";
        String query =
                "filename=c%C3%A2y.csv&crs=EPSG:4326&id=ma&map=species=loai,diameter_cm=chu_vi:girth&only_mapped=true"
                        + "&accuracy=1&source=Kh%E1%BA%A3o%20s%C3%A1t&surveyed=2025-11-30";
        Got dry = upload("trees", query + "&dry_run=true", csv);
        assertThat(dry.status()).as(dry.text()).isEqualTo(200);
        assertThat(dry.json().path("taken").asBoolean()).isFalse();
        assertThat(dry.json().path("features").asInt()).isEqualTo(2);
        assertThat(dry.json().path("columns"))
                .extracting(JsonNode::toString)
                .contains(
                        "{\"name\":\"species\",\"example\":\"Bàng\"}",
                        "{\"name\":\"diameter_cm\",\"example\":\"10.0\"}")
                .doesNotHaveDuplicates();
        assertThat(dry.json().path("box").toString()).isEqualTo("[105.85,21.4,105.85001,21.4]");
        Got refused = upload("trees", query, csv);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("refused_features");
        assertThat(service.layers().find("trees", "A")).isEmpty();
        JsonNode feature = refused.json().at("/refused_features/features/0");
        assertThat(feature.at("/properties/code").asText()).isEqualTo("swapped_axes");
        assertThat(feature.at("/properties/remedy").asText()).startsWith("Swap the axes");
        assertThat(feature.at("/geometry/coordinates/0").asDouble()).isEqualTo(21.4);
        JsonNode vietnamese = inVietnamese("trees", query, csv);
        assertThat(vietnamese.path("detail").asText()).startsWith("Chưa nhập gì");
        JsonNode theSame = vietnamese.at("/refused_features/features/0/properties");
        assertThat(theSame.path("code").asText()).isEqualTo("swapped_axes");
        assertThat(theSame.path("remedy").asText())
                .isEqualTo(
                        "Hãy đổi chỗ: kinh độ hoặc hoành độ (hướng đông) trước, vĩ độ hoặc tung độ (hướng bắc) sau.");
        assertThat(theSame.path("detail").asText())
                .startsWith("đối tượng nằm tại")
                .contains("21.4");
        Got taken = upload("trees", query + "&accept_valid=true", csv);
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.json().path("taken").asBoolean()).isTrue();
        assertThat(taken.json().path("refused").asInt()).isEqualTo(1);
        assertThat(taken.json().at("/duplicates/count").asInt()).isEqualTo(1);
        assertThat(taken.json().at("/duplicates/items/0/id").asText()).isEqualTo("B");
        assertThat(service.layers().find("trees", "A").orElseThrow().properties())
                .containsEntry("species", "Bàng")
                .containsEntry("diameter_cm", 10.0)
                .containsEntry("source", "Khảo sát");
        assertThat(service.get("/api/v1/mappings").json().toString()).contains("inventory-konstanz");
    }

    @Test
    void whatIsExportedComesBackAndNothingIsLeftLyingAbout() throws Exception {
        service.addTrees(3_000);
        for (String format : List.of("gpkg", "geojson", "csv", "shp")) {
            HttpResponse<byte[]> got = export("trees/export?format=" + format);
            assertThat(got.statusCode()).isEqualTo(200);
            String ending = format.equals("shp") ? "zip" : format;
            assertThat(got.headers().firstValue("content-disposition"))
                    .hasValue("attachment; filename=\"trees." + ending + "\"");
            Got back = upload("trees", "filename=trees." + ending + "&crs=EPSG:4326&dry_run=true", got.body());
            assertThat(back.status()).as(back.text()).isEqualTo(200);
            assertThat(back.json().path("features").asInt()).isGreaterThanOrEqualTo(3_000);
            assertThat(back.json().path("refused").asInt()).isZero();
        }
        String tag =
                export("trees/export?format=csv").headers().firstValue("etag").orElseThrow();
        assertThat(service.send(service.request("/api/v1/layers/trees/export?format=csv")
                                .header("If-None-Match", tag))
                        .status())
                .isEqualTo(304);
        assertThat(service.get("/api/v1/layers/trees/export?format=dwg").code()).isEqualTo("bad_parameter");
        assertThat(service.get("/api/v1/layers/trees/export?crs=EPSG:1").code()).isEqualTo("unknown_crs");
        assertThat(service.get("/api/v1/layers/none/export").status()).isEqualTo(404);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!leftovers().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void ofAFileThatIsCutOffNothingIsTakenEvenWhenTheValidAreWanted() throws Exception {
        long before = service.layers().snapshot("roads").version();
        StringBuilder kml = new StringBuilder("<kml>");
        StringBuilder json = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        for (int i = 0; i < 500; i++) {
            kml.append("<Placemark id=\"")
                    .append(i)
                    .append("\"><LineString><coordinates>105.85,21.47 105.86,21.4")
                    .append(i)
                    .append("</coordinates></LineString></Placemark>");
            json.append("{\"type\":\"Feature\",\"id\":")
                    .append(i)
                    .append(",\"properties\":{},\"geometry\":{\"type\":"
                            + "\"LineString\",\"coordinates\":[[105.85,21.47],[105.86,21.4")
                    .append(i)
                    .append("]]}},");
        }
        Got cut = upload("roads", "filename=a.kml&accept_valid=true", kml.toString());
        assertThat(cut.code()).isEqualTo("unusable_file");
        Got half = upload("roads", "filename=a.geojson&accept_valid=true", json.toString());
        assertThat(half.json().path("features").asInt()).isZero();
        assertThat(half.json()
                        .at("/refused_features/features/0/properties/code")
                        .asText())
                .isEqualTo("not_json");
        assertThat(service.layers().snapshot("roads").version()).isEqualTo(before);
        assertThat(service.layers().snapshot("roads").size()).isZero();
    }

    @Test
    void whoAddsATreeThatMayBeThereAlreadyIsTold() {
        String tree =
                "{\"type\":\"Feature\",\"id\":\"%s\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.8,%s]},"
                        + "\"properties\":{\"species\":\"Sấu\"}}";
        Got first = service.send("POST", "/ogc/collections/trees/items", tree.formatted("cây 1", "21.3"));
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(first.response().headers().firstValue("possible-duplicate")).isEmpty();
        Got second = service.send("POST", "/ogc/collections/trees/items", tree.formatted("b", "21.30001"));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.response().headers().firstValue("possible-duplicate")).hasValue("c%C3%A2y%201; meters=1.11");
        assertThat(service.layers().find("trees", "b")).isPresent();
    }

    @Test
    void whoMayNotAndWhatIsNoFileIsRefused() {
        String viewer = service.token("viewer");
        assertThat(service.as(viewer, "POST", "/api/v1/layers/trees/imports?filename=a.csv", "{}")
                        .status())
                .isEqualTo(403);
        assertThat(service.as(null, "POST", "/api/v1/layers/trees/imports?filename=a.csv", "{}")
                        .status())
                .isEqualTo(401);
        assertThat(upload("trees", "", "x").code()).isEqualTo("missing_parameter");
        assertThat(upload("none", "filename=a.csv", "x").status()).isEqualTo(404);
        assertThat(upload("trees", "filename=a.docx", "x").json().path("detail").asText())
                .contains("a.docx is of no kind that is known", "geopackage (.gpkg)");
        assertThat(upload("trees", "filename=..%2F..%2Fetc%2F.gpkg", "x").code())
                .isEqualTo("unusable_file");
        assertThat(upload("trees", "filename=a.gpkg", "x").json().path("detail").asText())
                .contains("a.gpkg is no GeoPackage");
        assertThat(upload("trees", "filename=a.csv&map=height_m", "x").code()).isEqualTo("bad_parameter");
        assertThat(upload("trees", "filename=a.csv&accuracy=-1", "x").code()).isEqualTo("bad_parameter");
        assertThat(upload("trees", "filename=a.csv&mapping=none", "x")
                        .json()
                        .path("detail")
                        .asText())
                .contains("there is no mapping none for the layer trees");
    }

    @Test
    void aFileThatIsTooLargeOrBreaksOffIsThrownAway() throws Exception {
        String head =
                "POST /api/v1/layers/trees/imports?filename=a.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + RunningService.TOKEN + "\r\nContent-Length: ";
        try (Socket socket = new Socket("127.0.0.1", service.at("/").getPort())) {
            socket.getOutputStream()
                    .write((head + (LayerImportRoutes.MAX_BYTES + 1L) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
        for (int i = 0; i < BodyFiles.AT_ONCE * 2; i++) {
            try (Socket socket = new Socket("127.0.0.1", service.at("/").getPort())) {
                socket.getOutputStream().write((head + "1000000\r\n\r\nlon,lat").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
        }
        // The places of those that broke off are free again.
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Got got = upload("trees", "filename=a.csv&crs=EPSG:4326&dry_run=true", "lon,lat\n105.85,21.47\n");
        while (got.status() == 503 && System.nanoTime() < end) {
            got = upload("trees", "filename=a.csv&crs=EPSG:4326&dry_run=true", "lon,lat\n105.85,21.47\n");
        }
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        while (!leftovers().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(leftovers()).isEmpty();
    }
}
