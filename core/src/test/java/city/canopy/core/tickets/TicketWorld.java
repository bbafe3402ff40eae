package city.canopy.core.tickets;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.RuleHead;
import city.canopy.core.rules.Source;
import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** The desk over a real database, with waste points B0 to B299 in one ward. Times are written as "06:00" of one day. */
final class TicketWorld implements AutoCloseable {
    static final Packs PACKS = Packs.load(Optional.empty());
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    final Database database = TestDatabase.fresh();
    final TicketDesk desk;
    final PgTicketStore store = new PgTicketStore(database);

    TicketWorld() {
        List<GeoFeature> points = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            points.add(new GeoFeature(
                    "waste_points",
                    "B" + i,
                    GEOMETRIES.createPoint(new Coordinate(105.8 + i * 0.001, 21.5)),
                    Map.of(),
                    1));
        }
        LayerSnapshot snapshot = new LayerSnapshot("waste_points", 1, points);
        LayerSource layers = new LayerSource() {
            @Override
            public Set<String> names() {
                return Set.of("waste_points");
            }

            @Override
            public LayerSnapshot snapshot(String layer) {
                return snapshot;
            }
        };
        DeviceId free = new DeviceId("free");
        Device device = new Device(
                free,
                "generic-bin",
                List.of(new Device.Since(Instant.EPOCH, new Binding.At(new Position(105.81, 21.49)))),
                null,
                Instant.EPOCH);
        DeviceRegistry registry = new DeviceRegistry(List.of(device));
        TicketPlaces places = new TicketPlaces(layers, () -> registry, (lon, lat) -> Optional.of("Sông Công"));
        desk = new TicketDesk(PACKS::services, places, new TicketIds(new Random(1)));
    }

    static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + ":00Z");
    }

    static RuleHead rule(String id) {
        return PACKS.rules().stream()
                .map(text -> text.rule().head())
                .filter(head -> head.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static Finding.Raise raise(String rule, String point, String device, long datastream, String time) {
        return raise(rule(rule), new Subject("waste_points", point), device, datastream, time);
    }

    static Finding.Raise raise(RuleHead rule, Subject subject, String device, long datastream, String time) {
        Finding.Proof proof = new Finding.Proof(OptionalDouble.of(82), 41, Map.of("fill_level", 82.0));
        Source source = new Source(new DeviceId(device), datastream);
        return new Finding.Raise(rule, subject, source, at(time), at(time), proof);
    }

    static Finding.Clear clear(String rule, String point, String device, long datastream, String time) {
        Source source = new Source(new DeviceId(device), datastream);
        return new Finding.Clear(rule(rule), new Subject("waste_points", point), source, at(time));
    }

    /** Takes findings in, in a transaction of their own, at the time of the last one. */
    TicketDesk.Raised take(Finding... findings) {
        Instant now = findings[findings.length - 1].at();
        return database.inTransaction(connection -> desk.raise(connection, List.of(findings), now));
    }

    ActOutcome act(String ticket, TicketChange change, String time) {
        return database.inTransaction(connection ->
                desk.act(connection, new TicketId(ticket), change, "user:lan", OptionalLong.empty(), at(time)));
    }

    ActOutcome move(String ticket, TicketState to) {
        return act(ticket, new TicketChange.Move(to, Optional.of("because")), "12:00");
    }

    /** Every ticket as a line, the oldest first. */
    List<String> tickets() {
        return query("select id from ticket order by id").stream()
                .map(id -> store.find(new TicketId(id)).orElseThrow())
                .map(TicketWorld::line)
                .toList();
    }

    String onlyTicket() {
        return query("select id from ticket").get(0);
    }

    private static String line(PgTicketStore.Entry entry) {
        Ticket ticket = entry.ticket();
        String by = entry.witnesses().stream()
                .map(witness -> (witness.isFiring() ? "" : "-") + witness.ref())
                .collect(Collectors.joining(" "));
        return ticket.status().wire() + " " + ticket.service() + " @ "
                + ticket.subject().layer() + "/" + ticket.subject().id() + " by " + by;
    }

    List<String> history(String ticket) {
        return store.events(new TicketId(ticket)).stream()
                .map(TicketEvent::kind)
                .toList();
    }

    long count(String table) {
        return Long.parseLong(query("select count(*)::text from " + table).get(0));
    }

    List<String> query(String sql) {
        return database.read(connection -> query(connection, sql));
    }

    private static List<String> query(Connection connection, String sql) throws java.sql.SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Override
    public void close() {
        database.close();
    }
}
