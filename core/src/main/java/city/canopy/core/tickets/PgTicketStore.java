package city.canopy.core.tickets;

import city.canopy.core.db.Database;
import city.canopy.core.photos.PgPhotos;
import city.canopy.core.photos.Photo;
import city.canopy.core.series.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads tickets. Blocking; any thread. */
public final class PgTicketStore {
    /** The longest page. */
    public static final int MAX_PAGE = 1_000;

    /** The longest history and the longest trace that is given, the first lines of it. */
    public static final int MAX_LINES = 5_000;

    /** How many tickets that were merged into one are named with it. */
    public static final int MAX_MERGED = 100;

    private final Database database;

    /** A ticket, all who say so, and what it looks like. */
    public record Entry(Ticket ticket, List<Witness> witnesses, List<Photo> photos) {
        public Entry {
            Objects.requireNonNull(ticket, "ticket");
            witnesses = List.copyOf(witnesses);
            photos = List.copyOf(photos);
        }
    }

    /**
     * Some of a longer list.
     *
     * @param next after which ticket to go on; empty when this was the end
     */
    public record Page(List<Entry> entries, Optional<TicketId> next) {
        public Page {
            entries = List.copyOf(entries);
            Objects.requireNonNull(next, "next");
        }
    }

    public PgTicketStore(Database database) {
        this.database = Objects.requireNonNull(database, "database");
    }

    public Optional<Entry> find(TicketId id) {
        return database.read(connection -> find(connection, id));
    }

