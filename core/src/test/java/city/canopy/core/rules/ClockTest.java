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
import org.junit.jupiter.api.Test;

/** Conditions that look at the clock: 1 March 2026 is a Sunday, and the city is seven hours ahead of UTC. */
class ClockTest {
    private static RuleWorld city(String open) throws ConditionException {
        return RuleWorld.with(Rule.Silence.class)
                .device("bin-7", "generic-bin", new Binding.Unplaced())
                .rules(new Rule.Threshold(
                        new RuleHead("lid", 1, "bin-lid", Priority.LOW, Map.of("vi", "v", "en", "e")),
                        new Rule.Target(new Quantity("fill_level"), null, List.of()),
                        Condition.parse(open),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO));
    }

    @Test
    void theHourOfTheDayIsThatOfTheCity() throws ConditionException {
        RuleWorld city = city("fill_level > 0 AND hour_of_day >= 22.5");
        assertThat(city.reports("bin-7", "fill_level", 1, "15:29:59")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 1, "15:30")).startsWith("open lid");
        assertThat(city.reports("bin-7", "fill_level", 1, "17:00")).startsWith("clear lid");
    }

    @Test
    void theWeekBeginsOnMonday() throws ConditionException {
        RuleWorld city = city("fill_level > 0 AND day_of_week = 1");
        assertThat(city.reports("bin-7", "fill_level", 1, "16:59")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 1, "17:00")).startsWith("open lid");
    }
}
