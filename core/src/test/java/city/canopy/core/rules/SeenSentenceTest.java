package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.packs.Packs;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeenSentenceTest {
    private static final Packs PACKS = Packs.load(Optional.empty());

    private static Map<String, String> saw(String rule, Map<String, Object> seen) {
        Rule found = PACKS.rules().stream()
                .map(RuleText::rule)
                .filter(one -> one.id().equals(rule))
                .findFirst()
                .orElseThrow();
        return new SeenSentence(PACKS.vocabulary()).of(found, seen);
    }

    @Test
    void theConditionIsSaidWithTheValuesThatItSaw() {
        assertThat(saw("tree-dry", Map.of("soil_moisture", 11.23456, "limit", 12.0)))
                .containsEntry("vi", "Độ ẩm đất (11,235 %) < giới hạn (12 %).")
                .containsEntry("en", "Soil moisture (11.235 %) < the limit (12 %).");
    }

    @Test
    void aChangeSaysWhatItSawAndSilenceSaysNothing() {
        assertThat(saw("tree-tilt", Map.of("tilt", 7.5))).containsEntry("en", "Tilt (7.5°).");
        assertThat(saw("device-silent", Map.of("rhythms", 3))).isEmpty();
        assertThat(saw("tree-dry", Map.of())).isEmpty();
    }
}
