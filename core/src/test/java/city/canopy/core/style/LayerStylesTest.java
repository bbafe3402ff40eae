package city.canopy.core.style;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerStylesTest {
    /** What QGIS 3.40 turns into its own expressions; a size that needs anything else is drawn as nothing there. */
    private static final Set<String> READ_BY_QGIS = Set.of(
            "interpolate",
            "linear",
            "exponential",
            "zoom",
            "step",
            "case",
            "match",
            "has",
            "get",
            "==",
            "!=",
            "<",
            ">",
            "<=",
            ">=",
            "geometry-type");

    static List<Path> files() throws Exception {
        try (Stream<Path> files =
                Files.list(Path.of(LayerStyles.class.getResource("/styles").toURI()))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aStyleSaysNothingThatQgisCannotRead(Path file) throws IOException {
        Set<String> operators = new TreeSet<>();
        for (JsonNode layer :
                new ObjectMapper().readTree(Files.readString(file)).get("layers")) {
            gather(layer.path("filter"), operators);
            layer.path("paint").forEach(value -> gather(value, operators));
            gather(layer.at("/layout/text-size"), operators);
        }
        assertThat(READ_BY_QGIS).containsAll(operators);
    }

    /** QGIS 3.40 takes the first step of a mark's radius for all zooms, and draws nothing where that is no number. */
    @ParameterizedTest
    @MethodSource("files")
    void aMarkHasASizeForProgramsThatTakeTheFirst(Path file) throws IOException {
        for (JsonNode layer :
                new ObjectMapper().readTree(Files.readString(file)).get("layers")) {
            JsonNode radius = layer.at("/paint/circle-radius");
            if (radius.isArray()) {
                assertThat(radius.get(0).asText()).isEqualTo("interpolate");
                assertThat(radius.get(4).asDouble()).isPositive();
            }
        }
    }

    /** An expression is a list that begins with a word. */
    private static void gather(JsonNode node, Set<String> operators) {
        if (node.isArray()) {
            if (node.path(0).isTextual()) {
                operators.add(node.get(0).asText());
            }
            node.forEach(part -> gather(part, operators));
        }
    }
}
