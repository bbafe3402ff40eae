package city.canopy.core.demo.past;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.demo.city.DemoCity;
import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.city.DemoDevices;
import city.canopy.core.demo.crew.Deed;
import city.canopy.core.packs.Packs;
import city.canopy.devices.profile.Profiles;
import city.canopy.geo.crs.WorkingPlane;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PastPlanTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Ho_Chi_Minh");
    private static final WorkingDay DAY = new WorkingDay(Instant.parse("2026-03-02T08:00:00Z"), ZONE);
    private static final Packs PACKS = Packs.load(Optional.empty());
    private static final Profiles PROFILES = PACKS.profiles();

    private final List<DemoDevice> devices =
            DemoDevices.place(new DemoCity(1, 20_000, WorkingPlane.centredOn(105.85, 21.47)).layers(), 1_500, 1, 15);

    private PastPlan plan(int days, long seed) {
        return new PastPlan(devices, id -> PROFILES.find(id).orElseThrow().reportEvery(), days, DAY, seed);
    }

    @Test
    void aQuarterHasSomeHundredTroublesOfEveryKindAndMostAreDealtWithInTime() {
        for (long seed = 1; seed <= 3; seed++) {
            List<Incident> incidents = plan(90, seed).incidents();
            assertThat(incidents).hasSizeBetween(250, 400);
            assertThat(incidents.stream().map(Incident::trouble).distinct())
                    .containsExactlyInAnyOrder(Trouble.values());
            long late = incidents.stream().filter(PastPlanTest::isLate).count();
            assertThat(100.0 * late / incidents.size()).as("percent late").isBetween(5.0, 20.0);
        }
    }

    private static boolean isLate(Incident incident) {
        long target =
                PACKS.services().get(incident.trouble().service()).target().toMillis();
        return incident.fixed() - incident.opened() > target;
    }

    @Test
    void nothingHappensTwiceAtOneTimeNorAfterTheStart() {
        Map<String, Incident> last = new HashMap<>();
        plan(90, 1).incidents().stream()
                .sorted((a, b) -> Long.compare(a.onset(), b.onset()))
                .forEach(incident -> {
                    assertThat(incident.begins()).isGreaterThan(-90 * 24 * Incident.HOUR);
                    assertThat(incident.opened()).isBetween(incident.onset(), incident.fixed() - 1);
                    assertThat(incident.fixed()).isNegative();
                    Incident before = last.put(incident.subject().toString(), incident);
                    assertThat(before == null || before.ends() < incident.begins())
                            .isTrue();
                });
    }

    @Test
    void theSameSeedTellsTheSamePastAndAnotherAnother() {
        assertThat(plan(30, 5).incidents()).isEqualTo(plan(30, 5).incidents());
        assertThat(plan(30, 5).incidents()).isNotEqualTo(plan(30, 6).incidents());
        assertThat(Happenings.of(plan(30, 5).incidents(), DAY, 5))
                .isEqualTo(Happenings.of(plan(30, 5).incidents(), DAY, 5));
    }

    @Test
    void crewsThatNeedNotGoOutAtNightWorkByDay() {
        assertThat(plan(90, 2).incidents().stream()
                        .filter(incident -> !incident.trouble().isUrgent())
                        .map(incident ->
                                DAY.instant(incident.fixed()).atZone(ZONE).getHour()))
                .allMatch(hour -> hour >= 6 && hour < 18);
    }

    @Test
    void everyTicketIsGivenToSomebodyBeforeItEnds() {
        Map<Incident, Long> assigned = new HashMap<>();
        for (Happening happening : Happenings.of(plan(90, 3).incidents(), DAY, 3)) {
            assertThat(happening.at()).isNegative();
            if (happening instanceof Happening.Act act
                    && act.service().equals(act.incident().trouble().service())) {
                if (act.deed() == Deed.ASSIGN) {
                    assertThat(act.at()).isGreaterThan(act.incident().opened());
                    assigned.put(act.incident(), act.at());
                } else if (act.deed() != Deed.REPORT) {
                    assertThat(assigned).containsKey(act.incident());
                    assertThat(act.at()).isGreaterThan(assigned.get(act.incident()));
                }
            }
        }
        assertThat(assigned).hasSizeGreaterThan(250);
    }
}
