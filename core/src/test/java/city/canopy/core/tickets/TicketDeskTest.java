package city.canopy.core.tickets;

import static city.canopy.core.tickets.TicketWorld.at;
import static city.canopy.core.tickets.TicketWorld.clear;
import static city.canopy.core.tickets.TicketWorld.raise;
import static city.canopy.core.tickets.TicketWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.db.DatabaseException;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.Priority;
import city.canopy.core.rules.RuleHead;
import city.canopy.core.series.Subject;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicketDeskTest {
    private static final String FULL = "waste-overflow";

    private final TicketWorld city = new TicketWorld();

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void theFirstWitnessOpensATicketThatIsDueByTheServicesTarget() {
        assertThat(city.take(raise(FULL, "B7", "bin-1", 1, "06:00"))).isEqualTo(new TicketDesk.Raised(1, 0));
        assertThat(city.tickets()).containsExactly("open waste-overflow @ waste_points/B7 by bin-1");
        Ticket ticket =
                city.store.find(new TicketId(city.onlyTicket())).orElseThrow().ticket();
        assertThat(ticket.times().opened()).isEqualTo(at("06:00"));
        assertThat(ticket.times().due()).isEqualTo(at("06:00").plusSeconds(24 * 3600));
        assertThat(ticket.place().ward()).contains("Sông Công");
        assertThat(city.history(city.onlyTicket())).containsExactly("opened", "witness");
        assertThat(city.query("select kind || ' ' || (payload->>'status') from outbox"))
                .containsExactly("ticket open");
    }

    @Test
    void theSameWordTwiceChangesNothing() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"));
        assertThat(city.take(raise(FULL, "B7", "bin-1", 1, "06:00"), raise(FULL, "B7", "bin-1", 1, "06:00")))
                .isEqualTo(new TicketDesk.Raised(0, 0));
        assertThat(city.count("witness")).isEqualTo(1);
        assertThat(city.count("ticket_event")).isEqualTo(2);
        assertThat(city.count("outbox")).isEqualTo(1);
        assertThat(city.query("select version::text from ticket")).containsExactly("1");
    }

    @Test
    void aSecondDeviceOfTheSamePointIsAWitnessOfTheSameTicket() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"), raise(FULL, "B7", "bin-2", 2, "06:05"));
        assertThat(city.tickets()).containsExactly("open waste-overflow @ waste_points/B7 by bin-1 bin-2");
    }

    @Test
    void itIsProposedAsResolvedWhenTheLastWitnessClearsAndReopenedWhenOneReturns() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"), raise(FULL, "B7", "bin-2", 2, "06:05"));
        city.take(clear(FULL, "B7", "bin-1", 1, "07:00"));
        assertThat(city.tickets()).containsExactly("open waste-overflow @ waste_points/B7 by -bin-1 bin-2");
        city.take(clear(FULL, "B7", "bin-2", 2, "07:05"));
        assertThat(city.tickets()).containsExactly("resolved waste-overflow @ waste_points/B7 by -bin-1 -bin-2");
        assertThat(city.query("select resolved_at is not null from ticket")).containsExactly("t");
        city.take(raise(FULL, "B7", "bin-1", 1, "08:00"));
        assertThat(city.tickets()).containsExactly("open waste-overflow @ waste_points/B7 by -bin-1 -bin-2 bin-1");
        assertThat(city.query("select resolved_at is null from ticket")).containsExactly("t");
        assertThat(city.history(city.onlyTicket()))
                .containsExactly(
                        "opened",
                        "witness",
                        "witness",
                        "witness_cleared",
                        "witness_cleared",
                        "resolved",
                        "witness",
                        "reopened");
    }

    @Test
    void aClosedTicketStaysClosedAndANewOneIsOpened() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"));
        assertThat(city.move(city.onlyTicket(), TicketState.CLOSED)).isInstanceOf(ActOutcome.Done.class);
        city.take(clear(FULL, "B7", "bin-1", 1, "13:00"));
        assertThat(city.tickets()).containsExactly("closed waste-overflow @ waste_points/B7 by -bin-1");
        city.take(raise(FULL, "B7", "bin-1", 1, "14:00"));
        assertThat(city.tickets())
                .containsExactly(
                        "closed waste-overflow @ waste_points/B7 by -bin-1",
                        "open waste-overflow @ waste_points/B7 by bin-1");
    }

    @Test
    void aTicketMayOpenAndResolveWithinOneBatch() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"), clear(FULL, "B7", "bin-1", 1, "06:10"));
        assertThat(city.tickets()).containsExactly("resolved waste-overflow @ waste_points/B7 by -bin-1");
        assertThat(city.count("outbox")).isEqualTo(1);
    }

    @Test
    void aMoreUrgentRuleRaisesThePriorityAndALesserOneDoesNotLowerIt() {
        RuleHead normal = rule(FULL);
        RuleHead urgent = new RuleHead("smell", 1, FULL, Priority.URGENT, normal.title());
        Subject point = new Subject("waste_points", "B7");
        city.take(raise(normal, point, "bin-1", 1, "06:00"));
        city.take(raise(urgent, point, "bin-1", 1, "06:01"));
        city.take(raise(normal, point, "bin-2", 2, "06:02"));
        assertThat(city.query("select priority from ticket")).containsExactly("urgent");
        assertThat(city.history(city.onlyTicket()))
                .containsExactly("opened", "witness", "witness", "priority", "witness");
    }

    @Test
    void nothingRemainsOfATransactionThatWasRolledBack() {
        assertThatThrownBy(() -> city.database.inTransaction(connection -> {
                    city.desk.raise(connection, List.of(raise(FULL, "B7", "bin-1", 1, "06:00")), at("06:00"));
                    throw new IllegalStateException("the commit did not come");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(city.count("ticket") + city.count("witness") + city.count("outbox") + city.count("ticket_event"))
                .isZero();
    }

    @Test
    void aDeviceItselfMayBeTheSubject() {
        Finding.Raise silent = new Finding.Raise(
                rule("device-silent"),
                new Subject(Subject.DEVICE_LAYER, "free"),
                new city.canopy.core.rules.Source(new city.canopy.devices.model.DeviceId("free"), 0),
                at("06:00"),
                at("06:45"),
                Finding.Proof.NONE);
        city.take(silent);
        city.take(silent);
        assertThat(city.tickets()).containsExactly("open device-check @ @device/free by free");
        assertThat(city.query("select (extent[0])[0]::text from ticket")).containsExactly("105.81");
    }

    @Test
    void aLargeBatchOpensEveryTicketOnce() {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            findings.add(raise(FULL, "B" + i, "bin-" + i, i + 1, "06:00"));
        }
        Collections.shuffle(findings, new java.util.Random(3));
        TicketDesk.Raised raised =
                city.database.inTransaction(connection -> city.desk.raise(connection, findings, at("06:00")));
        assertThat(raised).isEqualTo(new TicketDesk.Raised(200, 0));
        assertThat(city.count("ticket")).isEqualTo(200);
        assertThat(city.count("outbox")).isEqualTo(200);
        assertThat(city.store
                        .list(TicketFilter.ALL, java.util.Optional.empty(), 300)
                        .entries())
                .hasSize(200);
    }

    @Test
    void twoPartitionsThatRaiseTheSameAtOnceGetOneTicketEachAndNoDeadlock() throws Exception {
        int rounds = 20;
        ExecutorService partitions = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            List<Future<Boolean>> done = new ArrayList<>();
            for (int partition = 0; partition < 2; partition++) {
                int number = partition;
                done.add(partitions.submit(() -> raiseAll(start, number, rounds)));
            }
            for (Future<Boolean> each : done) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            partitions.shutdownNow();
        }
        assertThat(city.count("ticket")).isEqualTo(rounds * 10L);
        assertThat(city.count("witness")).isEqualTo(rounds * 20L);
    }

    private boolean raiseAll(CyclicBarrier start, int partition, int rounds) throws Exception {
        try (Connection connection = city.database.open()) {
            for (int round = 0; round < rounds; round++) {
                List<Finding> findings = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    findings.add(raise(FULL, "B" + (round * 10 + i), "p" + partition, 1 + partition, "06:00"));
                }
                if (partition == 1) {
                    Collections.reverse(findings);
                }
                start.await(30, TimeUnit.SECONDS);
                city.desk.raise(connection, findings, at("06:00"));
                connection.commit();
            }
        }
        return true;
    }

    @Test
    void theHistoryCannotBeChanged() {
        city.take(raise(FULL, "B7", "bin-1", 1, "06:00"));
        for (String sql : List.of("update ticket_event set kind = 'x'", "delete from ticket_event")) {
            assertThatThrownBy(() -> city.database.inTransaction(
                            connection -> connection.createStatement().executeUpdate(sql)))
                    .isInstanceOf(DatabaseException.class);
        }
    }
}
