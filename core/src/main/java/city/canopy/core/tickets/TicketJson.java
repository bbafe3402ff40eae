package city.canopy.core.tickets;

import city.canopy.core.photos.Photo;
import city.canopy.geo.layer.GeoJsonWriter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A ticket as everybody outside reads it: over HTTP, in events, in webhooks and as retained MQTT state. */
public final class TicketJson {
    /** How many witnesses are written, the first ones; the trace has all. */
    public static final int MAX_WITNESSES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private TicketJson() {}

    /** The whole ticket. */
    public static String write(Ticket ticket, List<Witness> witnesses, List<Photo> photos) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(ticket, witnesses, photos, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The same as one value of a larger document. */
    public static void write(Ticket ticket, List<Witness> witnesses, List<Photo> photos, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("id", ticket.id().value());
        out.writeStringField("service", ticket.service());
        out.writeStringField("status", ticket.status().wire());
        out.writeStringField("priority", ticket.priority().wire());
        writeStanding(ticket.standing(), out);
        out.writeStringField("layer", ticket.subject().layer());
        out.writeStringField("feature_id", ticket.subject().id());
        out.writeStringField("rule", ticket.about().rule());
        writeTitle(ticket.about().title(), out);
        writePlace(ticket.place(), out);
        out.writeStringField("opened_at", ticket.times().opened().toString());
        out.writeStringField("due_at", ticket.times().due().toString());
        out.writeStringField("updated_at", ticket.times().updated().toString());
        Optional<Instant> resolved = ticket.times().resolved();
        out.writeStringField("resolved_at", resolved.map(Instant::toString).orElse(null));
        writeWitnesses(witnesses, out);
        out.writeArrayFieldStart("photos");
        for (Photo photo : photos) {
            write(photo, out);
        }
        out.writeEndArray();
        out.writeStringField("trace", "/api/v1/tickets/" + ticket.id().value() + "/trace");
        out.writeEndObject();
    }

    /** A photo as everybody outside reads it. */
    public static void write(Photo photo, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", photo.id());
        out.writeStringField("ticket", photo.ticket());
        out.writeStringField("url", photo.url());
        out.writeStringField("thumb_url", photo.thumbUrl());
        out.writeNumberField("width", photo.width());
        out.writeNumberField("height", photo.height());
        out.writeStringField("taken_at", photo.takenAt().map(Instant::toString).orElse(null));
        out.writeStringField("added_at", photo.addedAt().toString());
        out.writeStringField("added_by", photo.addedBy());
        out.writeEndObject();
    }

    private static void writeStanding(Ticket.Standing standing, JsonGenerator out) throws IOException {
        if (standing.assignee().isPresent()) {
            out.writeStringField("assignee", standing.assignee().get());
        }
        if (standing.mergedInto().isPresent()) {
            out.writeStringField("merged_into", standing.mergedInto().get().value());
        }
    }

    private static void writeTitle(Map<String, String> title, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("title");
        for (Map.Entry<String, String> text :
                new TreeMap<>(title).descendingMap().entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }

    private static void writePlace(Ticket.Place place, JsonGenerator out) throws IOException {
        out.writeFieldName("geometry");
        if (place.geometry().isPresent()) {
            GeoJsonWriter.write(place.geometry().get(), out);
        } else {
            out.writeNull();
        }
        out.writeStringField("ward", place.ward().orElse(null));
    }

    private static void writeWitnesses(List<Witness> witnesses, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("witnesses");
        for (Witness witness : witnesses.subList(0, Math.min(witnesses.size(), MAX_WITNESSES))) {
            out.writeStartObject();
            out.writeStringField("kind", witness.kind().wire());
            out.writeStringField("at", witness.at().toString());
            out.writeStringField("ref", witness.ref());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
