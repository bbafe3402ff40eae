package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.series.Appended;
import city.canopy.core.series.Sample;
import city.canopy.devices.registry.Binding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeSpeedTest {
    private static final int STREAMS = 3_000;
    private static final int ROUNDS = 300;

    @Test
    void aReadingThatChangesNothingCostsFarLessThanTheLineCanSpend() {
        RuleWorld city = new RuleWorld();
        for (int i = 0; i < STREAMS; i++) {
            String tree = "T" + i;
            city.feature("trees", tree, Map.of("species_group", "ordinary"));
        }
        List<Sample> first = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            Binding binding = new Binding.ToFeature("trees", "T" + i);
            city.device("d" + i, i % 2 == 0 ? "generic-soil-probe" : "generic-tilt", binding);
            // Neither dry nor leaning: no rule has anything to say.
            first.add(
                    i % 2 == 0
                            ? city.sample("d" + i, "soil_moisture", 30, "00:01", "00:01")
                            : city.sample("d" + i, "tilt", 3, "00:01", "00:01"));
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            List<Appended.Fresh> fresh = new ArrayList<>(STREAMS);
            for (Sample sample : first) {
                long at = sample.measuredAt() + round * 60_000_000L;
                fresh.add(new Appended.Fresh(new Sample(sample.stream(), sample.value(), at, at, true, 0), false, 1));
            }
            long started = System.nanoTime();
            assertThat(city.judge().judge(fresh)).isEmpty();
            city.judge().adopt();
            best = Math.min(best, System.nanoTime() - started);
        }
        long nanos = best / STREAMS;
        System.out.println("judging and adopting: " + nanos + " ns for a reading");
        assertThat(nanos).as("nanoseconds for a reading").isLessThan(5_000);
    }
}
