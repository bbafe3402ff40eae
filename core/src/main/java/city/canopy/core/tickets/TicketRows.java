package city.canopy.core.tickets;

import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import city.canopy.geo.layer.Wkb;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/** Rows of the ticket tables to objects, and the few shapes that go the other way. */
final class TicketRows {
    /** The columns that {@link #ticket} reads, of a table called t. */
    static final String TICKET =
            "t.id, t.service, t.status, t.priority, t.layer, t.feature_id, t.rule, t.title, t.geometry, "
                    + "t.ward, t.assignee, t.merged_into, t.opened_at, t.due_at, t.updated_at, t.resolved_at, t.closed_at, t.version";

    /** The columns that {@link #witness} reads, of a table called w. */
    static final String WITNESS = "w.ticket, w.id, w.kind, w.at, w.ref, w.rule, w.rule_version, w.datastream_id, "
            + "w.measured_at, w.value, w.frame_id, w.seen, w.cleared_at";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TicketRows() {}

    static Ticket ticket(ResultSet row) throws SQLException {
        byte[] geometry = row.getBytes("geometry");
        return new Ticket(
                new TicketId(row.getString("id")),
                new Ticket.About(
                        row.getString("service"),
                        new Subject(row.getString("layer"), row.getString("feature_id")),
                        row.getString("rule"),
                        texts(row.getString("title"))),
                new Ticket.Place(
                        Optional.ofNullable(geometry).map(Wkb::read), Optional.ofNullable(row.getString("ward"))),
                new Ticket.Standing(
                        TicketState.find(row.getString("status")).orElseThrow(),
                        Priority.find(row.getString("priority")).orElseThrow(),
                        Optional.ofNullable(row.getString("assignee")),
                        Optional.ofNullable(row.getString("merged_into")).map(TicketId::new)),
                new Ticket.Times(
                        instant(row, "opened_at"),
                        instant(row, "due_at"),
                        instant(row, "updated_at"),
                        moment(row, "resolved_at"),
                        moment(row, "closed_at")),
                row.getLong("version"));
    }

    static Witness witness(ResultSet row) throws SQLException {
        Witness.Kind kind = Witness.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
        Optional<Witness.Sensed> sensed = row.getString("rule") == null ? Optional.empty() : Optional.of(sensed(row));
        return new Witness(kind, instant(row, "at"), row.getString("ref"), sensed, moment(row, "cleared_at"));
    }

    private static Witness.Sensed sensed(ResultSet row) throws SQLException {
        double value = row.getDouble("value");
        OptionalDouble read = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
        return new Witness.Sensed(
                row.getString("rule"),
                row.getInt("rule_version"),
                row.getLong("datastream_id"),
                instant(row, "measured_at"),
                read,
                row.getLong("frame_id"),
                object(row.getString("seen")));
    }

    static TicketEvent event(ResultSet row) throws SQLException {
        return new TicketEvent(
                instant(row, "at"), row.getString("actor"), row.getString("kind"), object(row.getString("detail")));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Map<String, String> texts(String json) throws SQLException {
        return read(json, new TypeReference<>() {});
    }

    private static Map<String, Object> object(String json) throws SQLException {
        return read(json, new TypeReference<>() {});
    }

    private static <T> T read(String json, TypeReference<T> type) throws SQLException {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new SQLException("a ticket row holds JSON that cannot be read", e);
        }
    }

    static String json(Map<String, ?> object) throws SQLException {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new SQLException("what was to be kept of a ticket cannot be written as JSON", e);
        }
    }

    /** PostgreSQL's text of a geometry's envelope; null for none. */
    static String box(Optional<Geometry> geometry) {
        return geometry.map(shape -> box(shape.getEnvelopeInternal())).orElse(null);
    }

    static String box(Envelope box) {
        return "((" + box.getMaxX() + "," + box.getMaxY() + "),(" + box.getMinX() + "," + box.getMinY() + "))";
    }
}
