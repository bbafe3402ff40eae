package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PacksCheckCommandTest {
    private static final Path EXAMPLES = Path.of("..", "docs", "examples");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int check(Path what) {
        CommandLine line = CoreMain.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute("packs", "check", what.toString());
    }

    private void write(String file, String text) throws IOException {
        Path target = folder.resolve("noise").resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    @Test
    void aGoodPackCanBeUsedByItselfAndAmongOthers() {
        assertThat(check(EXAMPLES.resolve("street-lamps"))).isZero();
        assertThat(check(EXAMPLES)).isZero();
        assertThat(out.toString().lines()).containsExactly("street-lamps: can be used", "street-lamps: can be used");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() throws IOException {
        write("pack.yaml", """
                id: noise
                version: 1.0.0
                title: {vi: Tiếng ồn, en: Noise}
                layers:
                  - {name: posts, kind: dot, title: {vi: Cột, en: Posts}}
                  - {name: walls, kind: line, title: {vi: Tường, en: Walls}}
                """);
        write("layers/walls.geojson", "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\"}]}");
        write("services.yaml", """
                - id: noise-check
                  title: {vi: Kiểm tra tiếng ồn, en: Noise check}
                  target: PT24H
                - id: noise-fine
                  title: {en: Noise fine}
                  target: PT24H
                """);
        String head = "service: noise-check\ntitle: {vi: Ồn, en: Loud}\nquantity: noise\n";
        write("rules/a.yaml", "id: a\n" + head + "open: noise > limit\n");
        write("rules/b.yaml", "id: b\n" + head + "open: noise > 70\n");
        write("rules/c.yaml", "id: c\n" + head + "open: noise > 70\nfor: 6h\n");
        assertThat(check(folder.resolve("noise"))).isEqualTo(1);
        String noise = folder.resolve("noise").toString();
        assertThat(out.toString().lines())
                .hasSize(6)
                .startsWith(
                        noise + "/pack.yaml:5: a layer's kind is point, line, polygon or any, not dot",
                        noise + "/services.yaml:5: 'title' lacks its text in 'vi'; write {vi: …, en: …}",
                        noise
                                + "/rules/a.yaml:5: the condition speaks of limit, which is not known here; known are "
                                + "day_of_week, hour_of_day, noise",
                        noise + "/rules/c.yaml:6: 'for' must be a duration such as PT15M or PT6H, not 6h")
                .anySatisfy(line -> assertThat(line).startsWith(noise + "/layers/walls.geojson: "))
                .endsWith("noise: 5 problems; a later one may follow from an earlier one");
    }

    @Test
    void theStartTellsTheFirstAndCountsTheOthers() throws IOException {
        write("pack.yaml", "id: noise\nversion: 1.0.0\ntitle: {vi: Ồn}\n");
        write("services.yaml", "- {id: A}\n");
        write("kpis.yaml", "a: b\n");
        CommandLine line = CoreMain.commandLine();
        line.setErr(new PrintWriter(err));
        Path config = Files.writeString(folder.resolve("canopy.yaml"), "data: {dir: " + folder.resolve("data") + "}\n");
        Files.createDirectories(folder.resolve("data"));
        Files.move(
                folder.resolve("noise"),
                Files.createDirectories(folder.resolve("data/packs")).resolve("noise"));
        assertThat(line.execute("check", "--config", config.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("noise/pack.yaml:3: 'title' lacks its text in 'en'")
                .contains(" (and 5 more; canopy packs check tells all)");
    }

    @Test
    void theSchemasAreWrittenWhereTheyAreAskedFor() throws IOException {
        CommandLine line = CoreMain.commandLine();
        line.setOut(new PrintWriter(out));
        Path schemas = folder.resolve("schemas");
        assertThat(line.execute("packs", "schemas", schemas.toString())).isZero();
        assertThat(Files.readString(schemas.resolve("rule.schema.json"))).contains("\"missed\"");
        assertThat(out.toString()).contains("10 schemas in " + schemas);
    }

    @Test
    void aFolderWithoutAPackIsRefused() {
        assertThat(check(folder)).isEqualTo(2);
        assertThat(err.toString()).contains(folder + " holds no pack.yaml").contains("name the pack's folder");
    }
}
