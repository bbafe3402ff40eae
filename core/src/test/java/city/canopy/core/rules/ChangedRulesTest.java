package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.Quantity;
import city.canopy.devices.registry.Binding;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.ConditionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules change while the line runs. */
class ChangedRulesTest {
    private static final Rule.Target FILL = new Rule.Target(new Quantity("fill_level"), "waste_points", List.of());

    private static RuleHead head(String id) {
        return new RuleHead(id, 1, "waste-overflow", Priority.NORMAL, Map.of("vi", id, "en", id));
    }

    private static Condition condition(String text) {
        try {
            return Condition.parse(text);
        } catch (ConditionException e) {
            throw new AssertionError(e);
        }
    }

    private static Rule full(double limit, Duration hold) {
        return new Rule.Threshold(
                head("full"),
                FILL,
                condition("fill_level >= " + limit),
                Optional.of(condition("fill_level <= 30")),
                Optional.empty(),
                hold);
    }

    private static RuleWorld bin() {
        return RuleWorld.with(Rule.Silence.class)
                .feature("waste_points", "B7", Map.of())
                .device("bin-7", "generic-bin", new Binding.ToFeature("waste_points", "B7"));
    }

    @Test
    void aNewRuleHoldsFromTheNextBatchOn() {
        RuleWorld city = bin();
        assertThat(city.reports("bin-7", "fill_level", 85, "06:00")).isEmpty();
        city.rules(full(80, Duration.ZERO));
        assertThat(city.reports("bin-7", "fill_level", 86, "06:15"))
                .isEqualTo("open full @ waste_points/B7 since 06:15");
    }

    @Test
    void whatARuleHasFoundStaysWhenItChanges() {
        RuleWorld city = bin().rules(full(80, Duration.ZERO));
        city.reports("bin-7", "fill_level", 85, "06:00");
        city.rules(full(90, Duration.ZERO));
        assertThat(city.reports("bin-7", "fill_level", 86, "06:15")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 20, "06:30")).isEqualTo("clear full @ waste_points/B7 at 06:30");
        assertThat(city.reports("bin-7", "fill_level", 86, "06:45")).isEmpty();
    }

    @Test
    void aConditionThatIsBeingWaitedForIsWaitedForByTheNewTime() {
        RuleWorld city = bin().rules(full(80, Duration.ofHours(2)));
        city.reports("bin-7", "fill_level", 85, "06:00");
        city.rules(full(80, Duration.ofMinutes(30)));
        assertThat(city.judge().nextDue()).isPresent();
        assertThat(city.tick("06:29")).isEmpty();
        assertThat(city.tick("06:30")).isEqualTo("open full @ waste_points/B7 since 06:00, raised 06:30");
    }

    @Test
    void aRuleThatIsTakenAwayIsSilent() {
        RuleWorld city = bin().rules(full(80, Duration.ofMinutes(30)));
        city.reports("bin-7", "fill_level", 85, "06:00");
        city.rules();
        assertThat(city.tick("06:45")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 99, "07:00")).isEmpty();
    }

    @Test
    void anotherPatienceForTheSilent() {
        RuleWorld city = bin();
        city.rules(new Rule.Silence(head("silent"), 100, Set.of()));
        city.reports("bin-7", "fill_level", 10, "06:00");
        assertThat(city.tick("07:00")).isEmpty();
        city.rules(new Rule.Silence(head("silent"), 3, Set.of()));
        assertThat(city.tick("07:01")).startsWith("open silent @ @device/bin-7 since 06:00");
    }
}
