package city.canopy.core.tickets;

import city.canopy.core.photos.PgPhotos;
import city.canopy.core.photos.Photo;
import city.canopy.core.rules.Finding;
import city.canopy.core.series.Subject;
import city.canopy.geo.layer.Wkb;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the desk does in the database: a few statements for a batch, however many tickets it touches. */
final class PgTickets {
    private static final String LIVE = "t.status in ('open', 'assigned', 'in_progress', 'resolved')";

    private static final String LOCK = "select " + TicketRows.TICKET + " from ticket t "
            + "join unnest(?::text[], ?::text[], ?::text[]) as k(layer, feature_id, service) "
            + "on t.layer = k.layer and t.feature_id = k.feature_id and t.service = k.service where " + LIVE
            + " order by t.layer, t.feature_id, t.service for update of t";

    private static final String INSERT = "insert into ticket (id, service, status, priority, layer, feature_id, rule, "
            + "title, geometry, extent, ward, opened_at, due_at, updated_at) "
            + "select id, service, 'open', priority, layer, feature_id, rule, title::jsonb, geometry, extent::box, ward, "
            + "opened_at::timestamptz, due_at::timestamptz, opened_at::timestamptz "
            + "from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], "
            + "?::text[], ?::text[], ?::text[], ?::text[]) as n(id, service, priority, layer, feature_id, rule, title, "
            + "geometry, extent, ward, opened_at, due_at) order by layer, feature_id, service "
            + "on conflict (layer, feature_id, service) "
            + "where status in ('open', 'assigned', 'in_progress', 'resolved') do nothing returning id";

    private static final String UPDATE = "update ticket t set status = n.status, priority = n.priority, "
            + "assignee = n.assignee, merged_into = n.merged_into, updated_at = n.updated_at::timestamptz, resolved_at = n.resolved_at::timestamptz, "
            + "closed_at = n.closed_at::timestamptz, version = n.version "
            + "from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], "
            + "?::bigint[]) as n(id, status, priority, assignee, merged_into, updated_at, resolved_at, closed_at, version) where t.id = n.id";

    private static final String INSERT_WITNESSES = "insert into witness (ticket, kind, at, ref, rule, rule_version, "
            + "datastream_id, measured_at, value, frame_id, seen, cleared_at) "
            + "select ticket, kind, at::timestamptz, ref, rule, rule_version, datastream_id, measured_at::timestamptz, "
            + "value, frame_id, seen::jsonb, cleared_at::timestamptz "
            + "from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::text[], "
            + "?::float8[], ?::bigint[], ?::text[], ?::text[]) with ordinality as n(ticket, kind, at, ref, rule, "
            + "rule_version, datastream_id, measured_at, value, frame_id, seen, cleared_at, place) order by place";

    private static final String CLEAR_WITNESSES = "update witness w set cleared_at = n.cleared_at::timestamptz "
            + "from unnest(?::text[], ?::bigint[], ?::text[]) as n(ticket, id, cleared_at) "
            + "where w.ticket = n.ticket and w.id = n.id";

    private static final String CLEAR_ELSEWHERE = "update witness w set cleared_at = n.cleared_at::timestamptz "
            + "from unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[]) "
            + "as n(rule, ref, datastream_id, cleared_at, layer, feature_id), ticket t "
            + "where t.layer = n.layer and t.feature_id = n.feature_id and w.ticket = t.id and not (" + LIVE + ") "
            + "and w.rule = n.rule and w.ref = n.ref and w.datastream_id = n.datastream_id "
            + "and w.kind = 'sensor' and w.cleared_at is null";

    private static final String INSERT_EVENTS = "insert into ticket_event (ticket, at, actor, kind, detail) "
            + "select ticket, at::timestamptz, actor, kind, detail::jsonb "
            + "from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) with ordinality "
            + "as n(ticket, at, actor, kind, detail, place) order by place";

    private static final String INSERT_OUTBOX = "insert into outbox (kind, key, payload) "
            + "select 'ticket', key, payload::jsonb from unnest(?::text[], ?::text[]) with ordinality "
            + "as n(key, payload, place) order by place";

    /** A witness or an event, and the ticket that it belongs to. */
    private record Of<T>(TicketId ticket, T what) {}

    private PgTickets() {}

