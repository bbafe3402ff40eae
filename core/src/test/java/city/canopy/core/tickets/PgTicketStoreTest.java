package city.canopy.core.tickets;

import static city.canopy.core.tickets.TicketWorld.at;
import static city.canopy.core.tickets.TicketWorld.raise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.rules.PgRuleVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;

class PgTicketStoreTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/ticket.json");

    private final TicketWorld city = new TicketWorld();

    @AfterEach
    void close() {
        city.close();
    }

    private List<String> points(TicketFilter filter) {
        return city.store.list(filter, Optional.empty(), 100).entries().stream()
                .map(entry -> entry.ticket().subject().id())
                .toList();
    }

    private void three() {
        city.take(raise("waste-overflow", "B1", "bin-1", 1, "06:00"));
        city.take(raise("waste-overflow", "B2", "bin-2", 2, "07:00"));
        city.take(raise("waste-fire", "B3", "bin-3", 3, "08:00"));
    }

    @Test
    void aListIsFilteredAndTheNewestComesFirst() {
        three();
        Optional<String> none = Optional.empty();
        assertThat(points(TicketFilter.ALL)).containsExactly("B3", "B2", "B1");
        assertThat(points(new TicketFilter(
                        Set.of(TicketState.CLOSED),
                        none,
                        none,
                        none,
                        Optional.empty(),
                        Optional.empty(),
                        TicketFilter.Opened.EVER)))
                .isEmpty();
        assertThat(points(new TicketFilter(
                        Set.of(TicketState.OPEN),
                        Optional.of("waste_points"),
                        Optional.of("B2"),
                        none,
                        Optional.empty(),
                        Optional.empty(),
                        TicketFilter.Opened.EVER)))
                .containsExactly("B2");
        assertThat(points(new TicketFilter(
                        Set.of(),
                        none,
                        none,
                        Optional.of("waste-fire"),
                        Optional.empty(),
                        Optional.empty(),
                        TicketFilter.Opened.EVER)))
                .containsExactly("B3");
        assertThat(points(new TicketFilter(
                        Set.of(),
                        none,
                        none,
                        none,
                        Optional.of(new Envelope(105.8015, 105.8025, 21.4, 21.6)),
                        Optional.empty(),
                        TicketFilter.Opened.EVER)))
                .containsExactly("B2");
        assertThat(points(new TicketFilter(
                        Set.of(),
                        none,
                        none,
                        none,
                        Optional.empty(),
                        Optional.of(at("07:00")),
                        TicketFilter.Opened.EVER)))
                .containsExactly("B3");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepeat() {
        three();
        List<String> seen = new ArrayList<>();
        Optional<TicketId> after = Optional.empty();
        do {
            PgTicketStore.Page page = city.store.list(TicketFilter.ALL, after, 1);
            page.entries().forEach(entry -> seen.add(entry.ticket().subject().id()));
            after = page.next();
        } while (after.isPresent());
        assertThat(seen).containsExactly("B3", "B2", "B1");
        assertThatThrownBy(() -> city.store.list(TicketFilter.ALL, Optional.empty(), 1001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTraceLeadsToTheFrameAndToTheRuleAsItWasWritten() {
        city.database.inTransaction(connection -> PgRuleVersions.adopt(connection, TicketWorld.PACKS.rules()));
        city.take(raise("waste-overflow", "B1", "bin-1", 1, "06:00"));
        TicketTrace trace = city.store.trace(new TicketId(city.onlyTicket())).orElseThrow();
        assertThat(trace.steps()).singleElement().satisfies(step -> {
            assertThat(step.ruleText().orElseThrow()).contains("open: fill_level >= 80");
            Witness.Sensed sensed = step.witness().sensed().orElseThrow();
            assertThat(sensed.frame()).isEqualTo(41);
            assertThat(sensed.version()).isEqualTo(1);
            assertThat(sensed.value()).hasValue(82);
            assertThat(sensed.seen()).containsEntry("fill_level", 82.0);
        });
        assertThat(city.store.trace(new TicketId("0".repeat(26)))).isEmpty();
    }

    /** Renewed with -Dgolden.update. */
    @Test
    void aTicketReadsAsTheOutsideExpects() throws IOException {
        city.take(raise("waste-overflow", "B1", "bin-1", 1, "06:00"));
        PgTicketStore.Entry entry =
                city.store.find(new TicketId(city.onlyTicket())).orElseThrow();
        String json = TicketJson.write(entry.ticket(), entry.witnesses(), entry.photos());
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, json + "\n");
        }
        assertThat(json + "\n").isEqualTo(Files.readString(GOLDEN));
        assertThat(city.query("select (payload = '" + json.replace("'", "''") + "'::jsonb)::text from outbox"))
                .containsExactly("true");
    }

    @Test
    void ticketsAreCountedByStatus() {
        three();
        assertThat(city.store.count()).containsExactly(java.util.Map.entry(TicketState.OPEN, 3L));
    }
}
