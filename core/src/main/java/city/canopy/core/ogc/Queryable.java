package city.canopy.core.ogc;

import city.canopy.core.http.Json;
import city.canopy.geo.layer.LayerSchema;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A property that features can be asked for by.
 *
 * @param name its name
 * @param kind what its values are
 * @param role what it is besides a property of the feature
 * @param title its name for people
 */
record Queryable(String name, LayerSchema.Kind kind, Role role, String title) {
    enum Role {
        NONE,
        /** Its texts are dates or moments. */
        DATE,
        /** It is the feature's id. */
        ID
    }

    ObjectNode schema() {
        ObjectNode schema = Json.object().put("title", title).put("type", type());
        if (role == Role.DATE) {
            schema.put("format", "date");
            switch (name) {
                case "valid_from" -> schema.put("x-ogc-role", "primary-interval-start");
                case "valid_to" -> schema.put("x-ogc-role", "primary-interval-end");
                default -> {}
            }
        } else if (role == Role.ID) {
            schema.put("x-ogc-role", "id");
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
