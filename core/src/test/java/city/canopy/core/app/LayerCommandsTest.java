package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Layers in and out by command while the service runs on the same data. */
@Timeout(120)
class LayerCommandsTest {
    @TempDir
    private static Path folder;

    private static Service service;
    private static Path config;

    private final StringWriter said = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        config = Files.writeString(
                folder.resolve("canopy.yaml"),
                "data: {dir: " + folder.resolve("data") + "}\nhttp: {host: 127.0.0.1, port: 0}\n"
                        + "mqtt: {host: 127.0.0.1, port: 0}\n");
        service =
                Service.start(new ConfigReader("CANOPY", Map.of()).read(CoreConfig.class, config), Service.Mode.SERVE);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private int run(String command, String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = CoreMain.commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        return line.execute(Stream.concat(Stream.of(command, "--config", config.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void whatIsImportedBesideTheRunningServiceIsSeenByItAndCanBeExportedAndImportedAgain() throws Exception {
        Path trees = file(
                "cay.csv",
                "lon,lat,id,species,height_m\n105.85,21.47,A,Bàng,7.5\n105.850005,21.47,B,bàng,8\n105.851,21.47,C,Sấu,6\n");
        assertThat(run(
                        "import",
                        trees.toString(),
                        "--layer",
                        "trees",
                        "--crs",
                        "EPSG:4326",
                        "--accuracy",
                        "0.4",
                        "--source",
                        "Khảo sát 2025",
                        "--surveyed",
                        "2025-11-30"))
                .as(said.toString())
                .isZero();
        assertThat(said.toString())
                .contains("B may be the same tree as A of the file: the same species, 0.5 m apart")
                .contains("1 trees may be there already or come twice")
                .contains("3 features taken into trees, 0 refused");
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (service.layers().find("trees", "C").isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(service.layers().find("trees", "C").orElseThrow().properties())
                .containsEntry("accuracy_m", 0.4)
                .containsEntry("source", "Khảo sát 2025")
                .containsEntry("surveyed_on", "2025-11-30");
        for (String format : List.of("gpkg", "geojson", "csv", "shp")) {
            Path out = folder.resolve("out-" + format + (format.equals("shp") ? ".zip" : "." + format));
            assertThat(run("export", "--layer", "trees", "--format", format, "--out", out.toString()))
                    .as(said.toString())
                    .isZero();
            assertThat(said.toString()).contains("3 features of trees are in " + out);
            assertThat(run("import", out.toString(), "--layer", "trees", "--crs", "EPSG:4326", "--dry-run"))
                    .as(said.toString())
                    .isZero();
            assertThat(said.toString()).contains("3 features could be taken into trees, 0 could not");
        }
    }

    @Test
    void whatCannotBeExportedIsSaid() {
        assertThat(run("export", "--layer", "trees", "--format", "dwg")).isEqualTo(2);
        assertThat(said.toString()).contains("there is no format dwg; there are csv, geojson, gpkg, shp");
        assertThat(run("export", "--layer", "benches", "--format", "csv")).isEqualTo(2);
        assertThat(said.toString()).contains("there is no layer benches; there are roads, trees");
        assertThat(run("export", "--layer", "wards", "--format", "csv", "--crs", "EPSG:1"))
                .isEqualTo(2);
        assertThat(run("export", "--layer", "zones", "--format", "shp", "--out", folder + "/z.zip"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("has no feature that a Shapefile can hold");
    }

    @Test
    void whatDoesNotFitTheLayerIsRefusedOneByOne() throws IOException {
        Path mixed = file(
                "mixed.csv",
                "id,wkt,valid_from,accuracy_m\nL,\"LINESTRING (105.85 21.47, 105.86 21.47)\",,\nP,POINT (105.85 21.47),,\n"
                        + "D,POINT (105.85 21.47),soon,\nM,POINT (105.85 21.47),,-3\n");
        assertThat(run("import", mixed.toString(), "--layer", "waste_points", "--crs", "EPSG:4326", "--accept-valid"))
                .isEqualTo(1);
        assertThat(said.toString())
                .contains("feature 1 (id L): it is a LineString, but the layer takes point geometries (wrong_kind)")
                .contains("feature 3 (id D): valid_from must be a date")
                .contains("feature 4 (id M): accuracy_m must be 0 to 100000 metres")
                .contains("1 features taken into waste_points, 3 refused");
    }
}
