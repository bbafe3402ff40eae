package city.canopy.core.tickets;

import static city.canopy.core.tickets.TicketWorld.at;
import static city.canopy.core.tickets.TicketWorld.raise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TicketActTest {
    private final TicketWorld city = new TicketWorld();
    private String ticket;

    @BeforeEach
    void aTicket() {
        city.take(raise("waste-overflow", "B7", "bin-1", 1, "06:00"));
        ticket = city.onlyTicket();
    }

    @AfterEach
    void close() {
        city.close();
    }

    private static Ticket done(ActOutcome outcome) {
        assertThat(outcome).isInstanceOf(ActOutcome.Done.class);
        return ((ActOutcome.Done) outcome).ticket();
    }

    @Test
    void aTicketGoesFromHandToHand() {
        Ticket assigned = done(city.act(ticket, new TicketChange.Assign(Optional.of("Đội 3")), "07:00"));
        assertThat(assigned.status()).isEqualTo(TicketState.ASSIGNED);
        assertThat(assigned.standing().assignee()).contains("Đội 3");
        done(city.move(ticket, TicketState.IN_PROGRESS));
        done(city.act(ticket, new TicketChange.Comment("xe đang tới"), "07:20"));
        Ticket urgent =
                done(city.act(ticket, new TicketChange.Reprioritise(Priority.LOW, Optional.of("nhỏ")), "07:30"));
        assertThat(urgent.priority()).isEqualTo(Priority.LOW);
        assertThat(done(city.move(ticket, TicketState.RESOLVED)).times().resolved())
                .isPresent();
        Ticket closed = done(city.move(ticket, TicketState.CLOSED));
        assertThat(closed.times().closed()).contains(at("12:00"));
        assertThat(closed.version()).isEqualTo(7);
        assertThat(city.history(ticket))
                .containsExactly("opened", "witness", "assigned", "status", "comment", "priority", "status", "status");
        assertThat(city.count("outbox")).isEqualTo(7);
    }

    @Test
    void aCitizenIsOneMoreWitnessOfTheSameTicket() {
        TicketChange report = new TicketChange.Testify(Witness.Kind.CITIZEN, "PA-0001", "Rác tràn ra lòng đường");
        done(city.act(ticket, report, "06:30"));
        PgTicketStore.Entry entry = city.store.find(new TicketId(ticket)).orElseThrow();
        assertThat(entry.witnesses())
                .extracting(Witness::kind)
                .containsExactly(Witness.Kind.SENSOR, Witness.Kind.CITIZEN);
        assertThat(entry.witnesses().get(1))
                .isEqualTo(
                        new Witness(Witness.Kind.CITIZEN, at("06:30"), "PA-0001", Optional.empty(), Optional.empty()));
        assertThat(city.history(ticket)).containsExactly("opened", "witness", "witness", "comment");
        assertThat(city.count("ticket")).isEqualTo(1);
        city.take(TicketWorld.clear("waste-overflow", "B7", "bin-1", 1, "08:00"));
        assertThat(city.store.find(new TicketId(ticket)).orElseThrow().ticket().status())
                .as("what somebody saw once holds nothing open")
                .isEqualTo(TicketState.RESOLVED);
        city.move(ticket, TicketState.CLOSED);
        assertThat(city.act(ticket, report, "12:30")).isInstanceOf(ActOutcome.Refused.class);
        assertThatThrownBy(() -> new TicketChange.Testify(Witness.Kind.SENSOR, "bin-1", "đầy"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMoveThatIsNotInTheTableIsRefusedAndToldWhatMayBe() {
        city.move(ticket, TicketState.CLOSED);
        assertThat(city.move(ticket, TicketState.OPEN))
                .isEqualTo(new ActOutcome.Refused(
                        "move_not_allowed", "a ticket that is closed cannot become open: it is over; open a new one"));
        assertThat(city.act(ticket, new TicketChange.Assign(Optional.of("x")), "13:00"))
                .isInstanceOf(ActOutcome.Refused.class);
        done(city.act(ticket, new TicketChange.Comment("still true"), "13:00"));
    }

    @Test
    void rejectingNeedsAReason() {
        TicketChange reject = new TicketChange.Move(TicketState.REJECTED, Optional.empty());
        assertThat(city.act(ticket, reject, "07:00"))
                .isEqualTo(new ActOutcome.Refused(
                        "reason_missing", "say why a ticket that is open is to become rejected"));
    }

    @Test
    void aMergedTicketIsOverAndTheOtherOneTookItIn() {
        city.take(raise("waste-overflow", "B8", "bin-8", 8, "06:01"));
        String other =
                city.query("select id from ticket where feature_id = 'B8'").get(0);
        TicketChange merge = new TicketChange.Merge(new TicketId(other), Optional.of("same heap"));
        Ticket merged = done(city.act(ticket, merge, "07:00"));
        assertThat(merged.status()).isEqualTo(TicketState.MERGED);
        assertThat(merged.standing().mergedInto()).contains(new TicketId(other));
        assertThat(city.store.events(new TicketId(ticket)))
                .last()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("into", other)
                        .containsEntry("reason", "same heap")
                        .containsEntry("still_firing", 1));
        assertThat(city.store.mergedInto(new TicketId(other))).containsExactly(new TicketId(ticket));
        assertThat(city.history(other)).containsExactly("opened", "witness", "took_in");
        assertThat(city.store.find(new TicketId(other)).orElseThrow().ticket().version())
                .as("whoever looks at the target hears of it")
                .isEqualTo(2);
        Ticket commented = done(city.act(ticket, new TicketChange.Comment("yes"), "07:01"));
        assertThat(commented.standing().mergedInto()).contains(new TicketId(other));
        assertThat(city.act(other, new TicketChange.Merge(new TicketId(ticket), Optional.of("back")), "07:02"))
                .isEqualTo(new ActOutcome.Refused(
                        "merge_target_merged",
                        "the ticket " + ticket + " has been merged itself, into " + other + "; take that one"));
        assertThat(city.act(other, new TicketChange.Merge(new TicketId(ticket), Optional.empty()), "07:02"))
                .as("a merge needs a reason")
                .isEqualTo(
                        new ActOutcome.Refused("reason_missing", "say why a ticket that is open is to become merged"));
    }

    @Test
    void whoHasSeenAnOlderVersionIsToldToLookAgain() {
        city.act(ticket, new TicketChange.Comment("one"), "07:00");
        ActOutcome outcome = city.database.inTransaction(connection -> city.desk.act(
                connection,
                new TicketId(ticket),
                new TicketChange.Comment("two"),
                "user:lan",
                OptionalLong.of(1),
                at("07:01")));
        assertThat(outcome).isEqualTo(new ActOutcome.Stale(2));
    }

    @Test
    void anUnknownTicketIsUnknown() {
        assertThat(city.move("0".repeat(26), TicketState.CLOSED)).isEqualTo(new ActOutcome.Unknown());
        assertThatThrownBy(() -> new TicketId("../etc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingWhileASensorStillDisagreesIsNotedInTheHistory() {
        city.move(ticket, TicketState.CLOSED);
        assertThat(city.store.events(new TicketId(ticket)))
                .last()
                .satisfies(event -> assertThat(event.detail()).containsEntry("still_firing", 1));
    }

    @Test
    void aDispatcherOpensATicketUnlessThereIsOne() {
        NewTicket there = wish("waste-overflow", "B7");
        assertThat(open(there)).isInstanceOf(ActOutcome.AlreadyOpen.class);
        Ticket opened = done(open(wish("waste-overflow", "B8")));
        assertThat(opened.about().rule()).isNull();
        assertThat(opened.about().title())
                .isEqualTo(TicketWorld.PACKS.services().get("waste-overflow").title());
        assertThat(open(wish("no-such", "B8"))).isInstanceOf(ActOutcome.Refused.class);
        assertThat(open(wish("waste-overflow", "no-such"))).isInstanceOf(ActOutcome.Refused.class);
        city.take(raise("waste-overflow", "B8", "bin-8", 8, "09:00"));
        assertThat(city.tickets()).contains("open waste-overflow @ waste_points/B8 by bin-8");
    }

    private static NewTicket wish(String service, String point) {
        return new NewTicket(
                service, new Subject("waste_points", point), Optional.empty(), Map.of(), Optional.of("phone call"));
    }

    private ActOutcome open(NewTicket wish) {
        return city.database.inTransaction(connection -> city.desk.open(connection, wish, "user:lan", at("08:00")));
    }
}
