package city.canopy.core.demo.city;

import city.canopy.core.demo.crew.Deed;
import city.canopy.devices.sim.Signal;
import city.canopy.devices.sim.Signal.Course.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stories that a visitor sees happen, each again and again: what the device says and what people do about it, by
 * seconds of one cycle. The first is the newspaper's: waste over a road in Bình Sơn, reported by a citizen and dealt with.
 */
public enum Plot {
    MARKET("bin-full", "generic-bin", "fill_level", 720, 0) {
        @Override
        void write(Script script) {
            script.says(0, 78.5, 6, 81, 150, 96, 268, 97, 274, 5, 719, 77);
            script.people("waste-overflow");
            script.at(
                    36,
                    Deed.REPORT,
                    "Rác ở điểm rác chợ Bình Sơn tràn ra lòng đường, xe máy phải tránh, mong xử lý sớm.");
            script.at(66, Deed.ASSIGN, "").at(126, Deed.START, "");
            script.at(290, Deed.REMARK, "Đã thu gom hết rác, quét sạch và rửa mặt đường trước chợ.");
            script.at(340, Deed.CLOSE, "");
        }
    },
    BUSY_1("bin-busy-1", 0),
    BUSY_2("bin-busy-2", 576),
    BUSY_3("bin-busy-3", 432),
    BUSY_4("bin-busy-4", 288),
    BUSY_5("bin-busy-5", 144),
    LEANING("tilt-leaning", "generic-tilt", "tilt", 14_400, 0) {
        @Override
        void write(Script script) {
            // Put upright so slowly that it is no alarm again.
            script.says(0, 1.5, 45, 1.5, 45, 6.1, 7_200, 6.1, 14_399, 1.6);
            script.people("tree-hazard");
            script.at(80, Deed.ASSIGN, "").at(150, Deed.START, "");
            script.at(420, Deed.RESOLVE, "Đã chống bốn cọc và cắt bớt cành nặng; cây đứng vững.");
            script.at(600, Deed.CLOSE, "");
        }
    },
    FIRE("bin-fire", "generic-bin", "waste_temperature", 1_200, 0) {
        @Override
        void write(Script script) {
            script.says(0, 31, 300, 31, 360, 84, 520, 92, 570, 40, 640, 31);
            script.people("waste-fire");
            script.at(380, Deed.ASSIGN, "").at(430, Deed.START, "");
            script.at(600, Deed.REMARK, "Đã dập lửa, đổ nước làm nguội thùng; không ai bị thương.");
            script.at(720, Deed.CLOSE, "");
        }
    },
    UNDERPASS("water-underpass", "generic-water-level", "water_level", 1_080, 0) {
        @Override
        void write(Script script) {
            script.says(0, 0.03, 120, 0.03, 300, 0.46, 560, 0.38, 660, 0.05);
            script.people("road-flood", "flood-watch");
            script.at(255, Deed.ASSIGN, "").at(340, Deed.START, "");
            script.at(690, Deed.REMARK, "Đã khơi miệng cống, nước rút hết; đã gỡ biển cảnh báo.");
            script.at(800, Deed.CLOSE, "");
        }
    },
    MANHOLE("manhole-open", "generic-manhole", "manhole_open", 900, 0) {
        @Override
        void write(Script script) {
            script.says(0, 0, 180, 0, 180, 1, 420, 1, 420, 0);
            script.people("manhole-open");
            script.at(205, Deed.ASSIGN, "").at(270, Deed.START, "");
            script.at(445, Deed.REMARK, "Đã đậy lại nắp cống và chốt khóa.");
            script.at(560, Deed.CLOSE, "");
        }
    },
    DRY("soil-dry", "generic-soil-probe", "soil_moisture", 108_000, 0) {
        @Override
        void write(Script script) {
            script.says(0, 11, 27_600, 9.5, 27_600, 52, 90_000, 26, 107_000, 11.5);
            script.people("tree-watering");
            script.at(22_200, Deed.ASSIGN, "").at(24_600, Deed.START, "");
            script.at(27_700, Deed.REMARK, "Đã tưới đẫm gốc cây, xới lại bồn và phủ rơm giữ ẩm.");
            script.at(31_000, Deed.CLOSE, "");
        }
    };

    /**
     * What people do.
     *
     * @param after how far into the cycle
     * @param words what is said with it
     */
    public record Beat(Duration after, Deed deed, String words) {}

    private final String device;
    private final String profile;
    private final String quantity;
    private final Duration cycle;
    private final Duration phase;
    private final Script script = new Script();

    Plot(String device, String profile, String quantity, int cycle, int phase) {
        this.device = device;
        this.profile = profile;
        this.quantity = quantity;
        this.cycle = Duration.ofSeconds(cycle);
        this.phase = Duration.ofSeconds(phase);
        write(script);
    }

    /** One of the bins that are always full somewhere, so that every status of a ticket is to be seen. */
    Plot(String device, int phase) {
        this(device, "generic-bin", "fill_level", 720, phase);
    }

    /** A busy bin's; the others have one of their own. */
    void write(Script into) {
        into.says(0, 78.5, 6, 81.5, 440, 95, 450, 5, 719, 77);
        into.people("waste-overflow");
        into.at(150, Deed.ASSIGN, "").at(300, Deed.START, "");
        into.at(470, Deed.REMARK, "Đã thu gom hết rác và quét sạch mặt đường quanh điểm rác.");
        into.at(600, Deed.CLOSE, "");
    }

    /** What the device is called. */
    String device() {
        return device;
    }

    String profile() {
        return profile;
    }

    /** What its story is about. */
    String quantity() {
        return quantity;
    }

    Signal signal() {
        return new Signal.Course(script.points, cycle, (double) phase.toSeconds() / cycle.toSeconds(), script.noise());
    }

    /** Which ticket services its tickets are of. */
    public List<String> services() {
        return script.services;
    }

    /** What people do in each cycle, in order. */
    public List<Beat> beats() {
        return script.beats;
    }

    /** How long it takes to begin again. */
    public Duration cycle() {
        return cycle;
    }

    /** How far into a cycle it is at the scenario's start. */
    public Duration phase() {
        return phase;
    }

    /** The plot of a device, if it has one. */
    public static Optional<Plot> of(DemoDevice told) {
        for (Plot plot : values()) {
            if (told.id().value().equals(DemoDevices.PREFIX + plot.device)) {
                return Optional.of(plot);
            }
        }
        return Optional.empty();
    }

    /** Collects what happens in one cycle. */
    private static final class Script {
        private final List<Point> points = new ArrayList<>();
        private final List<Beat> beats = new ArrayList<>();
        private List<String> services = List.of();

        /** @param pairs seconds and values, in turn */
        void says(double... pairs) {
            for (int i = 0; i < pairs.length; i += 2) {
                points.add(new Point(Duration.ofSeconds((long) pairs[i]), pairs[i + 1]));
            }
        }

        void people(String... calledFor) {
            services = List.of(calledFor);
        }

        Script at(int second, Deed deed, String words) {
            beats.add(new Beat(Duration.ofSeconds(second), deed, words));
            return this;
        }

        /** Small against what the story needs; a switch has none. */
        double noise() {
            double most = points.stream().mapToDouble(Point::value).max().orElseThrow();
            return most <= 1 ? 0 : most < 10 ? 0.03 : 0.2;
        }
    }
}
