package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.profile.PackFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackSchemasTest {
    @TempDir
    private Path folder;

    private List<String> told(String file, String text) throws IOException {
        Path pack = Files.createDirectories(folder.resolve("noise"));
        Files.writeString(pack.resolve("pack.yaml"), "id: noise\nversion: 1.0.0\ntitle: {vi: Tiếng ồn, en: Noise}\n");
        Files.createDirectories(pack.resolve(file).getParent());
        Files.writeString(pack.resolve(file), text);
        return Packs.check(pack).problems().stream()
                .map(PackFileException::getMessage)
                .map(message -> message.substring(message.indexOf("noise/") + "noise/".length()))
                .toList();
    }

    @Test
    void thePacksOfTheProgramAndTheExampleHaveTheShape() {
        assertThat(PackFolder.builtIn())
                .hasSizeGreaterThan(3)
                .allSatisfy(pack -> assertThat(PackSchemas.problems(pack)).isEmpty());
        PackFolder example =
                PackFolder.at(Path.of("..", "docs", "examples", "street-lamps")).get(0);
        assertThat(PackSchemas.problems(example)).isEmpty();
    }

    @Test
    void everythingThatIsWrongInAFileIsToldAtOnceWithLineAndRemedy() throws IOException {
        assertThat(told(
                        "rules/loud.yaml",
                        "id: Too Loud\nservice: device-check\ntitle: {vi: Ồn}\nquantity: noise\nopen: 70\nfor: 6h\nfro: 1\n"
                                + "parameters:\n  limit: {attribute: kind}\n  Other: 5\n"))
                .containsExactly(
                        "rules/loud.yaml:1: 'id' must be a name of a-z, 0-9 and hyphens, at most 64 characters; mend it",
                        "rules/loud.yaml:3: 'en' is missing in 'title'; add it",
                        "rules/loud.yaml:5: 'open' must be a text, in quotes if it looks like a number, a date or a yes "
                                + "or no; write one",
                        "rules/loud.yaml:6: 'for' must be a duration such as PT15M, PT6H or P7D; mend it",
                        "rules/loud.yaml:7: 'fro' is not known here; known are clear, for, id, layer, open, "
                                + "parameters, priority, quantity, service, title, where",
                        "rules/loud.yaml:9: 'default' is missing in 'limit'; add it",
                        "rules/loud.yaml:10: a key of 'parameters' has a name that cannot be used; rename it");
    }

    @Test
    void severalThatLackOnOneLineAreAllTold() throws IOException {
        assertThat(told("rules/loud.yaml", "id: loud\nopen: noise > 70\n"))
                .contains(
                        "rules/loud.yaml:1: 'quantity' is missing in the file; add it",
                        "rules/loud.yaml:1: 'service' is missing in the file; add it",
                        "rules/loud.yaml:1: 'title' is missing in the file; add it");
    }

    @Test
    void aChoiceIsToldAsOne() throws IOException {
        assertThat(told(
                        "rules/loud.yaml",
                        "id: loud\nservice: device-check\ntitle: {vi: Ồn, en: Loud}\nquantity: noise\n"))
                .anyMatch(problem -> problem.contains("'open' is missing")
                        || problem.endsWith(
                                "must have exactly one of 'open', 'change', 'silence', 'missed'; keep one"));
        assertThat(told(
                        "schedules.yaml",
                        "- id: a\n  title: {vi: A, en: A}\n  layer: trees\n  collection: {weekdays: [mon, someday]}\n"
                                + "  inspection: {every_months: 0, first: 2026-01-15}\n"))
                .contains(
                        "schedules.yaml:4: each member of 'weekdays' must be one of mon, tue, wed, thu, fri, sat, sun; "
                                + "write one of them",
                        "schedules.yaml:5: 'every_months' must be at least 1");
    }

    @Test
    void listsAndNumbersAreLookedAtToo() throws IOException {
        assertThat(told("kpis.yaml", "- {id: a, title: {vi: A, en: A}, unit: 1, better: up, measure: {}}\nid: b\n"))
                .hasSize(1)
                .allMatch(problem -> problem.startsWith("kpis.yaml:2: this is not YAML"));
        assertThat(told("kpis.yaml", "- id: a\n  title: {vi: A, en: A}\n  unit: 1\n  better: up\n  measure: {}\n"))
                .containsExactly(
                        "kpis.yaml:3: 'unit' must be a text; put it in quotes if it looks like a number or a yes or no",
                        "kpis.yaml:4: 'better' must be one of higher, lower; write one of them",
                        "kpis.yaml:5: 'measure' must have at least 1; mend it");
    }
}
