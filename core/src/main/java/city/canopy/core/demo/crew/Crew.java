package city.canopy.core.demo.crew;

import city.canopy.core.db.Database;
import city.canopy.core.series.Subject;
import city.canopy.core.tickets.ActOutcome;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.Ticket;
import city.canopy.core.tickets.TicketChange;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketState;
import city.canopy.core.tickets.Witness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The people of the generated city: dispatchers, teams and citizens. What they do to tickets they do through the desk, as
 * the API's callers do, at the time that is given. What does not apply any more, because sensors or somebody else have
 * settled it, is not done. Any thread; blocks.
 */
public final class Crew {
    private static final List<String> DISPATCHERS = List.of("user:lan.nguyen", "user:hung.tran", "user:thuy.ma");
    private static final int LOOK_AT = 5;

    private final Database database;
    private final TicketDesk desk;
    private final PgTicketStore tickets;
    private final Teams teams;

    /**
     * One deed, and what is said with it.
     *
     * @param subject what the ticket is about
     * @param service which ticket service
     * @param words what the citizen, the team or the dispatcher says; for deeds without words it is not used
     * @param number tells one dispatcher and one citizen's report from another, 0 or more
     */
    public record Wish(Subject subject, String service, Deed deed, String words, long number) {
        public Wish {
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(deed, "deed");
            Objects.requireNonNull(words, "words");
        }

        /** The number that a citizen's report gets at the counter. */
        private String reference() {
            return "PA-%05d".formatted(number % 100_000);
        }
    }

    /** What else belongs into the transaction of a deed. */
    public interface AlongWith {
        void run(Connection connection) throws SQLException;
    }

    public Crew(Database database, TicketDesk desk, Teams teams) {
        this.database = Objects.requireNonNull(database, "database");
        this.desk = Objects.requireNonNull(desk, "desk");
        this.tickets = new PgTicketStore(database);
        this.teams = Objects.requireNonNull(teams, "teams");
    }

    /**
     * Does it to the live ticket that it is meant for.
     *
     * @param also is written in the same transaction, whether there was something to do or not
     * @return whether there was
     */
    public boolean act(Wish wish, Instant now, AlongWith also) {
        Optional<PgTicketStore.Entry> entry = tickets.about(wish.subject(), LOOK_AT).stream()
                .filter(found -> found.ticket().service().equals(wish.service())
                        && found.ticket().status().isLive())
                .findFirst();
        Optional<TicketChange> change = entry.flatMap(found -> change(wish, found));
        return database.inTransaction(connection -> {
            also.run(connection);
            return change.isPresent()
                    && desk.act(
                                    connection,
                                    entry.get().ticket().id(),
                                    change.get(),
                                    actor(wish),
                                    OptionalLong.of(entry.get().ticket().version()),
                                    now)
                            instanceof ActOutcome.Done;
        });
    }

    private Optional<TicketChange> change(Wish wish, PgTicketStore.Entry entry) {
        Ticket ticket = entry.ticket();
        TicketState from = ticket.status();
        return switch (wish.deed()) {
            case REPORT -> {
                boolean isNew = entry.witnesses().stream()
                        .noneMatch(witness -> witness.ref().equals(wish.reference()));
                yield when(
                        isNew && from != TicketState.RESOLVED,
                        new TicketChange.Testify(Witness.Kind.CITIZEN, wish.reference(), wish.words()));
            }
            case ASSIGN ->
                when(from == TicketState.OPEN, new TicketChange.Assign(Optional.of(teams.of(wish.subject()))));
            case START -> when(from == TicketState.ASSIGNED, move(TicketState.IN_PROGRESS, Optional.empty()));
            case REMARK -> when(!hasSaid(wish, ticket), new TicketChange.Comment(wish.words()));
            case RESOLVE ->
                when(from == TicketState.IN_PROGRESS, move(TicketState.RESOLVED, Optional.of(wish.words())));
            case CLOSE ->
                when(
                        from == TicketState.RESOLVED
                                && ticket.standing().assignee().isPresent(),
                        move(TicketState.CLOSED, Optional.empty()));
            case REJECT -> when(true, move(TicketState.REJECTED, Optional.of(wish.words())));
            case MERGE -> when(true, move(TicketState.MERGED, Optional.of(wish.words())));
        };
    }

    private static Optional<TicketChange> when(boolean applies, TicketChange change) {
        return applies ? Optional.of(change) : Optional.empty();
    }

    private static TicketChange move(TicketState to, Optional<String> reason) {
        return new TicketChange.Move(to, reason);
    }

    /** Whether the team has spoken already. */
    private boolean hasSaid(Wish wish, Ticket ticket) {
        return tickets.events(ticket.id()).stream()
                .anyMatch(
                        event -> event.kind().equals("comment") && event.actor().equals(actor(wish)));
    }

    private String actor(Wish wish) {
        return switch (wish.deed()) {
            case REPORT -> "citizen:" + wish.reference();
            case START, REMARK, RESOLVE -> "crew:" + teams.of(wish.subject());
            case ASSIGN, CLOSE, REJECT, MERGE -> DISPATCHERS.get((int) (wish.number() % DISPATCHERS.size()));
        };
    }
}
