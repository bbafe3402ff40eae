package city.canopy.core.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON Schema of a ticket, as {@code TicketJson} writes it. */
final class TicketSchema {
    private TicketSchema() {}

    /** A ticket as it stands in lists and events. */
    static ObjectNode ticket() {
        return Schema.object(
                "id",
                Schema.text(),
                "service",
                Schema.text(),
                "status",
                status(),
                "priority",
                priority(),
                "assignee?",
                Schema.says(Schema.text(), "who has it: the name of a person or team; not there: nobody"),
                "merged_into?",
                Schema.says(Schema.text(), "the ticket that goes on in place of a merged one"),
                "layer",
                Schema.says(Schema.text(), "@place for a bare place, @device for a device"),
                "feature_id",
                Schema.says(Schema.text(), "of a bare place: lon,lat in degrees"),
                "rule",
                nullable(Schema.text(), "the rule that opened it; null where a person did"),
                "title",
                Schema.bilingual(),
                "geometry",
                nullable(Schema.any(), "GeoJSON in WGS 84"),
                "ward",
                nullable(Schema.text(), "its name"),
                "opened_at",
                Schema.time(),
                "due_at",
                Schema.time(),
                "updated_at",
                Schema.time(),
                "resolved_at",
                nullable(Schema.time(), "null while it is not resolved"),
                "witnesses",
                Schema.list(Schema.object(
                        "kind",
                        Schema.oneOf("sensor", "camera", "citizen", "crew"),
                        "at",
                        Schema.time(),
                        "ref",
                        Schema.text())),
                "photos",
                Schema.list(Schema.any()),
                "trace",
                Schema.says(Schema.text(), "where its whole chain is"));
    }

    /** A ticket that is read alone. */
    static ObjectNode withHistory() {
        ObjectNode schema = ticket();
        ObjectNode properties = (ObjectNode) schema.get("properties");
        properties.set(
                "events",
                Schema.list(Schema.object(
                        "at",
                        Schema.time(),
                        "actor",
                        Schema.says(Schema.text(), "user:ID, token:ID or rule:ID"),
                        "actor_name?",
                        Schema.says(Schema.text(), "the display name of somebody who can log in"),
                        "kind",
                        Schema.text(),
                        "detail",
                        Schema.any())));
        properties.set(
                "merged_from", Schema.says(Schema.list(Schema.text()), "the tickets that were merged into this one"));
        return schema;
    }

    static ObjectNode status() {
        return Schema.oneOf("open", "assigned", "in_progress", "resolved", "closed", "rejected", "merged", "withdrawn");
    }

    static ObjectNode priority() {
        return Schema.oneOf("low", "normal", "high", "urgent");
    }

    private static ObjectNode nullable(ObjectNode schema, String description) {
        String type = schema.path("type").asText();
        schema.putArray("type").add(type).add("null");
        return schema.put("description", description);
    }
}
