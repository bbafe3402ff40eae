package city.canopy.core.layers.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged, or made to do damage, are refused with a reason, within limits of time and memory. */
@Timeout(180)
class HostileFilesTest {
    /** How many damaged copies of each file are read; ten times as many with -Dcanopy.test.full=true. */
    private static final int COPIES = Boolean.getBoolean("canopy.test.full") ? 4_000 : 400;

    private static final int HUGE = 10_000_000;

    @TempDir
    private Path folder;

    private Path written(String format, List<GeoFeature> features) throws IOException {
        Path file = folder.resolve("good." + (format.equals("shp") ? "zip" : format));
        LayerFiles.outputs(Clock.systemUTC())
                .find(format)
                .orElseThrow()
                .write(new LayerExtract("test", features, "EPSG:4326"), file);
        return file;
    }

    private static List<GeoFeature> points() {
        return RandomLayer.of(1, 200).stream()
                .map(feature ->
                        new GeoFeature("test", feature.id(), feature.geometry().getCentroid(), feature.properties(), 1))
                .toList();
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bad = Arrays.copyOf(good, random.nextInt(good.length));
            case 1 -> {
                int from = random.nextInt(good.length);
                Arrays.fill(
                        bad, from, Math.min(good.length, from + 1 + random.nextInt(64)), (byte) random.nextInt(256));
            }
            default -> {
                // The start is where the lengths and counts stand.
                int reach = random.nextBoolean() ? Math.min(512, good.length) : good.length;
                for (int i = 0; i <= random.nextInt(6); i++) {
                    bad[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bad;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpkg", "geojson", "csv", "shp", "kml"})
    void aDamagedFileIsReadOrRefusedAndNothingElse(String format) throws IOException {
        Path file = format.equals("kml")
                ? kml(folder.resolve("good.kml"))
                : written(format, format.equals("shp") ? points() : RandomLayer.of(1, 60));
        byte[] good = Files.readAllBytes(file);
        Path bad = folder.resolve("bad." + file.getFileName().toString().replaceFirst("^good\\.", ""));
        Random random = new Random(format.hashCode());
        int whole = 0;
        for (int i = 0; i < COPIES; i++) {
            Files.write(bad, damaged(good, random));
            long start = System.nanoTime();
            try {
                LayerImport.Result read = ReadOnce.read(bad);
                whole += read.refusedCount() == 0 ? 1 : 0;
            } catch (IOException e) {
                assertThat(e.getMessage()).as("copy %d", i).isNotBlank();
            }
            assertThat(System.nanoTime() - start).as("copy %d", i).isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
        assertThat(whole).isLessThan(COPIES);
    }

    /** The parts of a Shapefile by themselves: in a zip the check sum would tell first. */
    @ParameterizedTest
    @ValueSource(strings = {".shp", ".dbf", ".shx", ".prj", ".cpg"})
    void aDamagedPartOfAShapefileIsReadOrRefusedAndNothingElse(String ending) throws IOException {
        Path zip = written("shp", points());
        Path shp = null;
        try (java.util.zip.ZipFile entries = new java.util.zip.ZipFile(zip.toFile())) {
            for (ZipEntry entry : java.util.Collections.list(entries.entries())) {
                Path part = folder.resolve(entry.getName());
                Files.copy(entries.getInputStream(entry), part);
                shp = entry.getName().endsWith(".shp") ? part : shp;
            }
        }
        Path part = Path.of(shp.toString().replace(".shp", ending));
        byte[] good = Files.readAllBytes(part);
        Random random = new Random(ending.hashCode());
        for (int i = 0; i < COPIES / 2; i++) {
            Files.write(part, damaged(good, random));
            try {
                ReadOnce.read(shp);
            } catch (IOException e) {
                assertThat(e.getMessage()).as("copy %d", i).isNotBlank();
            }
        }
    }

    private static Path kml(Path file) throws IOException {
        StringBuilder text = new StringBuilder("<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>");
        for (int i = 0; i < 40; i++) {
            text.append("<Placemark id=\"p")
                    .append(i)
                    .append("\"><name>Cây ")
                    .append(i)
                    .append("</name><LineString><coordinates>105.85,21.47 105.86,21.4")
                    .append(i)
                    .append("</coordinates></LineString></Placemark>");
        }
        return Files.writeString(file, text.append("</Document></kml>"));
    }

    @Test
    void aZipThatUnpacksToFarMoreThanItIsIsRefused() throws IOException {
        Path bomb = folder.resolve("bomb.zip");
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            for (String ending : List.of("a.shp", "a.dbf")) {
                zip.putNextEntry(new ZipEntry(ending));
                for (int i = 0; i < 100; i++) {
                    zip.write(zeros);
                }
            }
        }
        assertThatThrownBy(() -> ReadOnce.read(bomb))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("200 times its size");
        Path many = folder.resolve("many.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(many))) {
            for (int i = 0; i < 1_001; i++) {
                zip.putNextEntry(new ZipEntry(i + ".shp"));
            }
        }
        assertThatThrownBy(() -> ReadOnce.read(many)).hasMessageContaining("holds more than 1000 files");
        try (java.util.stream.Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("canopy-import-"))
                            .filter(path -> Files.exists(path.resolve("a.shp")) || Files.exists(path.resolve("1.shp"))))
                    .isEmpty();
        }
    }

    @Test
    void entitiesAreNeitherFollowedNorMultiplied() throws IOException {
        StringBuilder laughs = new StringBuilder("<!DOCTYPE kml [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a")
                    .append(i)
                    .append(" \"")
                    .append(("&a" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        Path bomb = Files.writeString(
                folder.resolve("laughs.kml"),
                laughs
                        + "]><kml><Placemark id=\"a\"><name>&a29;</name><Point><coordinates>105.85,21.47</coordinates></Point></Placemark></kml>");
        assertThatThrownBy(() -> ReadOnce.read(bomb))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("laughs.kml is no KML");
        Path outside = Files.writeString(
                folder.resolve("outside.kml"),
                "<!DOCTYPE kml SYSTEM \"http://127.0.0.1:9/kml.dtd\"><kml><Placemark id=\"a\"><Point><coordinates>105.85,21.47</coordinates>"
                        + "</Point></Placemark></kml>");
        assertThat(ReadOnce.read(outside).features()).hasSize(1);
    }

    @Test
    void positionsThatAreNoNumbersAreRefusedInEveryFormat() throws Exception {
        Path geoJson = Files.writeString(
                folder.resolve("nan.geojson"),
                "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{},"
                        + "\"geometry\":{\"type\":\"Point\",\"coordinates\":[NaN,21.47]}}]}");
        Path csv = Files.writeString(
                folder.resolve("nan.csv"),
                "id,wkt\na,POINT (NaN 21.47)\nb,\"LINESTRING (105.85 21.47, 1e999 21.47)\"\n");
        Path kml = Files.writeString(
                folder.resolve("nan.kml"),
                "<kml><Placemark id=\"a\"><Point><coordinates>NaN,21.47</coordinates></Point></Placemark></kml>");
        Path gpkg = written("gpkg", points().subList(0, 1));
        ByteBuffer blob = ByteBuffer.allocate(29).order(ByteOrder.LITTLE_ENDIAN);
        blob.put(new byte[] {'G', 'P', 0, 1})
                .putInt(4326)
                .put((byte) 1)
                .putInt(1)
                .putDouble(Double.NaN)
                .putDouble(21.47);
        replaceGeometry(gpkg, blob.array());
        for (Path file : List.of(geoJson, csv, kml, gpkg)) {
            LayerImport.Result read = ReadOnce.read(file);
            assertThat(read.features()).as("%s", file).isEmpty();
            assertThat(read.refused())
                    .as("%s", file)
                    .isNotEmpty()
                    .allMatch(each -> List.of("bad_coordinates", "no_geometry", "unknown_geometry")
                            .contains(each.problem().code()));
        }
    }

    private static void replaceGeometry(Path gpkg, byte[] blob) throws Exception {
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + gpkg)) {
            leaveIndex(c);
            try (PreparedStatement s = c.prepareStatement("update test set geom = ?")) {
                s.setBytes(1, blob);
                s.executeUpdate();
            }
        }
    }

    /** A program that does not know the functions of GeoPackages cannot keep the index. */
    private static void leaveIndex(Connection c) throws Exception {
        try (Statement s = c.createStatement()) {
            for (int i = 1; i <= 4; i++) {
                s.execute("drop trigger rtree_test_geom_update" + i);
            }
        }
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() throws Exception {
        Path csv = Files.writeString(
                folder.resolve("deep.csv"),
                "id,wkt\na,\"" + "GEOMETRYCOLLECTION (".repeat(20_000) + "POINT (1 1)" + ")".repeat(20_000) + "\"\n");
        assertThat(ReadOnce.read(csv).refused())
                .extracting(each -> each.problem().code())
                .containsExactly("unknown_geometry");
        ByteArrayOutputStream wkb = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(wkb);
        out.write(new byte[] {'G', 'P', 0, 0, 0, 0, 0x10, (byte) 0xE6});
        for (int i = 0; i < 500_000; i++) {
            out.writeByte(0);
            out.writeInt(7);
            out.writeInt(1);
        }
        Path gpkg = written("gpkg", points().subList(0, 1));
        replaceGeometry(gpkg, wkb.toByteArray());
        assertThat(ReadOnce.read(gpkg).refused())
                .extracting(each -> each.problem().code())
                .containsExactly("bad_geometry");
        Path json = Files.writeString(folder.resolve("deep.geojson"), "{\"a\":".repeat(100_000));
        assertThat(ReadOnce.read(json).refused())
                .extracting(each -> each.problem().code())
                .containsExactly("not_json");
    }

    @Test
    void aValueOfAGeoPackageThatIsTooLargeIsRefused() throws Exception {
        Path gpkg = written("gpkg", points().subList(0, 1));
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + gpkg);
                Statement s = c.createStatement()) {
            leaveIndex(c);
            s.execute("update test set geom = zeroblob(" + ((GeoPackageFormat.MAX_VALUE_BYTES) + 1) + ")");
        }
        assertThatThrownBy(() -> ReadOnce.read(gpkg))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too big");
    }

    private interface Written {
        void to(OutputStream out) throws IOException;
    }

    private Path file(String name, Written written) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            written.to(out);
        }
        return file;
    }

    /** Goes round and round in a thousand steps, which is quicker to write and no easier to read. */
    private static void ring(OutputStream out, String pattern, String between) throws IOException {
        StringBuilder round = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            double angle = 2 * Math.PI * i / 1_000;
            round.append(String.format(
                            Locale.ROOT, pattern, 105.85 + 0.01 * Math.cos(angle), 21.47 + 0.01 * Math.sin(angle)))
                    .append(between);
        }
        byte[] bytes = round.toString().getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < HUGE / 1_000; i++) {
            out.write(bytes);
        }
        ascii(out, String.format(Locale.ROOT, pattern, 105.86, 21.47));
    }

    private static void ascii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A heap of 96 MB is less than the positions alone would take. */
    private static String readInSmallHeap(Path file) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classPath,
                        ReadOnce.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"geojson", "csv", "kml", "shp"})
    void aRingOfTenMillionVerticesIsRefusedInASmallHeap(String format) throws Exception {
        Path file = switch (format) {
            case "geojson" ->
                file("ring.geojson", out -> {
                    ascii(
                            out,
                            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{},"
                                    + "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
                    ring(out, "[%.7f,%.7f]", ",");
                    ascii(out, "]]}}]}");
                });
            case "csv" ->
                file("ring.csv", out -> {
                    ascii(out, "id,wkt\na,\"POLYGON ((");
                    ring(out, "%.7f %.7f", ", ");
                    ascii(out, "))\"\n");
                });
            case "kml" ->
                file("ring.kml", out -> {
                    ascii(out, "<kml><Placemark id=\"a\"><Polygon><outerBoundaryIs><LinearRing><coordinates>");
                    ring(out, "%.7f,%.7f", " ");
                    ascii(out, "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>");
                });
            default -> shapefile();
        };
        String expected = switch (format) {
            case "geojson" -> "0 taken, refused: [too_many_vertices]";
            case "csv" -> "unusable: ring.csv is no table of text: The maximum buffer size of 16777216 is insufficient";
            case "kml" -> "unusable: ring.kml is no KML that can be read: line 1: a text of more than 16 MiB";
            default -> "unusable: ring.shp: record 1 has 160000048 bytes, more than 67108864; simplify or split it";
        };
        assertThat(readInSmallHeap(file)).startsWith(expected);
    }

    /** One polygon, as its header has it; the content follows in full. */
    private Path shapefile() throws IOException {
        Files.write(folder.resolve("ring.dbf"), new byte[33]);
        return file("ring.shp", out -> {
            int content = 44 + 4 + 16 * HUGE;
            ByteBuffer head = ByteBuffer.allocate(100 + 8 + 48);
            head.putInt(0, 9_994).putInt(24, (100 + 8 + content) / 2);
            head.order(ByteOrder.LITTLE_ENDIAN).putInt(28, 1_000).putInt(32, 5);
            head.order(ByteOrder.BIG_ENDIAN).putInt(100, 1).putInt(104, content / 2);
            head.order(ByteOrder.LITTLE_ENDIAN).putInt(108, 5).putInt(144, 1).putInt(148, HUGE);
            out.write(head.array());
            byte[] position = new byte[16 * 1_000];
            for (int i = 0; i < HUGE / 1_000; i++) {
                out.write(position);
            }
        });
    }
}
