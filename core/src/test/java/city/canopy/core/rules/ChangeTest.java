package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.registry.Binding;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChangeTest {
    private static RuleWorld tree() {
        return new RuleWorld()
                .feature("trees", "T1", Map.of())
                .device("tilt", "generic-tilt", new Binding.ToFeature("trees", "T1"));
    }

    @Test
    void aTreeThatLeansThreeDegreesWithinAnHourIsRaised() {
        RuleWorld city = tree();
        assertThat(city.reports("tilt", "tilt", 10.1, "06:00")).isEmpty();
        assertThat(city.reports("tilt", "tilt", 12, "06:30")).isEmpty();
        assertThat(city.reports("tilt", "tilt", 13.1, "07:00")).isEqualTo("open tree-tilt @ trees/T1 since 07:00");
    }

    @Test
    void theSameLeanInMoreThanAnHourIsNot() {
        RuleWorld city = tree();
        city.reports("tilt", "tilt", 10, "06:00");
        city.reports("tilt", "tilt", 11.5, "06:31");
        assertThat(city.reports("tilt", "tilt", 13, "07:00:01")).isEmpty();
    }

    @Test
    void leaningBackIsAChangeToo() {
        RuleWorld city = tree();
        city.reports("tilt", "tilt", 2, "06:00");
        assertThat(city.reports("tilt", "tilt", -1, "06:10")).isEqualTo("open tree-tilt @ trees/T1 since 06:10");
    }

    @Test
    void itClearsAfterAWholeHourWithoutSuchAChange() {
        RuleWorld city = tree();
        city.reports("tilt", "tilt", 0, "06:00");
        assertThat(city.reports("tilt", "tilt", 4, "06:10")).isNotEmpty();
        assertThat(city.reports("tilt", "tilt", 4, "06:50"))
                .as("0 is still in sight")
                .isEmpty();
        assertThat(city.reports("tilt", "tilt", 4, "07:20")).isEmpty();
        assertThat(city.reports("tilt", "tilt", 4, "07:49")).isEmpty();
        assertThat(city.reports("tilt", "tilt", 4, "07:50")).isEqualTo("clear tree-tilt @ trees/T1 at 07:50");
    }

    @Test
    void nothingIsForgottenByARestart() {
        RuleWorld city = tree();
        city.reports("tilt", "tilt", 0, "06:00");
        city.start("06:05");
        assertThat(city.reports("tilt", "tilt", 4, "06:10")).isNotEmpty();
        city.reports("tilt", "tilt", 4, "06:50");
        city.start("07:00");
        assertThat(city.reports("tilt", "tilt", 4, "07:49")).isEmpty();
        city.start("07:49");
        assertThat(city.reports("tilt", "tilt", 4, "07:50")).isEqualTo("clear tree-tilt @ trees/T1 at 07:50");
    }

    @Test
    void aRolledBackValueLeavesNoMark() {
        RuleWorld city = tree();
        city.reports("tilt", "tilt", 0, "06:00");
        assertThat(city.judged("tilt", "tilt", 9, "06:10", "06:10")).isNotEmpty();
        city.rollback();
        assertThat(city.reports("tilt", "tilt", 1, "06:20")).isEmpty();
    }

    @Test
    void theWindowAgreesWithACountByHandAndStaysSmall() {
        Random random = new Random(7);
        ChangeWindow window = new ChangeWindow(3, 1_000_000, Rule.Direction.EITHER);
        TreeMap<Long, Double> all = new TreeMap<>();
        double value = 0;
        for (long at = 0; at < 40_000_000; at += 2_000 + random.nextInt(40_000)) {
            value += random.nextGaussian() * 0.7;
            double now = value;
            boolean byHand =
                    all.tailMap(at - 1_000_000, true).values().stream().anyMatch(before -> Math.abs(before - now) >= 3);
            assertThat(window.add(at, value)).as("at " + at).isEqualTo(byHand);
            all.put(at, value);
        }
        ChangeWindow busy = new ChangeWindow(3, 1_000_000, Rule.Direction.EITHER);
        for (long at = 0; at < 3_000_000; at += 10) {
            busy.add(at, at * 1e-9);
        }
        assertThat(busy.kept()).isBetween(100, ChangeWindow.MAX_KEPT);
    }

    @Test
    void aSteadyClimbInBusyReadingsIsFoundAtOnce() {
        ChangeWindow busy = new ChangeWindow(3, 1_000_000, Rule.Direction.EITHER);
        boolean moved = false;
        for (long at = 0; at <= 500_000 && !moved; at += 10) {
            moved = busy.add(at, at * 6e-6);
            assertThat(moved).as("at " + at).isEqualTo(at >= 500_000);
        }
        assertThat(moved).isTrue();
    }

    @Test
    void aRuleMayAskForOneDirectionOnly() {
        RuleWorld city = RuleWorld.with(Rule.Change.class)
                .feature("roads", "R1", Map.of())
                .device("w", "generic-water-level", new Binding.ToFeature("roads", "R1"));
        city.reports("w", "water_level", 0.5, "06:00");
        assertThat(city.reports("w", "water_level", 0.3, "06:10"))
                .as("it runs off")
                .isEmpty();
        assertThat(city.reports("w", "water_level", 0.44, "06:15")).isEmpty();
        assertThat(city.reports("w", "water_level", 0.45, "06:20"))
                .isEqualTo("open road-water-rising @ roads/R1 since 06:20");
        ChangeWindow down = new ChangeWindow(3, 1_000_000, Rule.Direction.DOWN);
        assertThat(down.add(0, 1)).isFalse();
        assertThat(down.add(1, 9)).isFalse();
        assertThat(down.add(2, 6)).isTrue();
    }
}
