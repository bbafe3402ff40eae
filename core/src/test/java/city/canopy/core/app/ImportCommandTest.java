package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command with a real database. */
@Timeout(120)
class ImportCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(folder.resolve("canopy.yaml"), "data: {dir: " + folder.resolve("data") + "}\n");
    }

    private int run(String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = CoreMain.commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        List<String> all = new ArrayList<>(List.of("import", "--config", config.toString()));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(new String[0]));
    }

    private Storage open() {
        return Storage.open(
                new ConfigReader("CANOPY", java.util.Map.of()).read(CoreConfig.class, config), Clock.systemUTC());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aTableOfTreesIsTakenInByMappingAlone() throws IOException {
        Path trees = file(
                "baum.csv",
                "X,Y,baumId,umfang,hoehe_ft,krone,Name_dt\n105.85,21.47,1,72,40,\"7,5\",\"Erle, Schwarz-Erle\"\n"
                        + "105.86,21.47,2,169,30,,Nussbaum\n");
        String[] arguments = {
            trees.toString(),
            "--layer",
            "trees",
            "--crs",
            "EPSG:4326",
            "--id",
            "baumId",
            "--only-mapped",
            "--map",
            "diameter_cm=umfang:girth",
            "--map",
            "height_m=hoehe_ft:ft>m",
            "--map",
            "crown_m=krone",
            "--map",
            "species=Name_dt"
        };
        List<String> dry = new ArrayList<>(List.of(arguments));
        dry.add("--dry-run");
        assertThat(run(dry.toArray(new String[0]))).as(said.toString()).isZero();
        assertThat(said.toString()).contains("2 features could be taken into trees, 0 could not");
        assertThat(run(arguments)).as(said.toString()).isZero();
        assertThat(said.toString()).contains("2 features taken into trees, 0 refused");
        try (Storage storage = open()) {
            assertThat(storage.layers().snapshot("trees").size()).isEqualTo(2);
            assertThat(storage.layers().find("trees", "1").orElseThrow().properties())
                    .containsEntry("diameter_cm", 22.91831181)
                    .containsEntry("height_m", 12.192)
                    .containsEntry("crown_m", 7.5)
                    .containsEntry("species", "Erle, Schwarz-Erle")
                    .hasSize(4);
        }
    }

    @Test
    void oneThatCannotBeTakenStopsAllUnlessTheOthersAreWanted() throws IOException {
        Path points = file("diem.csv", "lon,lat,id\n105.85,21.47,a\n21.47,105.85,b\n");
        Path refused = folder.resolve("refused.geojson");
        String[] arguments = {
            points.toString(), "--layer", "waste_points", "--crs", "EPSG:4326", "--refused", refused.toString()
        };
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(said.toString())
                .contains("feature 2 (id b)", "(swapped_axes). Swap the axes")
                .contains("nothing was taken: 1 of 2 features cannot be; mend them, or say --accept-valid");
        assertThat(Files.readString(refused)).contains("swapped_axes");
        try (Storage storage = open()) {
            assertThat(storage.layers().snapshot("waste_points").size()).isZero();
        }
        List<String> more = new ArrayList<>(List.of(arguments));
        more.add("--accept-valid");
        assertThat(run(more.toArray(new String[0]))).isEqualTo(1);
        assertThat(said.toString()).contains("1 features taken into waste_points, 1 refused");
        try (Storage storage = open()) {
            assertThat(storage.layers().find("waste_points", "a")).isPresent();
        }
    }

    @Test
    void whatStandsInTheLayerJustSoIsNoEdit() throws IOException {
        String first =
                "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{\"species\":\"Bàng\",\"height_m\":2.0,\"n\":7,"
                        + "\"watered\":true},\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.85,21.47,3]}}\n";
        String second = first.replace("\"a\"", "\"b\"").replace("105.85", "105.86");
        assertThat(run(file("cay.geojson", first + second).toString(), "--layer", "trees"))
                .as(said.toString())
                .isZero();
        String higher = second.replace("21.47,3]", "21.47,4]");
        assertThat(run(file("cay.geojson", first + higher).toString(), "--layer", "trees"))
                .isZero();
        assertThat(said.toString())
                .contains("1 features stand in the layer already as they are in the file", "2 features taken into");
        try (Storage storage = open()) {
            assertThat(storage.layers().find("trees", "a").orElseThrow().version())
                    .isEqualTo(1);
            assertThat(storage.layers().find("trees", "b").orElseThrow().version())
                    .isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeUsedIsSaidWithARemedy() throws IOException {
        assertThat(run(folder.resolve("none.csv").toString(), "--layer", "trees"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("none.csv is not there");
        assertThat(run(file("a.docx", "x").toString(), "--layer", "trees")).isEqualTo(2);
        assertThat(said.toString()).contains("shapefile (.shp, .zip)", "kml (.kml, .kmz)");
        Path points = file("diem.csv", "lon,lat,id\n105.85,21.47,a\n");
        assertThat(run(points.toString(), "--layer", "trees")).isEqualTo(2);
        assertThat(said.toString()).contains("does not say its coordinate system");
        assertThat(run(points.toString(), "--layer", "benches", "--crs", "EPSG:4326"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("there is no layer benches; there are roads, trees");
        assertThat(run(points.toString(), "--layer", "trees", "--crs", "EPSG:4326", "--map", "height_m"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("is not NAME=COLUMN");
    }
}
