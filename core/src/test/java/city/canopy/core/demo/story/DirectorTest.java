package city.canopy.core.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.demo.city.DemoCity;
import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.city.DemoDevices;
import city.canopy.core.demo.crew.Crew;
import city.canopy.core.demo.crew.Teams;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.RuleHead;
import city.canopy.core.rules.Source;
import city.canopy.core.series.Subject;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketEvent;
import city.canopy.core.tickets.TicketIds;
import city.canopy.core.tickets.TicketPlaces;
import city.canopy.core.tickets.TicketState;
import city.canopy.core.tickets.Witness;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Scenario;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stories of the bins on a clock that the test moves; their sensors are judged here as the rule judges them. */
class DirectorTest {
    private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
    private static final Subject MARKET = new Subject("waste_points", "W001");
    private static final RuleHead OVERFLOW = Packs.load(Optional.empty()).rules().stream()
            .map(text -> text.rule().head())
            .filter(head -> head.id().equals("waste-overflow"))
            .findFirst()
            .orElseThrow();

    private final Database database = TestDatabase.fresh();
    private final PgTicketStore tickets = new PgTicketStore(database);
    private final Map<String, List<GeoFeature>> city =
            new DemoCity(7, 200, WorkingPlane.centredOn(105.85, 21.47)).layers();
    private final List<DemoDevice> devices = DemoDevices.place(city, 14, 7, 8);
    private final List<DemoDevice> bins = devices.stream()
            .filter(device -> device.role() == DemoDevice.Role.STORY
                    && device.member().signals().containsKey("fill_level")
                    && !device.id().value().contains("fire"))
            .toList();
    private final Scenario scenario = new Scenario(
            7, START, new Fleet(bins.stream().map(DemoDevice::member).toList()));
    private final TicketDesk desk = desk();
    private final Set<DemoDevice> firing = new HashSet<>();
    private Director director = director();

    private TicketDesk desk() {
        LayerSource layers = new LayerSource() {
            @Override
            public Set<String> names() {
                return city.keySet();
            }

            @Override
            public LayerSnapshot snapshot(String layer) {
                return new LayerSnapshot(layer, 1, city.get(layer));
            }
        };
        DeviceRegistry none = new DeviceRegistry(List.of());
        return new TicketDesk(
                () -> Packs.load(Optional.empty()).services(),
                new TicketPlaces(layers, () -> none, (lon, lat) -> Optional.of("Bình Sơn")),
                new TicketIds(new Random(1)));
    }

    private Director director() {
        return new Director(devices, START, new Crew(database, desk, new Teams(city)), () -> {}, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        director.close();
        database.close();
    }

    private void second(int n) {
        Instant now = START.plusSeconds(n);
        if (n % 5 == 0) {
            bins.forEach(bin -> judge(bin, now));
        }
        director.step(now);
    }

    private void judge(DemoDevice bin, Instant now) {
        double level = scenario.ask(bin.member(), now).values().get("fill_level");
        Subject subject = new Subject(bin.feature().layer(), bin.feature().id());
        Source source = new Source(bin.id(), 1 + bins.indexOf(bin));
        Optional<Finding> finding = Optional.empty();
        if (level >= 80 && firing.add(bin)) {
            Finding.Proof proof = new Finding.Proof(OptionalDouble.of(level), 1, Map.of("fill_level", level));
            finding = Optional.of(new Finding.Raise(OVERFLOW, subject, source, now, now, proof));
        } else if (level <= 30 && firing.remove(bin)) {
            finding = Optional.of(new Finding.Clear(OVERFLOW, subject, source, now));
        }
        finding.ifPresent(found -> database.inTransaction(c -> desk.raise(c, List.of(found), now)));
    }

    @Test
    void wasteOverARoadIsReportedAndDealtWithAndItBeginsAgain() {
        for (int n = 1; n <= 700; n++) {
            if (n == 100 || n == 280) {
                director.close();
                director = director();
            }
            second(n);
        }
        List<PgTicketStore.Entry> told = tickets.about(MARKET, 5);
        assertThat(told).hasSize(1);
        PgTicketStore.Entry ticket = told.get(0);
        assertThat(ticket.ticket().standing().assignee().orElseThrow()).startsWith("Đội vệ sinh môi trường số");
        assertThat(ticket.witnesses())
                .extracting(Witness::kind)
                .containsExactly(Witness.Kind.SENSOR, Witness.Kind.CITIZEN);
        List<TicketEvent> events = tickets.events(ticket.ticket().id());
        assertThat(events)
                .extracting(TicketEvent::kind)
                .containsExactly(
                        "opened",
                        "witness",
                        "witness",
                        "comment",
                        "assigned",
                        "status",
                        "witness_cleared",
                        "resolved",
                        "comment",
                        "status");
        assertThat(events.get(3).detail().get("text").toString()).contains("tràn ra lòng đường");
        assertThat(Duration.between(START, ticket.ticket().times().resolved().orElseThrow()))
                .isLessThan(Duration.ofMinutes(5));
        assertThat(ticket.ticket().status()).isEqualTo(TicketState.CLOSED);
        for (int n = 701; n <= 800; n++) {
            second(n);
        }
        assertThat(tickets.about(MARKET, 5)).hasSize(2);
        assertThat(tickets.about(MARKET, 5).get(0).ticket().status()).isEqualTo(TicketState.ASSIGNED);
    }

    @Test
    void everyStatusOfALiveTicketIsToBeSeenAtAnyTime() {
        Map<Integer, Set<TicketState>> missing = new TreeMap<>();
        Set<TicketState> wanted =
                EnumSet.of(TicketState.OPEN, TicketState.ASSIGNED, TicketState.IN_PROGRESS, TicketState.RESOLVED);
        for (int n = 1; n <= 2 * 720; n++) {
            second(n);
            if (n > 720 && n % 10 == 9) {
                Map<TicketState, Long> counts = new HashMap<>(tickets.count());
                Set<TicketState> lacking = EnumSet.copyOf(wanted);
                lacking.removeAll(counts.keySet());
                if (!lacking.isEmpty()) {
                    missing.put(n, lacking);
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
