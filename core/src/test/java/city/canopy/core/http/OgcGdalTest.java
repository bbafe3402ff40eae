package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GDAL's own client reads, pages and filters a layer; skipped where there is no {@code ogrinfo}. */
@Timeout(180)
class OgcGdalTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void ogrinfoIsThere() {
        boolean there = List.of("/usr/bin/ogrinfo", "/usr/local/bin/ogrinfo").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
        assumeTrue(there, "there is no ogrinfo on this machine");
    }

    private String ogrinfo(RunningService service, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ogrinfo", "-al", "-oo", "PAGE_SIZE=7"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("OAPIF:" + service.at("/ogc"), "trees"));
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static long features(String output) {
        return output.lines().filter(line -> line.startsWith("OGRFeature(")).count();
    }

    @Test
    void itReadsPagesAndFilters() throws Exception {
        try (RunningService service = new RunningService(folder.resolve("data"))) {
            service.addTrees(25);
            String all = ogrinfo(service);
            assertThat(features(all)).as(all).isEqualTo(25);
            assertThat(all).contains("Feature Count: 25", "species: String", "species (String) = Bàng");
            assertThat(features(ogrinfo(service, "-spat", "105.83995", "21.4", "105.84025", "21.5")))
                    .isEqualTo(3);
            assertThat(features(ogrinfo(service, "-where", "species = 'Bàng'"))).isEqualTo(25);
            assertThat(features(ogrinfo(service, "-where", "species = 'Xoan'"))).isZero();
            assertThat(features(ogrinfo(service, "-fid", "3"))).isEqualTo(1);
        }
    }
}
