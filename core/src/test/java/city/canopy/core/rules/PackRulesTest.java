package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.registry.Binding;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of the packs at the places and limits that they were written for. */
class PackRulesTest {
    private static RuleWorld tree(Class<? extends Rule> kind, Map<String, Object> properties, String profile) {
        return RuleWorld.with(kind)
                .feature("trees", "T1", properties)
                .device("d", profile, new Binding.ToFeature("trees", "T1"));
    }

    @Test
    void aTallTreeMayLeanLessThanALowOne() {
        RuleWorld tall = tree(Rule.Threshold.class, Map.of("height_m", 14.0), "generic-tilt");
        assertThat(tall.reports("d", "tilt", -15, "06:00")).isEmpty();
        assertThat(tall.reports("d", "tilt", -15, "06:40")).startsWith("open tree-lean @ trees/T1 since 06:00");
        assertThat(tall.reports("d", "tilt", -12, "07:00")).isEmpty();
        assertThat(tall.reports("d", "tilt", -11.9, "07:10")).isEqualTo("clear tree-lean @ trees/T1 at 07:10");

        RuleWorld unknown = tree(Rule.Threshold.class, Map.of(), "generic-tilt");
        unknown.reports("d", "tilt", 24.9, "06:00");
        assertThat(unknown.reports("d", "tilt", 25, "06:40")).isEmpty();
        assertThat(unknown.reports("d", "tilt", 25, "07:10")).startsWith("open tree-lean @ trees/T1 since 06:40");
    }

    @Test
    void heatIsJudgedAtATreeAndNotAtAWeatherStation() {
        RuleWorld city = tree(Rule.Threshold.class, Map.of("species_group", "thirsty"), "generic-canopy-climate")
                .device("station", "generic-weather", new Binding.Unplaced());
        for (String device : new String[] {"d", "station"}) {
            assertThat(city.reports(device, "air_temperature", 38.5, "10:00")).isEmpty();
        }
        assertThat(city.tick("12:59")).isEmpty();
        assertThat(city.tick("13:00")).isEqualTo("open tree-heat @ trees/T1 since 10:00, raised 13:00");
        assertThat(city.reports("d", "air_temperature", 35.1, "14:00")).isEmpty();
        assertThat(city.reports("d", "air_temperature", 35, "14:10")).isEqualTo("clear tree-heat @ trees/T1 at 14:10");
    }

    @Test
    void aContainerCarriesByItsCapacity() {
        RuleWorld city = RuleWorld.with(Rule.Threshold.class)
                .feature("waste_points", "B1", Map.of("kind", "bin", "capacity_l", 1100))
                .device("scale", "generic-container-scale", new Binding.ToFeature("waste_points", "B1"));
        city.reports("scale", "weight", 440, "06:00");
        assertThat(city.tick("07:00")).isEmpty();
        city.reports("scale", "weight", 441, "07:00");
        assertThat(city.tick("07:30"))
                .isEqualTo("open container-overweight @ waste_points/B1 since 07:00, raised 07:30");
    }

    @Test
    void aBinTipsAndATransferPointDoesNot() {
        RuleWorld city = RuleWorld.with(Rule.Threshold.class)
                .feature("waste_points", "B1", Map.of("kind", "bin"))
                .feature("waste_points", "P1", Map.of("kind", "transfer"))
                .device("at-bin", "generic-bin-tilt", new Binding.ToFeature("waste_points", "B1"))
                .device("at-point", "generic-bin-tilt", new Binding.ToFeature("waste_points", "P1"));
        city.reports("at-bin", "tilt", -88, "06:00");
        city.reports("at-point", "tilt", -88, "06:00");
        assertThat(city.tick("06:15")).isEqualTo("open bin-tipped @ waste_points/B1 since 06:00, raised 06:15");
        city.reports("at-bin", "lid_open", 1, "08:00");
        assertThat(city.tick("10:00")).isEqualTo("open bin-lid-open @ waste_points/B1 since 08:00, raised 10:00");
    }

    @Test
    void aSlopeThatCreepsAndWaterThatRisesAreChanges() {
        RuleWorld city = RuleWorld.with(Rule.Change.class)
                .device("slope", "generic-slope", new Binding.Unplaced())
                .device("water", "generic-water-level", new Binding.Unplaced());
        assertThat(city.reports("slope", "ground_displacement", 4, "01:00")).isEmpty();
        assertThat(city.reports("slope", "ground_displacement", 23.9, "12:00")).isEmpty();
        assertThat(city.reports("slope", "ground_displacement", 24, "20:00"))
                .isEqualTo("open road-landslip @ @device/slope since 20:00");
        assertThat(city.reports("water", "water_level", 0.02, "06:00")).isEmpty();
        assertThat(city.reports("water", "water_level", 0.18, "06:20"))
                .isEqualTo("open road-water-rising @ @device/water since 06:20");
    }

    @Test
    void waterThatHasRunOffIsNoWarning() {
        RuleWorld city =
                RuleWorld.with(Rule.Change.class).device("water", "generic-water-level", new Binding.Unplaced());
        assertThat(city.reports("water", "water_level", 0.24, "06:00")).isEmpty();
        assertThat(city.reports("water", "water_level", 0.04, "06:20")).isEmpty();
    }
}
