package city.canopy.core.demo;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Signal;
import city.canopy.geo.layer.GeoFeature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The demo's devices: what each is, what it is bound to, and what it will say. A few tell the story (a bin that passes
 * its limit at once, a fire, a tree that begins to lean, a flooded underpass, an open manhole, dry soil); the rest
 * breathe calmly below every limit.
 */
final class DemoDevices {
    /** The rhythm of those that tell the story, quick, so that a visitor sees them move. */
    static final Duration STORY_EVERY = Duration.ofSeconds(5);

    private static final Duration LONGEST_EVERY = Duration.ofMinutes(5);
    /** Messages a second of all the calm ones together. */
    private static final int CALM_PER_SECOND = 20;

    private static final double DAY_NOISE = 0.4;

    /**
     * One device.
     *
     * @param feature what it is bound to
     * @param member what it says
     */
    record Placed(DeviceId id, String profile, GeoFeature feature, Fleet.Member member) {}

    private final Map<String, List<GeoFeature>> city;
    private final Random random;
    private final List<Placed> placed = new ArrayList<>();
    private Duration every = STORY_EVERY;

    private DemoDevices(Map<String, List<GeoFeature>> city, long seed) {
        this.city = city;
        this.random = new Random(seed);
    }

    /** Places so many devices; the same city, seed and count give the same devices. */
    static List<Placed> place(Map<String, List<GeoFeature>> city, int count, long seed) {
        DemoDevices devices = new DemoDevices(city, seed);
        devices.story();
        devices.every = calmEvery(count);
        while (devices.placed.size() < count) {
            devices.calm(devices.placed.size());
        }
        return List.copyOf(devices.placed.subList(0, count));
    }

    /** A small fleet speaks as quickly as the story does; a large one is not to be a load. */
    private static Duration calmEvery(int count) {
        long seconds = Math.max(STORY_EVERY.toSeconds(), count / CALM_PER_SECOND);
        return Duration.ofSeconds(Math.min(LONGEST_EVERY.toSeconds(), seconds));
    }

    private void story() {
        bin("bin-full", new Signal.Filling(8, 97, Duration.ofMinutes(24), 0.80, 0.2), calmHeat());
        tree("tilt-leaning", "generic-tilt", "tilt", new Signal.Tilting(1.5, 4.5, Duration.ofMinutes(9), 0.05));
        bin(
                "bin-fire",
                new Signal.Filling(5, 55, Duration.ofHours(8), 0.3, 0.2),
                new Signal.Flooding(31, 92, Duration.ofMinutes(1), Duration.ofMinutes(14), 0.5));
        road(
                "water-underpass",
                "generic-water-level",
                "water_level",
                new Signal.Within(
                        new Signal.Flooding(0.02, 0.48, Duration.ofMinutes(2), Duration.ofMinutes(18), 0.004), 0, 5));
        road(
                "manhole-open",
                "generic-manhole",
                "manhole_open",
                new Signal.OnOff(Duration.ofMinutes(3), Duration.ofMinutes(20)));
        tree(
                "soil-dry",
                "generic-soil-probe",
                "soil_moisture",
                new Signal.Drying(30, 9, Duration.ofHours(30), 0.9, 0.2));
    }

    private void calm(int n) {
        switch (n % 7) {
            case 0, 1 ->
                tree(
                        "soil-" + number(n),
                        "generic-soil-probe",
                        "soil_moisture",
                        new Signal.Drying(
                                52 + random.nextInt(8),
                                31,
                                Duration.ofHours(30 + random.nextInt(40)),
                                random.nextDouble(),
                                0.3));
            case 2 ->
                bin(
                        "bin-" + number(n),
                        new Signal.Filling(
                                4,
                                62 + random.nextInt(12),
                                Duration.ofHours(10 + random.nextInt(20)),
                                random.nextDouble(),
                                0.3),
                        calmHeat());
            case 3 ->
                tree(
                        "tilt-" + number(n),
                        "generic-tilt",
                        "tilt",
                        new Signal.Daily(0.5 + random.nextDouble() * 3, 0.15, 14, 0, 0.05));
            case 4 ->
                road(
                        "manhole-" + number(n),
                        "generic-manhole",
                        "manhole_open",
                        new Signal.Within(new Signal.Daily(0, 0, 0, 0, 0), 0, 1));
            case 5 -> weather(n);
            default ->
                road(
                        "water-" + number(n),
                        "generic-water-level",
                        "water_level",
                        new Signal.Within(new Signal.Daily(0.04, 0.02, 16, 0, 0.003), 0, 5));
        }
    }

    private void weather(int n) {
        Map<String, Signal> signals = new LinkedHashMap<>();
        signals.put("air_temperature", new Signal.Daily(27, 4, 14, 0, 0.2));
        signals.put("relative_humidity", new Signal.Within(new Signal.Daily(78, 12, 4, 0, 1), 0, 100));
        signals.put("rainfall", new Signal.Within(new Signal.Daily(0, 0, 0, 0, 0), 0, 200));
        signals.put("wind_speed", new Signal.Within(new Signal.Daily(1.6, 1, 15, 0, 0.3), 0, 60));
        signals.put("pm25", new Signal.Within(new Signal.Daily(32, 14, 8, 0, 2), 0, 500));
        add("weather-" + number(n), "generic-weather", "zones", signals);
    }

    private static Signal calmHeat() {
        return new Signal.Daily(29, 4, 14, 0, DAY_NOISE);
    }

    private static String number(int n) {
        return "%03d".formatted(n);
    }

    private void bin(String name, Signal fill, Signal heat) {
        add(
                name,
                "generic-bin",
                "waste_points",
                Map.of("fill_level", new Signal.Within(fill, 0, 100), "waste_temperature", heat));
    }

    private void tree(String name, String profile, String quantity, Signal signal) {
        Map<String, Signal> signals = new LinkedHashMap<>();
        signals.put(quantity, signal);
        if (quantity.equals("soil_moisture")) {
            signals.put("soil_temperature", new Signal.Daily(25, 3, 15, 0, 0.1));
        }
        add(name, profile, "trees", signals);
    }

    private void road(String name, String profile, String quantity, Signal signal) {
        add(name, profile, "roads", Map.of(quantity, signal));
    }

    private void add(String name, String profile, String layer, Map<String, Signal> signals) {
        List<GeoFeature> features = city.get(layer);
        Map<String, Signal> all = new LinkedHashMap<>(signals);
        all.put("battery", new Signal.Within(new Signal.Daily(60 + random.nextInt(38), 1, 12, -0.05, 0.2), 0, 100));
        // Waste points and roads go round, so that each has a device before one has two; trees are picked anywhere.
        GeoFeature feature = layer.equals("trees")
                ? features.get(random.nextInt(features.size()))
                : features.get(placed.size() % features.size());
        DeviceId id = new DeviceId("demo-" + name);
        placed.add(new Placed(id, profile, feature, Fleet.Member.of(id, every, all)));
    }
}
