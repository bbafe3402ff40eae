package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.Quantity;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.ConditionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuleSentenceTest {
    private static Map<String, String> sentence(String rule) {
        RuleSentence sentence = new RuleSentence(RuleWorld.PACKS.vocabulary());
        return RuleWorld.PACKS.rules().stream()
                .map(RuleText::rule)
                .filter(each -> each.id().equals(rule))
                .map(sentence::of)
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> sentence(Rule rule) {
        return new RuleSentence(RuleWorld.PACKS.vocabulary()).of(rule);
    }

    private static Rule.Threshold where(String open, String where) throws ConditionException {
        return new Rule.Threshold(
                new RuleHead("r", 1, "bin-lid", Priority.LOW, Map.of("vi", "v", "en", "e")),
                new Rule.Target(new Quantity("lid_open"), "waste_points", List.of()),
                Condition.parse(open),
                Optional.empty(),
                Optional.of(Condition.parse(where)),
                Duration.ZERO);
    }

    @Test
    void everyKindOfRuleReadsAsASentence() {
        assertThat(sentence("tree-dry"))
                .containsEntry(
                        "en",
                        "When soil moisture < the limit for 6 h; over when soil moisture ≥ the limit + 5 %. The limit by "
                                + "species group: drought tolerant 12 %, ordinary 18 %, thirsty 24 %; otherwise 18 %.")
                .containsEntry(
                        "vi",
                        "Khi độ ẩm đất < giới hạn suốt 6 giờ; hết khi độ ẩm đất ≥ giới hạn + 5 %. Giới hạn theo "
                                + "nhóm loài: chịu hạn 12 %, thông thường 18 %, ưa ẩm 24 %; còn lại 18 %.");
        assertThat(sentence("tree-tilt").get("en"))
                .isEqualTo("When tilt has changed by 3° or more within 1 h; over after 1 h without such a change.");
        assertThat(sentence("device-silent").get("en"))
                .isEqualTo("When a device has said nothing for 3 of its reporting rhythms; over when it speaks again.");
        assertThat(sentence("manhole-open"))
                .containsEntry("en", "When manhole cover is open; over when that no longer holds.")
                .containsEntry("vi", "Khi nắp cống đang mở; hết khi điều đó không còn đúng.");
        assertThat(sentence("waste-not-emptied").get("en"))
                .isEqualTo("When by 18:00 on a day of collecting bins or collecting transfer points there has been no "
                        + "moment with fill level ≤ 30 %; over when fill level ≤ 30 %.");
    }

    @Test
    void placesHoursAndValuesAreSaidInWords() throws ConditionException {
        Rule near = where(
                "lid_open = 1 AND hour_of_day >= 22.5",
                "DWITHIN(geometry, layer('zones', 'kind = ''school'''), 200, meters) AND kind <> 'bin' AND name IS NOT NULL");
        assertThat(sentence(near))
                .containsEntry(
                        "en",
                        "When lid is open and hour of the day ≥ 22.5, where within 200 m of zones (kind of zone is school) "
                                + "and kind is not bin and name is known; over when that no longer holds.")
                .containsEntry(
                        "vi",
                        "Khi nắp thùng đang mở và giờ trong ngày ≥ 22,5, tại nơi cách khu vực (loại khu vực là trường học) "
                                + "không quá 200 m và loại không phải là thùng rác và có tên; hết khi điều đó không còn đúng.");
        assertThat(sentence(where("lid_open = 1", "INTERSECTS(geometry, layer('wards'))"))
                        .get("en"))
                .isEqualTo("When lid is open, where inside wards; over when that no longer holds.");
    }

    @Test
    void whatHasNoNameIsSaidAsItIsWritten() throws ConditionException {
        assertThat(sentence(where("lid_open = 1", "colour IN ('red', 'blue') AND address LIKE '%''s'"))
                        .get("en"))
                .isEqualTo("When lid is open, where colour one of (red, blue) and address like %'s; over when that no "
                        + "longer holds.");
    }
}
