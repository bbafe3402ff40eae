package city.canopy.core.ogc;

import city.canopy.core.http.Json;
import city.canopy.geo.layer.LayerSchema;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A property that features can be asked for by.
 *
 * @param name its name
 * @param kind what its values are
 * @param isDate whether its texts are dates or moments
 * @param title its name for people
 */
record Queryable(String name, LayerSchema.Kind kind, boolean isDate, String title) {
    ObjectNode schema() {
        ObjectNode schema = Json.object().put("title", title).put("type", type());
        if (isDate) {
            schema.put("format", "date");
        }
        return schema;
    }

    String type() {
        return switch (kind) {
            case TEXT -> "string";
            case NUMBER -> "number";
            case WHOLE -> "integer";
            case BOOLEAN -> "boolean";
        };
    }
}
