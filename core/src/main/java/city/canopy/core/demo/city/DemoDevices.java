package city.canopy.core.demo.city;

import city.canopy.core.demo.city.DemoDevice.Role;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Route;
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
public final class DemoDevices {
    /** The rhythm of those that tell the story, quick, so that a visitor sees them move. */
    public static final Duration STORY_EVERY = Duration.ofSeconds(5);

    /** How the names of all of them begin. */
    static final String PREFIX = "demo-";

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST_EVERY = Duration.ofMinutes(5);
    /** Messages a second of all the calm ones together. */
    private static final int CALM_PER_SECOND = 20;

    /** Two in fifteen of all speak LwM2M: 200 of 1,500. */
    private static final int LWM2M_SHARE = 2;

    private static final int LWM2M_OF = 15;
    private static final int MOST_VALVES = 4;
    private static final int DEVICES_FOR_A_VALVE = 75;
    private static final int MOST_TRUCKS = 4;
    private static final int DEVICES_FOR_A_TRUCK = 100;
    private static final int CALLS = 14;
    private static final double TRUCK_METRES_PER_SECOND = 6;
    private static final double DAY_NOISE = 0.4;

    private final Map<String, List<GeoFeature>> city;
    private final Random random;
    private final List<DemoDevice> placed = new ArrayList<>();
    private final double startHour;
    private Duration every = STORY_EVERY;
    private Role role = Role.STORY;
    private int lwm2mLeft;

    private DemoDevices(Map<String, List<GeoFeature>> city, long seed, double startHour) {
        this.city = city;
        this.random = new Random(seed);
        this.startHour = startHour;
    }

    /**
     * Places so many devices; the same city, seed, count and hour give the same devices.
     *
     * @param startHour the hour of the local day at which their scenario starts, 0 to 24: it is warmest after noon
     */
    public static List<DemoDevice> place(Map<String, List<GeoFeature>> city, int count, long seed, double startHour) {
        DemoDevices devices = new DemoDevices(city, seed, startHour);
        devices.story();
        devices.role = Role.TRUCK;
        devices.trucks(Math.min(MOST_TRUCKS, count / DEVICES_FOR_A_TRUCK));
        devices.every = calmEvery(count);
        devices.role = Role.CALM;
        int valves = Math.min(MOST_VALVES, count / DEVICES_FOR_A_VALVE);
        for (int n = 1; n <= valves; n++) {
            devices.add("valve-" + n, DemoDevice.LWM2M + "valve", "trees", Map.of("valve_open", devices.shut()));
        }
        devices.lwm2mLeft = count * LWM2M_SHARE / LWM2M_OF - valves;
        while (devices.placed.size() < count) {
            devices.calm(devices.placed.size());
        }
        return List.copyOf(devices.placed.subList(0, count));
    }

    private Signal shut() {
        return new Signal.Within(daily(0, 0, 0, 0, 0), 0, 1);
    }

    /** A small fleet speaks as quickly as the story does; a large one is not to be a load. */
    private static Duration calmEvery(int count) {
        long seconds = Math.max(STORY_EVERY.toSeconds(), count / CALM_PER_SECOND);
        return Duration.ofSeconds(Math.min(LONGEST_EVERY.toSeconds(), seconds));
    }

    private void story() {
        for (Plot plot : Plot.values()) {
            Signal told = plot.signal();
            switch (plot.quantity()) {
                case "fill_level" -> bin(plot.device(), told, calmHeat());
                case "waste_temperature" -> bin(plot.device(), collected(), told);
                case "water_level" -> road(plot.device(), plot.profile(), "water_level", limited(told, 5));
                case "manhole_open" -> road(plot.device(), plot.profile(), "manhole_open", told);
                default -> tree(plot.device(), plot.profile(), plot.quantity(), told);
            }
        }
    }

    /** Waste trucks on their rounds, each past some of the waste points of an area of its own. */
    private void trucks(int count) {
        List<GeoFeature> areas = city.get("zones").stream()
                .filter(zone -> "responsibility".equals(zone.properties().get("kind")))
                .toList();
        for (int n = 0; n < Math.min(count, areas.size()); n++) {
            GeoFeature area = areas.get(n);
            List<GeoFeature> calls = city.get("waste_points").stream()
                    .filter(point -> area.geometry().contains(point.geometry()))
                    .limit(CALLS)
                    .toList();
            List<GeoFeature> streets = city.get("roads").stream()
                    .filter(road -> area.geometry().intersects(road.geometry()))
                    .toList();
            List<Position> tour = calls.isEmpty() ? List.of() : new StreetGraph(streets, calls).tour();
            if (tour.stream().distinct().count() > 1) {
                Signal battery = new Signal.Within(daily(85 + random.nextInt(10), 1, 12, 0, 0.2), 0, 100);
                DeviceId id = new DeviceId(PREFIX + "truck-" + (n + 1));
                Fleet.Member member = Fleet.Member.of(id, STORY_EVERY, Map.of("battery", battery))
                        .along(new Route(tour, TRUCK_METRES_PER_SECOND));
                placed.add(new DemoDevice(id, "generic-tracker", role, area, member));
            }
        }
    }