    private static Optional<Entry> find(Connection connection, TicketId id) throws SQLException {
        List<Ticket> found = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("select " + TicketRows.TICKET + " from ticket t where t.id = ?")) {
            select.setString(1, id.value());
            readTickets(select, found);
        }
        return withBelongings(connection, found).stream().findFirst();
    }

    /**
     * The tickets that are wanted, the newest first.
     *
     * @param after the last ticket of the page before
     * @param limit 1 to {@value #MAX_PAGE}
     */
    public Page list(TicketFilter filter, Optional<TicketId> after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE + ", not " + limit);
        }
        return database.read(connection -> {
            List<Ticket> found = new ArrayList<>();
            Wanted wanted = new Wanted(filter, after);
            try (PreparedStatement select = connection.prepareStatement("select " + TicketRows.TICKET
                    + " from ticket t where " + wanted.sql() + " order by t.id desc limit " + (limit + 1))) {
                wanted.fill(connection, select);
                readTickets(select, found);
            }
            boolean more = found.size() > limit;
            List<Ticket> page = more ? found.subList(0, limit) : found;
            return new Page(
                    withBelongings(connection, page),
                    more ? Optional.of(page.get(limit - 1).id()) : Optional.empty());
        });
    }

    /** The tickets about one subject, live ones first, each group from the newest on. */
    public List<Entry> about(Subject subject, int limit) {
        return database.read(connection -> {
            List<Ticket> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("select " + TicketRows.TICKET
                    + " from ticket t where t.layer = ? and t.feature_id = ? order by t.status in "
                    + "('open', 'assigned', 'in_progress', 'resolved') desc, t.id desc limit ?")) {
                select.setString(1, subject.layer());
                select.setString(2, subject.id());
                select.setInt(3, limit);
                readTickets(select, found);
            }
            return withBelongings(connection, found);
        });
    }

    /** Which tickets were taken up in this one, the first {@value #MAX_MERGED}. */
    public List<TicketId> mergedInto(TicketId id) {
        return database.read(connection -> {
            List<TicketId> merged = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "select id from ticket where merged_into = ? order by id limit " + MAX_MERGED)) {
                select.setString(1, id.value());
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        merged.add(new TicketId(rows.getString(1)));
                    }
                }
            }
            return merged;
        });
    }

    /** The JPEG of a photo, or its small form. */
    public Optional<byte[]> findPhoto(String id, boolean thumb) {
        return database.read(connection -> PgPhotos.find(connection, id, thumb));
    }

    /** How many tickets there are in all, by status. */
    public Map<TicketState, Long> count() {
        return database.read(connection -> {
            Map<TicketState, Long> counts = new HashMap<>();
            try (PreparedStatement select =
                            connection.prepareStatement("select status, count(*) from ticket group by status");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.put(TicketState.find(rows.getString(1)).orElseThrow(), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /** How many live tickets each rule has opened; a rule with none is left out. */
    public Map<String, Long> countLiveByRule() {
        return database.read(connection -> {
            Map<String, Long> counts = new HashMap<>();
            try (PreparedStatement select =
                            connection.prepareStatement("select rule, count(*) from ticket where rule is not null and "
                                    + "status in ('open', 'assigned', 'in_progress', 'resolved') group by rule");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /** A ticket's history, the oldest first; empty when there is no such ticket. */
    public List<TicketEvent> events(TicketId id) {
        return database.read(connection -> {
            List<TicketEvent> events = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "select at, actor, kind, detail from ticket_event where ticket = ? order by id limit "
                            + MAX_LINES)) {
                select.setString(1, id.value());
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        events.add(TicketRows.event(rows));
                    }
                }
            }
            return events;
        });
    }

    /** Why there is this ticket. */
    public Optional<TicketTrace> trace(TicketId id) {
        return database.read(connection -> {
            Optional<Entry> entry = find(connection, id);
            return entry.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TicketTrace(entry.get().ticket(), steps(connection, id)));
        });
    }

    private static List<TicketTrace.Step> steps(Connection connection, TicketId id) throws SQLException {
        List<TicketTrace.Step> steps = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select " + TicketRows.WITNESS
                + ", v.text as rule_text, d.quantity, d.unit from witness w "
                + "left join rule_version v on v.rule = w.rule and v.version = w.rule_version "
                + "left join datastream d on d.id = w.datastream_id "
                + "where w.ticket = ? order by w.id limit " + MAX_LINES)) {
            select.setString(1, id.value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    steps.add(new TicketTrace.Step(
                            TicketRows.witness(rows),
                            Optional.ofNullable(rows.getString("rule_text")),
                            Optional.ofNullable(rows.getString("quantity")),
                            Optional.ofNullable(rows.getString("unit"))));
                }
            }
        }
        return steps;
    }

    private static void readTickets(PreparedStatement select, List<Ticket> into) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                into.add(TicketRows.ticket(rows));
            }
        }
    }

    private static List<Entry> withBelongings(Connection connection, List<Ticket> tickets) throws SQLException {
        if (tickets.isEmpty()) {
            return List.of();
        }
        Map<String, List<Witness>> witnesses = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select " + TicketRows.WITNESS + " from witness w where w.ticket = any(?) order by w.ticket, w.id")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            tickets.stream().map(ticket -> ticket.id().value()).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    witnesses
                            .computeIfAbsent(rows.getString("ticket"), ticket -> new ArrayList<>())
                            .add(TicketRows.witness(rows));
                }
            }
        }
        Map<String, List<Photo>> photos = PgPhotos.list(
                connection, tickets.stream().map(ticket -> ticket.id().value()).toList());
        return tickets.stream()
                .map(ticket -> new Entry(
                        ticket,
                        witnesses.getOrDefault(ticket.id().value(), List.of()),
                        photos.getOrDefault(ticket.id().value(), List.of())))
                .toList();
    }

    /** A filter as SQL: the clauses that matter and what fills their places. */
    private static final class Wanted {
        private final List<String> clauses = new ArrayList<>(List.of("true"));
        private final List<Object> values = new ArrayList<>();

        Wanted(TicketFilter filter, Optional<TicketId> after) {
            if (!filter.statuses().isEmpty()) {
                add(
                        "t.status = any(?)",
                        filter.statuses().stream().map(TicketState::wire).toArray(String[]::new));
            }
            filter.layer().ifPresent(layer -> add("t.layer = ?", layer));
            filter.feature().ifPresent(feature -> add("t.feature_id = ?", feature));
            filter.rule().ifPresent(rule -> add("t.rule = ?", rule));
            filter.bbox().ifPresent(bbox -> add("t.extent && ?::box", TicketRows.box(bbox)));
            filter.updatedAfter().ifPresent(time -> add("t.updated_at > ?", time.atOffset(ZoneOffset.UTC)));
            if (!filter.opened().services().isEmpty()) {
                add("t.service = any(?)", filter.opened().services().toArray(String[]::new));
            }
            filter.opened().from().ifPresent(time -> add("t.opened_at >= ?", time.atOffset(ZoneOffset.UTC)));
            filter.opened().to().ifPresent(time -> add("t.opened_at < ?", time.atOffset(ZoneOffset.UTC)));
            after.ifPresent(id -> add("t.id < ?", id.value()));
        }

        private void add(String clause, Object value) {
            clauses.add(clause);
            values.add(value);
        }

        String sql() {
            return String.join(" and ", clauses);
        }

        void fill(Connection connection, PreparedStatement select) throws SQLException {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                if (value instanceof String[] several) {
                    select.setArray(i + 1, connection.createArrayOf("text", several));
                } else {
                    select.setObject(i + 1, value);
                }
            }
        }
    }
}
