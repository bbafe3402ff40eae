package city.canopy.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Builds the JSON Schemas (2020-12) of the OpenAPI document. */
public final class Schema {
    private Schema() {}

    public static ObjectNode text() {
        return Json.object().put("type", "string");
    }

    /** RFC 3339 in UTC. */
    public static ObjectNode time() {
        return text().put("format", "date-time");
    }

    public static ObjectNode flag() {
        return Json.object().put("type", "boolean");
    }

    public static ObjectNode number() {
        return Json.object().put("type", "number");
    }

    public static ObjectNode integer() {
        return Json.object().put("type", "integer");
    }

    public static ObjectNode integer(long least, long most) {
        return integer().put("minimum", least).put("maximum", most);
    }

    /** One of these texts. */
    public static ObjectNode oneOf(String... values) {
        ObjectNode schema = text();
        ArrayNode all = schema.putArray("enum");
        for (String value : values) {
            all.add(value);
        }
        return schema;
    }

    public static ObjectNode list(JsonNode items) {
        ObjectNode schema = Json.object().put("type", "array");
        schema.set("items", items);
        return schema;
    }

    /** Longitude and latitude in degrees. */
    public static ObjectNode position() {
        ObjectNode schema = list(number()).put("minItems", 2).put("maxItems", 2);
        return schema.put("description", "[longitude, latitude] in degrees");
    }

    /** Title or text in Vietnamese and English. */
    public static ObjectNode bilingual() {
        return object("vi", text(), "en", text());
    }

    /** An object of any members. */
    public static ObjectNode any() {
        return Json.object().put("type", "object");
    }

    /**
     * An object: name, schema, name, schema, ...; a name that ends in {@code ?} may be missing.
     *
     * @param members alternately a {@link String} and a {@link JsonNode}
     */
    public static ObjectNode object(Object... members) {
        ObjectNode schema = any();
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = Json.array();
        for (int i = 0; i < members.length; i += 2) {
            String name = (String) members[i];
            boolean optional = name.endsWith("?");
            String bare = optional ? name.substring(0, name.length() - 1) : name;
            properties.set(bare, (JsonNode) members[i + 1]);
            if (!optional) {
                required.add(bare);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    /** The same object, none of whose members is required; for PATCH. */
    public static ObjectNode optional(ObjectNode object) {
        ObjectNode schema = object.deepCopy();
        schema.remove("required");
        return schema;
    }

    /** A page of a list. */
    public static ObjectNode page(JsonNode items) {
        return object(
                "items",
                list(items),
                "next?",
                text().put("description", "address of the next page, from the root; not there on the last one"));
    }

    /** Says what a schema is for. */
    public static ObjectNode says(ObjectNode schema, String description) {
        ObjectNode copy = schema.deepCopy();
        return copy.put("description", description);
    }

    static ObjectNode problem() {
        ObjectNode schema =
                object("type", text(), "title", text(), "status", integer(400, 599), "detail", text(), "code", text());
        return schema.put("description", "RFC 9457; \"code\" is for programs, \"detail\" says what to do");
    }
}
