package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.series.Appended;
import city.canopy.core.series.Sample;
import city.canopy.devices.model.Position;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.registry.Binding;
import city.canopy.geo.filter.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ThresholdTest {
    private static RuleWorld bin() {
        return RuleWorld.with(Rule.Threshold.class)
                .feature("waste_points", "B7", Map.of())
                .device("bin-7", "generic-bin", new Binding.ToFeature("waste_points", "B7"));
    }

    private static RuleWorld tree(String group) {
        return RuleWorld.with(Rule.Threshold.class)
                .feature("trees", "T1", Map.of("species_group", group))
                .device("probe", "generic-soil-probe", new Binding.ToFeature("trees", "T1"));
    }

    @Test
    void aFullBinIsRaisedOnceAndClearedWhenItIsEmptied() {
        RuleWorld city = bin();
        assertThat(city.reports("bin-7", "fill_level", 79.9, "05:45")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 82, "06:00"))
                .isEqualTo("open waste-overflow @ waste_points/B7 since 06:00");
        assertThat(city.reports("bin-7", "fill_level", 95, "06:15")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 31, "06:30"))
                .as("between")
                .isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 30, "06:45"))
                .isEqualTo("clear waste-overflow @ waste_points/B7 at 06:45");
        assertThat(city.reports("bin-7", "fill_level", 80, "07:00"))
                .isEqualTo("open waste-overflow @ waste_points/B7 since 07:00");
    }

    @Test
    void theNamedRulesWorkAtTheirLimits() {
        RuleWorld city = RuleWorld.with(Rule.Threshold.class)
                .device("w", "generic-water-level", new Binding.Unplaced())
                .device("m", "generic-manhole", new Binding.Unplaced())
                .device("b", "generic-bin", new Binding.Unplaced());
        assertThat(city.reports("w", "water_level", 0.249, "06:00")).isEmpty();
        assertThat(city.reports("w", "water_level", 0.25, "06:05"))
                .isEqualTo("open road-flood @ @device/w since 06:05");
        assertThat(city.reports("m", "manhole_open", 0, "06:00")).isEmpty();
        assertThat(city.reports("m", "manhole_open", 1, "06:01"))
                .isEqualTo("open manhole-open @ @device/m since 06:01");
        assertThat(city.reports("m", "manhole_open", 0, "06:02")).isEqualTo("clear manhole-open @ @device/m at 06:02");
        assertThat(city.reports("b", "waste_temperature", 70, "06:00")).isEmpty();
        assertThat(city.reports("b", "waste_temperature", 70.1, "06:15"))
                .isEqualTo("open waste-fire @ @device/b since 06:15");
    }

    @Test
    void aLateReadingIsNotJudged() {
        RuleWorld city = bin();
        city.reports("bin-7", "fill_level", 20, "06:00");
        assertThat(city.reports("bin-7", "fill_level", 99, "05:00")).isEmpty();
        assertThat(city.states().list()).isEmpty();
    }

    @Test
    void aReadingThatCameTwiceIsJudgedOnce() {
        RuleWorld city = bin();
        assertThat(city.reports("bin-7", "fill_level", 82, "06:00")).isNotEmpty();
        assertThat(city.reports("bin-7", "fill_level", 82, "06:00")).isEmpty();
    }

    @Test
    void aReadingAboutAnotherLayerIsLeftAlone() {
        RuleWorld city = RuleWorld.with(Rule.Threshold.class)
                .feature("zones", "Z1", Map.of())
                .device("probe", "generic-bin", new Binding.ToFeature("zones", "Z1"));
        assertThat(city.reports("probe", "fill_level", 99, "06:00")).isEmpty();
    }

    @Test
    void aDryTreeIsRaisedByTimerAtTheVeryMomentThatSixHoursArePast() {
        RuleWorld city = tree("ordinary");
        assertThat(city.reports("probe", "soil_moisture", 17.9, "01:00")).isEmpty();
        assertThat(city.tick("06:59:59")).isEmpty();
        assertThat(city.tick("07:00")).isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00");
        assertThat(city.tick("08:00")).isEmpty();
        assertThat(city.reports("probe", "soil_moisture", 22.9, "08:00")).isEmpty();
        assertThat(city.reports("probe", "soil_moisture", 23, "08:30")).isEqualTo("clear tree-dry @ trees/T1 at 08:30");
    }

    @Test
    void theNextReadingRaisesItAtTheSameMomentAsTheTimerWould() {
        RuleWorld city = tree("ordinary");
        city.reports("probe", "soil_moisture", 10, "01:00");
        assertThat(city.reports("probe", "soil_moisture", 12, "09:00"))
                .isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00");
    }

    @Test
    void aReadingAfterTheMomentFirstLetsTheTimePassAndIsThenJudgedItself() {
        RuleWorld city = tree("ordinary");
        city.reports("probe", "soil_moisture", 10, "01:00");
        assertThat(city.reports("probe", "soil_moisture", 40, "07:00"))
                .isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00; clear tree-dry @ trees/T1 at 07:00");
    }

    @Test
    void rainBeforeTheSixHoursArePastEndsTheWait() {
        RuleWorld city = tree("ordinary");
        city.reports("probe", "soil_moisture", 10, "01:00");
        city.reports("probe", "soil_moisture", 18, "06:59");
        assertThat(city.tick("09:00")).isEmpty();
        assertThat(city.states().list()).isEmpty();
    }

    @Test
    void theLimitFollowsTheSpeciesGroupAndAnEditOfTheTree() {
        RuleWorld city = tree("thirsty");
        city.reports("probe", "soil_moisture", 23, "01:00");
        assertThat(city.states().list()).hasSize(1);
        city.feature("trees", "T1", Map.of("species_group", "drought_tolerant"));
        city.reports("probe", "soil_moisture", 23, "01:30");
        assertThat(city.states().list()).isEmpty();
    }

    @Test
    void aTimerGoesOnFromTheStartOfTheServiceAndNotFromBefore() {
        RuleWorld city = tree("ordinary");
        city.reports("probe", "soil_moisture", 10, "01:00");
        city.reports("probe", "soil_moisture", 10, "05:00");
        city.start("20:00");
        assertThat(city.tick("20:01"))
                .as("what was said meanwhile is on its way")
                .isEmpty();
        assertThat(city.tick("21:59")).isEmpty();
        assertThat(city.tick("22:00")).isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00");
    }

    @Test
    void whatWasRolledBackIsJudgedAgainWithTheSameOutcome() {
        RuleWorld city = bin();
        assertThat(city.judged("bin-7", "fill_level", 82, "06:00", "06:00")).isNotEmpty();
        city.rollback();
        assertThat(city.states().list()).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 82, "06:00"))
                .isEqualTo("open waste-overflow @ waste_points/B7 since 06:00");
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFoundOut() {
        RuleWorld city = bin();
        city.judged("bin-7", "fill_level", 82, "06:00", "06:00");
        city.commitWithoutAnswer();
        assertThat(city.reports("bin-7", "fill_level", 82, "06:00"))
                .as("it is a duplicate now")
                .isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 10, "06:15"))
                .isEqualTo("clear waste-overflow @ waste_points/B7 at 06:15");
        city.judged("bin-7", "fill_level", 82, "06:30", "06:30");
        city.commitWithoutAnswer();
        city.judged("bin-7", "fill_level", 10, "06:45", "06:45");
        city.commitWithoutAnswer();
        assertThat(city.reports("bin-7", "fill_level", 82, "07:00"))
                .isEqualTo("open waste-overflow @ waste_points/B7 since 07:00");
    }

    @Test
    void aWaitWhoseCommitWasNotAnsweredGoesOn() {
        RuleWorld city = tree("ordinary");
        city.judged("probe", "soil_moisture", 10, "01:00", "01:00");
        city.commitWithoutAnswer();
        assertThat(city.tick("06:59")).isEmpty();
        assertThat(city.tick("07:00")).isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00");
    }

    @Test
    void aTimerThatFiredInARolledBackTransactionFiresAgain() {
        RuleWorld city = tree("ordinary");
        city.reports("probe", "soil_moisture", 10, "01:00");
        assertThat(city.tickOpen("07:00")).isNotEmpty();
        city.rollback();
        assertThat(city.tick("07:01")).isEqualTo("open tree-dry @ trees/T1 since 01:00, raised 07:00");
    }

    @Test
    void aFiringRuleStillFiresAfterARestart() {
        RuleWorld city = bin();
        city.reports("bin-7", "fill_level", 82, "06:00");
        city.start("06:05");
        assertThat(city.reports("bin-7", "fill_level", 90, "06:15")).isEmpty();
        assertThat(city.reports("bin-7", "fill_level", 5, "06:30"))
                .isEqualTo("clear waste-overflow @ waste_points/B7 at 06:30");
    }

    @Test
    void theProofHoldsEverythingThatTheRuleSaw() {
        RuleWorld city = tree("thirsty");
        city.reports("probe", "soil_moisture", 20, "01:00");
        Sample later = city.sample("probe", "soil_moisture", 20, "08:00", "08:00");
        List<Finding> findings = city.judge().judge(List.of(new Appended.Fresh(later, false, 9)));
        Finding.Raise raise = (Finding.Raise) findings.get(0);
        assertThat(raise.proof().seen())
                .isEqualTo(Map.of("soil_moisture", 20.0, "limit", 24.0, "species_group", "thirsty"));
        assertThat(raise.proof().frame()).as("the frame that it began with").isEqualTo(7);
    }

    @Test
    void aSpatialConditionAsksAboutTheFeatureOrElseTheDevice() throws Exception {
        Rule.Threshold rule = new Rule.Threshold(
                new RuleHead("noisy", 1, "device-check", Priority.LOW, Map.of("vi", "Ồn", "en", "Noisy")),
                new Rule.Target(new Quantity("noise"), null, List.of()),
                Condition.parse("noise > 70"),
                Optional.empty(),
                Optional.of(Condition.parse("WITHIN(geometry, layer('zones', 'kind = ''school'''))")),
                Duration.ZERO);
        RuleWorld city = new RuleWorld(new RuleBook(List.of(rule)))
                .square("zones", "school", 105.8, 21.5, Map.of("kind", "school"))
                .square("zones", "park", 105.9, 21.5, Map.of("kind", "park"))
                .device("in", "generic-weather", new Binding.At(new Position(105.801, 21.501)))
                .device("out", "generic-weather", new Binding.At(new Position(105.9, 21.5)))
                .device("nowhere", "generic-weather", new Binding.Unplaced());
        assertThat(city.reports("in", "noise", 80, "06:00")).isEqualTo("open noisy @ @device/in since 06:00");
        assertThat(city.reports("out", "noise", 80, "06:00")).isEmpty();
        assertThat(city.reports("nowhere", "noise", 80, "06:00")).isEmpty();
    }

    /** The order of devices, the cut into batches, rollbacks, restarts and timers do not matter for what is found. */
    @Test
    void theOutcomeDoesNotDependOnBatchesRollbacksRestartsOrTimers() {
        long seed = 20260301;
        Map<String, String> reference = run(seed, new Random(0), false);
        assertThat(reference.values()).anyMatch(line -> line.contains("tree-dry"));
        for (int variant = 1; variant <= 40; variant++) {
            assertThat(run(seed, new Random(variant), true))
                    .as("variant " + variant)
                    .isEqualTo(reference);
        }
    }

    private static Map<String, String> run(long seed, Random luck, boolean disturbed) {
        RuleWorld city = RuleWorld.with(Rule.Threshold.class);
        for (int i = 0; i < 5; i++) {
            city.feature("trees", "T" + i, Map.of("species_group", "ordinary"));
            city.device("p" + i, "generic-soil-probe", new Binding.ToFeature("trees", "T" + i));
        }
        Random weather = new Random(seed);
        Map<String, String> found = new TreeMap<>();
        for (int half = 0; half < 96; half++) {
            String time = String.format("%02d:%02d", half / 2, half % 2 * 30);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                double value = weather.nextInt(12) == 0 ? 30 : 10;
                samples.add(city.sample("p" + i, "soil_moisture", value, time, time));
            }
            if (disturbed) {
                Collections.shuffle(samples, luck);
            }
            int cut = disturbed ? luck.nextInt(6) : 5;
            for (List<Sample> batch : List.of(samples.subList(0, cut), samples.subList(cut, 5))) {
                if (disturbed && luck.nextInt(4) == 0) {
                    city.judged(batch);
                    city.rollback();
                }
                note(city.judged(batch), found);
                city.commit();
            }
            if (disturbed && luck.nextInt(10) == 0) {
                city.start(time);
            }
            if (disturbed && luck.nextBoolean()) {
                note(city.tick(time), found);
            }
        }
        return found;
    }

    private static void note(String said, Map<String, String> found) {
        if (!said.isEmpty()) {
            for (String line : said.split("; ")) {
                String subject = line.split(" ")[3];
                found.merge(subject, line, (before, now) -> before + "; " + now);
            }
        }
    }
}