    private static Signal limited(Signal signal, double most) {
        return new Signal.Within(signal, 0, most);
    }

    private void calm(int n) {
        switch (n % 7) {
            case 0, 1 ->
                tree(
                        "soil-" + number(n),
                        profile("soil-probe"),
                        "soil_moisture",
                        new Signal.Drying(
                                52 + random.nextInt(8),
                                31,
                                Duration.ofHours(30 + random.nextInt(40)),
                                random.nextDouble(),
                                0.3));
            case 2 -> bin("bin-" + number(n), profile("bin"), collected(), calmHeat());
            case 3 ->
                tree(
                        "tilt-" + number(n),
                        "generic-tilt",
                        "tilt",
                        daily(0.5 + random.nextDouble() * 3, 0.15, 14, 0, 0.05));
            case 4 -> road("manhole-" + number(n), "generic-manhole", "manhole_open", shut());
            case 5 -> air(n);
            default ->
                road(
                        "water-" + number(n),
                        "generic-water-level",
                        "water_level",
                        new Signal.Within(daily(0.04, 0.02, 16, 0, 0.003), 0, 5));
        }
    }

    /** Over a zone or beside a road, in turn. */
    private void air(int n) {
        if (n % 2 == 0) {
            Map<String, Signal> signals = new LinkedHashMap<>();
            signals.put("pm25", dust());
            signals.put("noise", new Signal.Within(daily(58, 9, 13, 0, 1.5), 30, 110));
            add("air-" + number(n), "generic-roadside-air", "roads", signals);
        } else {
            weather(n);
        }
    }

    /** Filling by day and night, and emptied every morning. */
    private Signal collected() {
        double collectedAt = 6.5 + 5 * random.nextDouble();
        double phase = (startHour - collectedAt) / 24;
        return new Signal.Filling(4, 62 + random.nextInt(12), DAY, phase - Math.floor(phase), 0.3);
    }

    private Signal dust() {
        return new Signal.Within(daily(32, 14, 8, 0, 2), 0, 500);
    }

    /** A day's swing with its peak at an hour of the local day. */
    private Signal.Daily daily(double mean, double amplitude, double peakHour, double driftPerDay, double noise) {
        return new Signal.Daily(mean, amplitude, peakHour - startHour, driftPerDay, noise);
    }

    private void weather(int n) {
        Map<String, Signal> signals = new LinkedHashMap<>();
        signals.put("air_temperature", daily(27, 4, 14, 0, 0.2));
        signals.put("relative_humidity", new Signal.Within(daily(78, 12, 4, 0, 1), 0, 100));
        signals.put("rainfall", new Signal.Within(daily(0, 0, 0, 0, 0), 0, 200));
        signals.put("wind_speed", new Signal.Within(daily(1.6, 1, 15, 0, 0.3), 0, 60));
        signals.put("pm25", dust());
        add("weather-" + number(n), "generic-weather", "zones", signals);
    }

    private Signal calmHeat() {
        return daily(29, 4, 14, 0, DAY_NOISE);
    }

    private static String number(int n) {
        return "%03d".formatted(n);
    }

    /** The kind of a calm device: the first ones speak LwM2M. */
    private String profile(String kind) {
        return (lwm2mLeft-- > 0 ? DemoDevice.LWM2M : "generic-") + kind;
    }

    private void bin(String name, Signal fill, Signal heat) {
        bin(name, "generic-bin", fill, heat);
    }

    private void bin(String name, String profile, Signal fill, Signal heat) {
        add(
                name,
                profile,
                "waste_points",
                Map.of("fill_level", new Signal.Within(fill, 0, 100), "waste_temperature", heat));
    }

    private void tree(String name, String profile, String quantity, Signal signal) {
        Map<String, Signal> signals = new LinkedHashMap<>();
        signals.put(quantity, signal);
        if (quantity.equals("soil_moisture")) {
            signals.put("soil_temperature", daily(25, 3, 15, 0, 0.1));
        }
        add(name, profile, "trees", signals);
    }

    private void road(String name, String profile, String quantity, Signal signal) {
        add(name, profile, "roads", Map.of(quantity, signal));
    }

    private void add(String name, String profile, String layer, Map<String, Signal> signals) {
        List<GeoFeature> features = city.get(layer);
        Map<String, Signal> all = new LinkedHashMap<>(signals);
        all.put("battery", new Signal.Within(daily(60 + random.nextInt(38), 1, 12, -0.05, 0.2), 0, 100));
        // Waste points and roads go round, so that each has a device before one has two; trees are picked anywhere.
        GeoFeature feature = layer.equals("trees")
                ? features.get(random.nextInt(features.size()))
                : features.get(placed.size() % features.size());
        DeviceId id = new DeviceId(PREFIX + name);
        placed.add(new DemoDevice(id, profile, role, feature, Fleet.Member.of(id, every, all)));
    }
}
