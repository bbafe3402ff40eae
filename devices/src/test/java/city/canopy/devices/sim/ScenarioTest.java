package city.canopy.devices.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Signal FILLING = new Signal.Filling(5, 98, DAY, 0.5, 0.5);

    private static Fleet.Member bin(String id) {
        return Fleet.Member.of(new DeviceId(id), Duration.ofMinutes(15), Map.of("fill_level", FILLING));
    }

    private static List<Report> dayOf(long seed, Fleet.Member... members) {
        return new Scenario(seed, START, new Fleet(List.of(members))).between(START, START.plus(DAY));
    }

    @Test
    void the_same_seed_says_the_same_and_another_seed_does_not() {
        assertThat(dayOf(1, bin("a"), bin("b"))).isEqualTo(dayOf(1, bin("a"), bin("b")));
        assertThat(dayOf(1, bin("a"))).isNotEqualTo(dayOf(2, bin("a")));
    }

    @Test
    void a_scenario_that_is_started_again_goes_on_where_it_was() {
        Fleet.Member member = bin("a").with(new Fault.Stuck(0.3, Duration.ofHours(1)), new Fault.Dropout(0.2, DAY));
        Scenario scenario = new Scenario(7, START, new Fleet(List.of(member, bin("b"))));
        Instant noon = START.plus(Duration.ofHours(12));
        List<Report> whole = new ArrayList<>(scenario.between(START, noon));
        whole.addAll(scenario.between(noon, START.plus(DAY)));
        assertThat(whole).isEqualTo(scenario.between(START, START.plus(DAY)));
    }

    @Test
    void the_past_leads_up_to_the_start_without_a_jump() {
        Route way = new Route(List.of(new Position(105.8, 21.4), new Position(105.9, 21.4)), 5);
        Scenario scenario = new Scenario(7, START, new Fleet(List.of(bin("a"), bin("b").along(way))));
        List<Report> past = new ArrayList<>();
        scenario.before(START.minus(DAY.multipliedBy(30)), member -> Duration.ofHours(3))
                .forEachRemaining(past::add);
        assertThat(past)
                .hasSize(2 * 30 * 8)
                .isSortedAccordingTo((x, y) -> x.sendAt().compareTo(y.sendAt()))
                .allSatisfy(report -> {
                    assertThat(report.sendAt()).isBetween(START.minus(DAY.multipliedBy(30)), START);
                    assertThat(report.values().get("fill_level")).isBetween(5.0, 98.0);
                });
        List<Report> last = new ArrayList<>();
        scenario.before(START.minusSeconds(3_600), Fleet.Member::every).forEachRemaining(last::add);
        assertThat(last).hasSize(8);
        Report after = scenario.from(START).next();
        Report before = last.stream()
                .filter(report -> report.device().equals(after.device()))
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(after.values().get("fill_level")).isCloseTo(before.values().get("fill_level"), within(5.0));
        List<Report> resumed = new ArrayList<>();
        scenario.before(START.minus(DAY), member -> Duration.ofHours(3)).forEachRemaining(resumed::add);
        assertThat(past).endsWith(resumed.toArray(Report[]::new));
        assertThat(resumed).hasSize(16);
    }

    @Test
    void every_device_reports_in_its_rhythm_and_all_in_order_of_time() {
        List<Report> reports = dayOf(3, bin("a"), bin("b"), bin("c"));
        assertThat(reports)
                .hasSize(3 * 96)
                .isSortedAccordingTo((x, y) -> x.sendAt().compareTo(y.sendAt()));
        assertThat(reports.stream().map(Report::sendAt).distinct()).hasSize(3 * 96);
    }

    @Test
    void a_member_that_is_added_does_not_change_what_the_others_say() {
        List<Report> alone = dayOf(3, bin("a"));
        List<Report> together = dayOf(3, bin("z"), bin("a")).stream()
                .filter(report -> report.device().value().equals("a"))
                .toList();
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void a_course_goes_from_point_to_point_and_jumps_where_two_are_of_one_moment() {
        Signal course = new Signal.Course(
                List.of(
                        new Signal.Course.Point(Duration.ZERO, 10),
                        new Signal.Course.Point(Duration.ofSeconds(10), 20),
                        new Signal.Course.Point(Duration.ofSeconds(20), 20),
                        new Signal.Course.Point(Duration.ofSeconds(20), 5)),
                Duration.ofSeconds(60),
                0.5,
                0);
        double[] values = LongStream.of(30, 35, 40, 45, 50, 55, 95, -25)
                .mapToDouble(second -> Math.round(course.at(second * 1_000, 1) * 1e6) / 1e6)
                .toArray();
        assertThat(values).containsExactly(10, 15, 20, 20, 5, 5, 15, 15);
        assertThatThrownBy(() -> new Signal.Course(
                        List.of(new Signal.Course.Point(Duration.ofSeconds(1), 10)), Duration.ofSeconds(60), 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_bin_fills_and_is_emptied() {
        double[] levels = LongStream.range(0, 48)
                .mapToDouble(hour -> FILLING.at(hour * 3_600_000, 5))
                .toArray();
        assertThat(levels[0]).isBetween(45.0, 85.0);
        assertThat(levels[11]).isGreaterThan(80);
        assertThat(levels[12]).isLessThan(10);
        assertThat(levels)
                .satisfies(
                        all -> assertThat(java.util.Arrays.stream(all)).allMatch(level -> level >= 5 && level <= 98));
    }

    @Test
    void soil_dries_and_is_watered() {
        Signal soil = new Signal.Drying(40, 8, DAY, 0, 0);
        assertThat(soil.at(0, 1)).isEqualTo(40);
        assertThat(soil.at(DAY.toMillis() - 1, 1)).isBetween(8.0, 9.0);
        assertThat(soil.at(DAY.toMillis(), 1)).isEqualTo(40);
    }

    @Test
    void a_tree_leans_a_flood_comes_and_a_lid_opens_once_in_each_cycle() {
        Signal tree = new Signal.Tilting(1, 4, DAY, 0);
        Signal water = new Signal.Flooding(0.05, 0.6, Duration.ofMinutes(30), DAY, 0);
        Signal lid = new Signal.OnOff(Duration.ofMinutes(20), DAY);
        for (long day = 0; day < 30; day++) {
            long from = day * DAY.toMillis();
            List<Long> minutes =
                    LongStream.range(0, 1440).mapToObj(m -> from + m * 60_000).toList();
            assertThat(minutes).anyMatch(m -> tree.at(m, 9) == 5).anyMatch(m -> tree.at(m, 9) == 1);
            assertThat(minutes).anyMatch(m -> water.at(m, 9) > 0.55).anyMatch(m -> water.at(m, 9) == 0.05);
            long open = LongStream.range(0, 1440)
                    .filter(m -> lid.at(from + m * 60_000, 9) == 1)
                    .count();
            assertThat(open).isBetween(19L, 21L);
        }
    }

    @Test
    void a_day_swings_around_its_mean_and_drifts() {
        Signal air = new Signal.Daily(25, 6, 14, 1, 0);
        assertThat(air.at(14 * 3_600_000L, 1)).isCloseTo(31 + 14 / 24.0, within(1e-9));
        assertThat(air.at(2 * 3_600_000L, 1)).isCloseTo(19 + 2 / 24.0, within(1e-9));
        assertThat(new Signal.Within(air, 20, 30).at(14 * 3_600_000L, 1)).isEqualTo(30);
    }

    @Test
    void noise_has_the_deviation_that_is_asked_for() {
        Signal noisy = new Signal.Daily(0, 0, 0, 0, 2);
        double squares = LongStream.range(0, 20_000)
                .mapToDouble(i -> noisy.at(i * 1000, 11))
                .map(value -> value * value)
                .sum();
        assertThat(Math.sqrt(squares / 20_000)).isCloseTo(2, within(0.05));
    }

    @Test
    void faults_drop_repeat_delay_and_freeze() {
        assertThat(dayOf(5, bin("a").with(new Fault.Dropout(0.5, Duration.ofHours(1))))
                        .size())
                .isBetween(24, 72);
        List<Report> twice = dayOf(5, bin("a").with(new Fault.Duplicate(1, Duration.ofSeconds(2))));
        assertThat(twice).hasSize(192);
        assertThat(twice.get(1).toJson()).isEqualTo(twice.get(0).toJson());
        assertThat(twice.get(1).sendAt()).isEqualTo(twice.get(0).sendAt().plusSeconds(2));
        Report late = dayOf(5, bin("a").with(new Fault.LateClock(Duration.ofHours(2))))
                .get(0);
        assertThat(late.measuredAt()).isEqualTo(late.sendAt().minusSeconds(7200));
        List<Report> stuck = dayOf(5, bin("a").with(new Fault.Stuck(1, DAY)));
        assertThat(stuck.stream().map(Report::values).distinct()).hasSize(1);
    }

    @Test
    void a_moving_device_stays_on_its_route() {
        Route route = new Route(List.of(new Position(105.84, 21.47), new Position(105.86, 21.47)), 10);
        Fleet.Member tracker = bin("t").along(route);
        for (Report report : dayOf(5, tracker)) {
            Position position = report.position().orElseThrow();
            assertThat(position.lat()).isEqualTo(21.47);
            assertThat(position.lon()).isBetween(105.84, 105.86);
        }
        assertThat(route.at(0)).isEqualTo(new Position(105.84, 21.47));
        assertThat(route.at(100_000).lon())
                .isCloseTo(105.84 + 1000 / (111_195 * Math.cos(Math.toRadians(21.47))), within(1e-6));
    }

    @Test
    void a_report_is_written_as_canopy_telemetry() {
        Report report = new Report(
                START,
                new DeviceId("a"),
                START,
                Map.of("fill_level", 81.5),
                java.util.Optional.of(new Position(105, 21)));
        assertThat(new String(report.toJson(), StandardCharsets.UTF_8))
                .isEqualTo("{\"ts\":1772323200000,\"values\":{\"fill_level\":81.5,\"lon\":105.0,\"lat\":21.0}}");
    }

    @Test
    void what_makes_no_sense_is_refused_with_its_name() {
        assertThatThrownBy(() -> new Fleet(List.of(bin("a"), bin("a")))).hasMessageContaining("named a");
        assertThatThrownBy(() -> new Signal.OnOff(DAY, Duration.ofHours(1))).hasMessageContaining("PT1H");
        assertThatThrownBy(() -> new Fault.Dropout(1, DAY)).hasMessageContaining("0.99");
        assertThatThrownBy(() -> new Route(List.of(new Position(1, 1), new Position(1, 1)), 1))
                .hasMessageContaining("leads somewhere");
    }
}
