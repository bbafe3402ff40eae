package city.canopy.core.simulate;

import city.canopy.devices.sim.Signal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What devices say on an ordinary day: every value stays within the limits of the packs' rules. */
enum CalmSignals {
    BIN("generic-bin", "waste_points") {
        @Override
        Map<String, Signal> signals(Random random) {
            Map<String, Signal> signals = new LinkedHashMap<>();
            signals.put(
                    "fill_level",
                    new Signal.Within(
                            new Signal.Filling(
                                    4,
                                    50 + random.nextInt(20),
                                    Duration.ofHours(8 + random.nextInt(8)),
                                    random.nextDouble(),
                                    0.3),
                            0,
                            100));
            signals.put("waste_temperature", new Signal.Daily(29, 4, 14, 0, 0.4));
            return signals;
        }
    },
    SOIL("generic-soil-probe", "trees") {
        @Override
        Map<String, Signal> signals(Random random) {
            Map<String, Signal> signals = new LinkedHashMap<>();
            signals.put(
                    "soil_moisture",
                    new Signal.Drying(50, 31, Duration.ofHours(30 + random.nextInt(40)), random.nextDouble(), 0.3));
            signals.put("soil_temperature", new Signal.Daily(25, 3, 15, 0, 0.1));
            return signals;
        }
    },
    TILT("generic-tilt", "trees") {
        @Override
        Map<String, Signal> signals(Random random) {
            return Map.of("tilt", new Signal.Daily(0.5 + random.nextDouble() * 3, 0.15, 14, 0, 0.05));
        }
    },
    WATER("generic-water-level", "roads") {
        @Override
        Map<String, Signal> signals(Random random) {
            return Map.of("water_level", new Signal.Within(new Signal.Daily(0.04, 0.02, 16, 0, 0.003), 0, 5));
        }
    };

    private final String profile;
    private final String layer;

    CalmSignals(String profile, String layer) {
        this.profile = profile;
        this.layer = layer;
    }

    /** The n-th device's kind: they take turns. */
    static CalmSignals of(int n) {
        List<CalmSignals> all = List.of(values());
        return all.get(n % all.size());
    }

    String profile() {
        return profile;
    }

    /** Where such devices stand. */
    String layer() {
        return layer;
    }

    abstract Map<String, Signal> signals(Random random);

    /** With the battery, which every profile has. */
    Map<String, Signal> all(Random random) {
        Map<String, Signal> all = new LinkedHashMap<>(signals(random));
        all.put("battery", new Signal.Within(new Signal.Daily(60 + random.nextInt(38), 1, 12, 0, 0.2), 0, 100));
        return all;
    }
}
