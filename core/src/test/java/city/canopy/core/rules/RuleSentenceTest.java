package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleSentenceTest {
    private static Map<String, String> sentence(String rule) {
        RuleSentence sentence = new RuleSentence(RuleWorld.PACKS.quantities());
        return RuleWorld.PACKS.rules().stream()
                .map(RuleText::rule)
                .filter(each -> each.id().equals(rule))
                .map(sentence::of)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyKindOfRuleReadsAsASentence() {
        assertThat(sentence("tree-dry"))
                .containsEntry(
                        "en",
                        "When soil moisture < limit for 6 h; over when soil moisture ≥ limit + 5. limit = 18; by "
                                + "species_group: drought_tolerant 12, ordinary 18, thirsty 24.")
                .containsEntry(
                        "vi",
                        "Khi độ ẩm đất < limit suốt 6 giờ; hết khi độ ẩm đất ≥ limit + 5. limit = 18; theo "
                                + "species_group: drought_tolerant 12, ordinary 18, thirsty 24.");
        assertThat(sentence("tree-tilt").get("en"))
                .isEqualTo("When tilt has changed by 3 deg or more within 1 h; over after 1 h without such a change.");
        assertThat(sentence("device-silent").get("en"))
                .isEqualTo("When a device has said nothing for 3 of its reporting rhythms; over when it speaks again.");
        assertThat(sentence("manhole-open").get("en"))
                .isEqualTo("When manhole open = 1; over when that no longer holds.");
    }
}