    /** Locks the live tickets of these subjects and services, in key order. */
    static Map<TicketKey, TicketDraft> lock(Connection connection, List<TicketKey> keys, Instant now)
            throws SQLException {
        List<Ticket> tickets = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LOCK)) {
            new Columns(connection, select)
                    .add("text", column(keys, key -> key.subject().layer()))
                    .add("text", column(keys, key -> key.subject().id()))
                    .add("text", column(keys, TicketKey::service));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tickets.add(TicketRows.ticket(rows));
                }
            }
        }
        Map<TicketKey, TicketDraft> drafts = new HashMap<>();
        for (TicketDraft draft : drafts(connection, tickets, now)) {
            drafts.put(new TicketKey(draft.ticket().subject(), draft.ticket().service()), draft);
        }
        return drafts;
    }

    /** Locks one ticket, whatever its status. */
    static Optional<TicketDraft> lock(Connection connection, TicketId id, Instant now) throws SQLException {
        return Optional.ofNullable(lockAll(connection, Set.of(id), now).get(id));
    }

    /** Locks these tickets, whatever their status, in key order; those that are not there are left out. */
    static Map<TicketId, TicketDraft> lockAll(Connection connection, Set<TicketId> ids, Instant now)
            throws SQLException {
        List<Ticket> tickets = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select " + TicketRows.TICKET
                + " from ticket t where t.id = any(?) order by t.layer, t.feature_id, t.service, t.id "
                + "for update of t")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", ids.stream().map(TicketId::value).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tickets.add(TicketRows.ticket(rows));
                }
            }
        }
        Map<TicketId, TicketDraft> drafts = new HashMap<>();
        drafts(connection, tickets, now)
                .forEach(draft -> drafts.put(draft.ticket().id(), draft));
        return drafts;
    }

    private static List<TicketDraft> drafts(Connection connection, List<Ticket> tickets, Instant now)
            throws SQLException {
        if (tickets.isEmpty()) {
            return List.of();
        }
        Map<String, List<TicketDraft.Numbered>> witnesses = new LinkedHashMap<>();
        tickets.forEach(ticket -> witnesses.put(ticket.id().value(), new ArrayList<>()));
        try (PreparedStatement select = connection.prepareStatement(
                "select " + TicketRows.WITNESS + " from witness w where w.ticket = any(?) order by w.ticket, w.id")) {
            select.setArray(
                    1, connection.createArrayOf("text", witnesses.keySet().toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    witnesses
                            .get(rows.getString("ticket"))
                            .add(new TicketDraft.Numbered(rows.getLong("id"), TicketRows.witness(rows)));
                }
            }
        }
        Map<String, List<Photo>> photos = PgPhotos.list(connection, witnesses.keySet());
        return tickets.stream()
                .map(ticket -> new TicketDraft(
                        ticket,
                        witnesses.get(ticket.id().value()),
                        photos.getOrDefault(ticket.id().value(), List.of()),
                        now))
                .toList();
    }

    /** Opens tickets, but for those whose subject and service have a live one by now; gives those that it opened. */
    static List<TicketId> insert(Connection connection, List<Ticket> tickets) throws SQLException {
        List<TicketId> inserted = new ArrayList<>();
        if (tickets.isEmpty()) {
            return inserted;
        }
        List<String> titles = new ArrayList<>();
        for (Ticket ticket : tickets) {
            titles.add(TicketRows.json(ticket.about().title()));
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns(connection, insert)
                    .add("text", column(tickets, ticket -> ticket.id().value()))
                    .add("text", column(tickets, Ticket::service))
                    .add("text", column(tickets, ticket -> ticket.priority().wire()))
                    .add("text", column(tickets, ticket -> ticket.subject().layer()))
                    .add("text", column(tickets, ticket -> ticket.subject().id()))
                    .add("text", column(tickets, ticket -> ticket.about().rule()))
                    .add("text", titles.toArray())
                    .add(
                            "bytea",
                            column(tickets, ticket -> ticket.place().geometry().map(Wkb::write)))
                    .add(
                            "text",
                            column(
                                    tickets,
                                    ticket -> TicketRows.box(ticket.place().geometry())))
                    .add("text", column(tickets, ticket -> ticket.place().ward()))
                    .add("text", column(tickets, ticket -> ticket.times().opened()))
                    .add("text", column(tickets, ticket -> ticket.times().due()));
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    inserted.add(new TicketId(rows.getString(1)));
                }
            }
        }
        return inserted;
    }

    /** Writes down all that has come to these tickets, and puts into the outbox what others can see of it. */
    static void save(Connection connection, List<TicketDraft> drafts) throws SQLException {
        List<TicketDraft> visible =
                drafts.stream().filter(TicketDraft::isVisible).toList();
        if (!visible.isEmpty()) {
            update(connection, visible.stream().map(TicketDraft::ticket).toList());
            insertWitnesses(connection, belongings(visible, TicketDraft::newWitnesses));
        }
        clearWitnesses(connection, belongings(drafts, TicketDraft::clearedWitnesses));
        insertEvents(connection, belongings(drafts, TicketDraft::events));
        if (!visible.isEmpty()) {
            announce(connection, visible);
        }
    }

    private static void update(Connection connection, List<Ticket> tickets) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            new Columns(connection, update)
                    .add("text", column(tickets, ticket -> ticket.id().value()))
                    .add("text", column(tickets, ticket -> ticket.status().wire()))
                    .add("text", column(tickets, ticket -> ticket.priority().wire()))
                    .add("text", column(tickets, ticket -> ticket.standing().assignee()))
                    .add(
                            "text",
                            column(
                                    tickets,
                                    ticket -> ticket.standing().mergedInto().map(TicketId::value)))
                    .add("text", column(tickets, ticket -> ticket.times().updated()))
                    .add("text", column(tickets, ticket -> ticket.times().resolved()))
                    .add("text", column(tickets, ticket -> ticket.times().closed()))
                    .add("bigint", column(tickets, Ticket::version));
            update.executeUpdate();
        }
    }

    private static void insertWitnesses(Connection connection, List<Of<Witness>> witnesses) throws SQLException {
        if (witnesses.isEmpty()) {
            return;
        }
        List<String> seen = new ArrayList<>();
        for (Of<Witness> of : witnesses) {
            Optional<Witness.Sensed> sensed = of.what().sensed();
            seen.add(sensed.isPresent() ? TicketRows.json(sensed.get().seen()) : "{}");
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_WITNESSES)) {
            new Columns(connection, insert)
                    .add("text", column(witnesses, of -> of.ticket().value()))
                    .add("text", column(witnesses, of -> of.what().kind().wire()))
                    .add("text", column(witnesses, of -> of.what().at()))
                    .add("text", column(witnesses, of -> of.what().ref()))
                    .add("text", sensed(witnesses, Witness.Sensed::rule))
                    .add("int4", sensed(witnesses, Witness.Sensed::version))
                    .add("bigint", sensed(witnesses, Witness.Sensed::datastream))
                    .add("text", sensed(witnesses, Witness.Sensed::measuredAt))
                    .add("float8", sensed(witnesses, PgTickets::value))
                    .add("bigint", sensed(witnesses, PgTickets::frame))
                    .add("text", seen.toArray())
                    .add("text", column(witnesses, of -> of.what().cleared()));
            insert.executeUpdate();
        }
    }

    private static Object value(Witness.Sensed sensed) {
        return sensed.value().isPresent() ? (Object) sensed.value().getAsDouble() : null;
    }

    private static Object frame(Witness.Sensed sensed) {
        return sensed.frame() == 0 ? null : (Object) sensed.frame();
    }

    private static void clearWitnesses(Connection connection, List<Of<TicketDraft.Numbered>> cleared)
            throws SQLException {
        if (cleared.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(CLEAR_WITNESSES)) {
            new Columns(connection, update)
                    .add("text", column(cleared, of -> of.ticket().value()))
                    .add("bigint", column(cleared, of -> of.what().number()))
                    .add("text", column(cleared, of -> of.what().witness().cleared()));
            update.executeUpdate();
        }
    }

    /** Clears what still stands as firing on tickets that are over. They stay as they are. */
    static void clearElsewhere(Connection connection, List<Finding.Clear> clears) throws SQLException {
        if (clears.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(CLEAR_ELSEWHERE)) {
            Function<Finding.Clear, Subject> subject = Finding.Clear::subject;
            new Columns(connection, update)
                    .add("text", column(clears, clear -> clear.rule().id()))
                    .add("text", column(clears, clear -> clear.source().device().value()))
                    .add("bigint", column(clears, clear -> clear.source().datastream()))
                    .add("text", column(clears, Finding.Clear::at))
                    .add("text", column(clears, subject.andThen(Subject::layer)))
                    .add("text", column(clears, subject.andThen(Subject::id)));
            update.executeUpdate();
        }
    }

    private static void insertEvents(Connection connection, List<Of<TicketEvent>> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        List<String> details = new ArrayList<>();
        for (Of<TicketEvent> of : events) {
            details.add(TicketRows.json(of.what().detail()));
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_EVENTS)) {
            new Columns(connection, insert)
                    .add("text", column(events, of -> of.ticket().value()))
                    .add("text", column(events, of -> of.what().at()))
                    .add("text", column(events, of -> of.what().actor()))
                    .add("text", column(events, of -> of.what().kind()))
                    .add("text", details.toArray());
            insert.executeUpdate();
        }
    }

    private static void announce(Connection connection, List<TicketDraft> drafts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_OUTBOX)) {
            new Columns(connection, insert)
                    .add("text", column(drafts, draft -> draft.ticket().id().value()))
                    .add(
                            "text",
                            column(
                                    drafts,
                                    draft -> TicketJson.write(draft.ticket(), draft.witnesses(), draft.photos())));
            insert.executeUpdate();
        }
    }

    private static <T> List<Of<T>> belongings(List<TicketDraft> drafts, Function<TicketDraft, List<T>> what) {
        List<Of<T>> all = new ArrayList<>();
        for (TicketDraft draft : drafts) {
            what.apply(draft).forEach(one -> all.add(new Of<>(draft.ticket().id(), one)));
        }
        return all;
    }

    private static <T> Object[] column(List<T> rows, Function<? super T, ?> value) {
        Object[] column = new Object[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    private static Object[] sensed(List<Of<Witness>> witnesses, Function<Witness.Sensed, Object> value) {
        return column(witnesses, of -> of.what().sensed().map(value).orElse(null));
    }
}
