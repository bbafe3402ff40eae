package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import org.junit.jupiter.api.Test;

/** A bin reports every 15 minutes: it is silent after 45. */
class SilenceTest {
    private static RuleWorld bin() {
        return RuleWorld.with(Rule.Silence.class).device("bin", "generic-bin", new Binding.Unplaced());
    }

    @Test
    void aDeviceThatMissesThreeRhythmsIsRaisedAndItsNextWordClearsIt() {
        RuleWorld city = bin();
        city.reports("bin", "battery", 90, "01:00");
        assertThat(city.tick("01:44:59")).isEmpty();
        assertThat(city.tick("01:46")).isEqualTo("open device-silent @ @device/bin since 01:00, raised 01:45");
        assertThat(city.tick("03:00")).isEmpty();
        city.reports("bin", "battery", 90, "04:00");
        assertThat(city.tick("04:00:01")).isEqualTo("clear device-silent @ @device/bin at 04:00");
        assertThat(city.tick("04:44")).isEmpty();
        assertThat(city.tick("04:45")).isEqualTo("open device-silent @ @device/bin since 04:00, raised 04:45");
    }

    @Test
    void aDeviceThatNeverSpokeIsRaisedToo() {
        RuleWorld city = bin();
        assertThat(city.tick("00:44")).isEmpty();
        assertThat(city.tick("00:45")).isEqualTo("open device-silent @ @device/bin since 00:00, raised 00:45");
    }

    @Test
    void aLateReadingAndAMessageWithoutReadingsAreWordsAsWell() {
        RuleWorld city = bin();
        city.reports("bin", "battery", 90, "01:00");
        city.judged("bin", "battery", 90, "00:30", "01:30");
        city.commit();
        assertThat(city.tick("02:14")).isEmpty();
        city.judge().heard(new DeviceId("bin"), RuleWorld.at("02:14"));
        city.commit();
        assertThat(city.tick("02:58")).isEmpty();
        assertThat(city.tick("02:59")).isNotEmpty();
    }

    @Test
    void theTimeDuringWhichTheServiceWasDownDoesNotCount() {
        RuleWorld city = bin();
        city.reports("bin", "battery", 90, "01:00");
        city.start("09:00");
        assertThat(city.tick("09:44")).isEmpty();
        assertThat(city.tick("09:45")).isNotEmpty();
    }

    @Test
    void aSilentDeviceStaysSilentOverARestartAndAWordBeforeItCounts() {
        RuleWorld city = bin();
        city.reports("bin", "battery", 90, "01:00");
        assertThat(city.tick("02:00")).isNotEmpty();
        city.start("03:00");
        assertThat(city.tick("09:00")).isEmpty();
        city.reports("bin", "battery", 90, "09:01");
        city.start("09:02");
        assertThat(city.tick("09:02")).isEqualTo("clear device-silent @ @device/bin at 09:01");
    }

    @Test
    void aRolledBackTickIsMadeUpFor() {
        RuleWorld city = bin();
        assertThat(city.tickOpen("01:00")).isNotEmpty();
        city.rollback();
        assertThat(city.tick("01:01")).isNotEmpty();
        city.reports("bin", "battery", 90, "01:02");
        assertThat(city.tickOpen("01:03")).startsWith("clear");
        city.rollback();
        assertThat(city.tick("01:04")).startsWith("clear");
    }

    @Test
    void behindASilentGatewayOnlyTheGatewayIsRaised() {
        RuleWorld city = RuleWorld.with(Rule.Silence.class)
                .device("gate", "generic-bin", new Binding.Unplaced())
                .device("a", "generic-bin", new Binding.Unplaced(), "gate")
                .device("b", "generic-bin", new Binding.Unplaced(), "gate");
        city.reports("a", "battery", 90, "01:00");
        city.reports("b", "battery", 90, "01:05");
        city.reports("gate", "battery", 90, "01:06");
        StringBuilder said = new StringBuilder();
        for (int minute = 70; minute < 300; minute++) {
            said.append(city.tick(String.format("%02d:%02d", minute / 60, minute % 60)));
        }
        assertThat(said.toString()).isEqualTo("open device-silent @ @device/gate since 01:06, raised 01:51");
    }

    @Test
    void whenTheGatewayReturnsThoseBehindItGetTheirTime() {
        RuleWorld city = RuleWorld.with(Rule.Silence.class)
                .device("gate", "generic-bin", new Binding.Unplaced())
                .device("a", "generic-bin", new Binding.Unplaced(), "gate");
        city.reports("a", "battery", 90, "01:00");
        city.reports("gate", "battery", 90, "01:00");
        city.tick("01:40");
        city.tick("02:00");
        city.tick("03:00");
        StringBuilder said = new StringBuilder();
        for (int minute = 240; minute < 300; minute++) {
            String time = String.format("%02d:%02d", minute / 60, minute % 60);
            if (minute % 10 == 0) {
                city.reports("gate", "battery", 90, time);
            }
            said.append(city.tick(time)).append('|');
        }
        assertThat(said.toString().replace("|", ""))
                .startsWith("clear device-silent @ @device/gate at 04:00")
                .contains("open device-silent @ @device/a since 04:00, raised 04:45");
    }

    @Test
    void aDeviceThatFallsSilentBehindALivingGatewayIsRaised() {
        RuleWorld city = RuleWorld.with(Rule.Silence.class)
                .device("gate", "generic-bin", new Binding.Unplaced())
                .device("a", "generic-bin", new Binding.Unplaced(), "gate")
                .device("b", "generic-bin", new Binding.Unplaced(), "gate");
        StringBuilder said = new StringBuilder();
        for (int minute = 0; minute < 120; minute += 5) {
            String time = String.format("%02d:%02d", minute / 60, minute % 60);
            if (minute == 0) {
                city.reports("a", "battery", 90, time);
            }
            city.reports("b", "battery", 90, time);
            said.append(city.tick(time));
        }
        assertThat(said.toString()).isEqualTo("open device-silent @ @device/a since 00:00, raised 00:45");
    }

    @Test
    void nextDueTellsWhenToComeBack() {
        RuleWorld city = bin();
        city.tick("00:01");
        assertThat(city.judge().nextDue()).contains(RuleWorld.at("00:45"));
    }
}
