package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/packs.md shows the files of its example as they are. */
class PackPageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void whatThePageShowsIsWhatTheExampleHolds() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(DOCS.resolve("examples").resolve("street-lamps"))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Files.readString(file));
        }
        String page = Files.readString(DOCS.resolve("packs.md"));
        Matcher block = BLOCK.matcher(page);
        int shown = 0;
        while (block.find()) {
            assertThat(texts).contains(block.group(1));
            shown++;
        }
        assertThat(shown).isEqualTo(7);
        assertThat(files)
                .allSatisfy(file -> assertThat(page).contains(file.getFileName().toString()));
    }

    @Test
    void theMappingThatThePageShowsIsTheOneThatIsShipped() throws IOException {
        String shipped = Files.readString(Path.of("src", "main", "resources", "packs", "trees", "mappings.yaml"));
        String mapping =
                shipped.substring(shipped.indexOf("- id: inventory-konstanz"), shipped.indexOf("- id: trees-osm"));
        assertThat(Files.readString(DOCS.resolve("packs.md"))).contains(mapping.indent(4));
    }
}
