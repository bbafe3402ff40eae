package city.canopy.core.demo.past;

import city.canopy.core.db.Database;
import city.canopy.core.demo.Teams;
import city.canopy.core.demo.past.Happening.Act;
import city.canopy.core.tickets.ActOutcome;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.Ticket;
import city.canopy.core.tickets.TicketChange;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketState;
import city.canopy.core.tickets.Witness;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The people of the past: does what they did to tickets, through the desk, at the time at which they did it. What no
 * longer applies (the sensors have settled it before) is not done.
 */
final class Crew {
    private static final List<String> DISPATCHERS = List.of("user:lan.nguyen", "user:hung.tran", "user:thuy.ma");
    private static final List<String> REPORTS = List.of(
            "Thùng rác đầy từ chiều, túi rác để cả xuống lòng đường, mùi rất khó chịu.",
            "Rác tràn ra vỉa hè, chó mèo bới tung, đề nghị cho xe đến thu gom.",
            "Điểm rác trước nhà tôi quá tải, ruồi nhiều, mong đội vệ sinh xử lý sớm.");
    private static final int LOOK_AT = 5;

    private final Database database;
    private final TicketDesk desk;
    private final PgTicketStore tickets;
    private final Teams teams;

    Crew(Database database, TicketDesk desk, Teams teams) {
        this.database = database;
        this.desk = desk;
        this.tickets = new PgTicketStore(database);
        this.teams = teams;
    }

    /**
     * Does it, and sets the mark of the past in the same transaction, so that it is never done twice.
     *
     * @return whether there was something to do it to
     */
    boolean act(Act act, Instant now) {
        Optional<Ticket> ticket = tickets.about(act.incident().subject(), LOOK_AT).stream()
                .map(PgTicketStore.Entry::ticket)
                .filter(found ->
                        found.service().equals(act.service()) && found.status().isLive())
                .findFirst();
        Optional<TicketChange> change = ticket.flatMap(found -> change(act, found));
        return database.inTransaction(connection -> {
            PgHistoryMark.set(connection, now);
            if (change.isEmpty()) {
                return false;
            }
            ActOutcome outcome =
                    desk.act(connection, ticket.get().id(), change.get(), actor(act), OptionalLong.empty(), now);
            return outcome instanceof ActOutcome.Done;
        });
    }

    private Optional<TicketChange> change(Act act, Ticket ticket) {
        TicketState from = ticket.status();
        Trouble trouble = act.incident().trouble();
        return switch (act.deed()) {
            case REPORT ->
                Optional.of(new TicketChange.Testify(Witness.Kind.CITIZEN, reference(act), REPORTS.get((int)
                        (Math.abs(act.at()) % REPORTS.size()))));
            case ASSIGN ->
                from == TicketState.OPEN
                        ? Optional.of(new TicketChange.Assign(
                                Optional.of(teams.of(act.incident().subject()))))
                        : Optional.empty();
            case START -> move(from == TicketState.ASSIGNED, TicketState.IN_PROGRESS, null);
            case REMARK -> Optional.of(new TicketChange.Comment(trouble.remark()));
            case RESOLVE -> move(from != TicketState.RESOLVED, TicketState.RESOLVED, trouble.remark());
            case CLOSE -> move(ticket.standing().assignee().isPresent(), TicketState.CLOSED, null);
            case REJECT -> move(true, TicketState.REJECTED, trouble.refutation());
            case MERGE -> move(true, TicketState.MERGED, "Đã có phiếu cho điểm ngay bên cạnh; xử lý chung một chuyến.");
        };
    }

    private static Optional<TicketChange> move(boolean applies, TicketState to, String reason) {
        return applies ? Optional.of(new TicketChange.Move(to, Optional.ofNullable(reason))) : Optional.empty();
    }

    private String actor(Act act) {
        return switch (act.deed()) {
            case REPORT -> "citizen:" + reference(act);
            case START, REMARK, RESOLVE -> "crew:" + teams.of(act.incident().subject());
            case ASSIGN, CLOSE, REJECT, MERGE ->
                DISPATCHERS.get((int) (Math.abs(act.incident().onset()) % DISPATCHERS.size()));
        };
    }

    /** The number that a citizen's report got at the counter. */
    private static String reference(Act act) {
        return "PA-%05d".formatted(Math.abs(act.at() / 1_000) % 100_000);
    }
}
