package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.registry.Binding;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Work that was due and was not done. The days of {@link RuleWorld} begin at 00:00 UTC on Sunday, 1 March 2026, which is
 * 07:00 in the city: 18:00 there is 11:00. Bins are collected on Monday, Wednesday and Friday, transfer points daily.
 */
class MissedTest {
    private static final String OPEN = "open waste-not-emptied @ waste_points/B7 since ";
    private static final String CLEAR = "clear waste-not-emptied @ waste_points/B7 at ";

    private static RuleWorld city(String kind) {
        return RuleWorld.with(Rule.Missed.class)
                .feature("waste_points", "B7", Map.of("kind", kind))
                .device("bin-7", "generic-bin", new Binding.ToFeature("waste_points", "B7"));
    }

    @Test
    void aBinThatIsFullAtTheHourOfItsDayIsRaisedThenAndClearedWhenItIsEmptied() {
        RuleWorld city = city("bin");
        assertThat(city.reports("bin-7", "fill_level", 70, "05:00"))
                .as("Sunday")
                .isEmpty();
        assertThat(city.tick("12:00")).as("nothing was due on Sunday").isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 75, "34:00"))
                .as("Monday, 17:00")
                .isEmpty();
        assertThat(city.tick("34:59")).isEmpty();
        assertThat(city.tick("35:00")).isEqualTo(OPEN + "17:00, raised 35:00");
        assertThat(city.reports("bin-7", "fill_level", 90, "36:00")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 12, "50:00")).isEqualTo(CLEAR + "50:00");
        assertThat(city.tick("59:00")).as("Tuesday").isEmpty();
    }

    @Test
    void aBinThatIsEmptiedInTimeIsNot() {
        RuleWorld city = city("bin");
        city.reports("bin-7", "fill_level", 70, "05:00");
        assertThat(city.reports("bin-7", "fill_level", 75, "26:00")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 5, "28:00")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 40, "34:30")).isEmpty();
        assertThat(city.tick("35:00")).isEmpty();
        assertThat(city.tick("40:00")).isEmpty();
    }

    @Test
    void whatWasEmptyTheEveningBeforeMustBeEmptiedOnItsDay() {
        RuleWorld city = city("bin");
        city.reports("bin-7", "fill_level", 10, "12:00");
        city.reports("bin-7", "fill_level", 60, "30:00");
        assertThat(city.tick("35:00")).isEqualTo(OPEN + "17:00, raised 35:00");
    }

    @Test
    void aReadingAfterTheHourTellsAsWellAsTheClock() {
        RuleWorld city = city("transfer");
        city.reports("bin-7", "fill_level", 60, "02:00");
        assertThat(city.reports("bin-7", "fill_level", 61, "11:30"))
                .as("the hour is judged before the reading itself")
                .isEqualTo(OPEN + "-7:00, raised 11:00");
    }

    @Test
    void aDeviceThatSpeaksOnceInTheEveningIsBelieved() {
        RuleWorld city = city("bin");
        city.reports("bin-7", "fill_level", 50, "13:00");
        assertThat(city.reports("bin-7", "fill_level", 85, "37:00")).isEqualTo(OPEN + "17:00, raised 35:00");
    }

    @Test
    void aSilentDeviceAccusesNobody() {
        RuleWorld city = city("bin");
        city.reports("bin-7", "fill_level", 70, "05:00");
        assertThat(city.tick("35:00")).isEmpty();
        assertThat(city.tick("90:00")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 75, "76:00"))
                .as("Wednesday, 11:00")
                .isEmpty();
        assertThat(city.tick("83:00")).isEqualTo(OPEN + "65:00, raised 83:00");
    }

    @Test
    void nothingIsForgottenByARestart() {
        RuleWorld city = city("bin");
        city.reports("bin-7", "fill_level", 70, "05:00");
        city.reports("bin-7", "fill_level", 75, "34:00");
        city.start("34:30");
        assertThat(city.reports("bin-7", "fill_level", 76, "35:10")).isEqualTo(OPEN + "17:00, raised 35:00");
        city.start("36:00");
        assertThat(city.reports("bin-7", "fill_level", 3, "36:10")).isEqualTo(CLEAR + "36:10");
    }

    @Test
    void whatNoScheduleIsForIsNeverDue() {
        RuleWorld city = city("compost");
        city.reports("bin-7", "fill_level", 90, "20:00");
        assertThat(city.tick("35:00")).isEmpty();
        assertThat(city.judge().changes()).isEmpty();
    }
}
