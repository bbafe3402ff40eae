package city.canopy.geo.layer;

import city.canopy.geo.layer.GeoJsonGeometry.Refused;
import city.canopy.geo.layer.LayerProblem.Cause;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;

/**
 * The members of one GeoJSON object as they come in the stream, in whatever order. The first thing wrong is kept and the
 * rest is read over, so that the stream stands right after the object in any case.
 */
final class RawFeature {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_NAME_LENGTH = 200;

    private final GeoJsonGeometry geometry;
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private String type = "missing";
    private Object id;
    private String foreignCrs;
    private Refused problem;

    /** @param anySystem whether coordinates need not be degrees */
    RawFeature(int maxVertices, boolean anySystem) {
        this.geometry = new GeoJsonGeometry(maxVertices, anySystem);
    }

    String type() {
        return type;
    }

    /** A text, a number, or null. */
    Object id() {
        return id;
    }

    /** The name of a coordinate system that is not lon/lat, or null. */
    String foreignCrs() {
        return foreignCrs != null ? foreignCrs : geometry.foreignCrs();
    }

    Map<String, Object> properties() throws Refused {
        if (problem != null) {
            throw problem;
        }
        return properties;
    }

    Geometry geometry() throws Refused {
        return geometry.build();
    }

    /** The parser stands on a member's name; afterwards on the end of its value. */
    void readMember(JsonParser parser) throws IOException {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
            case "type" -> type = value == JsonToken.VALUE_STRING ? shortened(parser.getText()) : "no text";
            case "id" -> readId(parser, value);
            case "geometry" -> geometry.read(parser);
            case "properties" -> readProperties(parser, value);
            case "crs" -> foreignCrs = foreignCrs(parser);
            default -> parser.skipChildren();
        }
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        }
    }

    private void readId(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
            id = parser.getText();
        } else if (value != JsonToken.VALUE_NULL) {
            refuse(Cause.BAD_ID, "its id is neither a text nor a number");
        }
    }

    private void readProperties(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_OBJECT) {
            refuse(Cause.BAD_PROPERTIES, "its properties are no object");
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.length() > MAX_NAME_LENGTH) {
                refuse(Cause.BAD_PROPERTIES, "a property's name has more than " + MAX_NAME_LENGTH + " characters");
                parser.skipChildren();
            } else {
                properties.put(name, property(parser, name));
            }
        }
    }

    private Object property(JsonParser parser, String name) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> limited(parser.getText(), name);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? finite(parser.getDoubleValue(), name)
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue(), name);
            default -> limited(nested(parser), name);
        };
    }

    private Object finite(double number, String name) {
        if (!Double.isFinite(number)) {
            refuse(Cause.BAD_PROPERTIES, "its property " + name + " is no finite number");
        }
        return number;
    }

    private Object limited(String text, String name) {
        if (text.length() > GeoJsonReader.MAX_PROPERTY_LENGTH) {
            refuse(
                    Cause.BAD_PROPERTIES,
                    "its property " + name + " has " + text.length() + " characters, more than "
                            + GeoJsonReader.MAX_PROPERTY_LENGTH);
        }
        return text;
    }

    private static String nested(JsonParser parser) throws IOException {
        Start text = new Start();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.copyCurrentStructure(parser);
        }
        return text.toString();
    }

    /** Keeps the start of a text, one character more than a property may have; the rest goes by. */
    private static final class Start extends StringWriter {
        @Override
        public void write(int c) {
            if (getBuffer().length() <= GeoJsonReader.MAX_PROPERTY_LENGTH) {
                super.write(c);
            }
        }

        @Override
        public void write(String text, int from, int length) {
            super.write(text, from, Math.min(length, left()));
        }

        @Override
        public void write(char[] text, int from, int length) {
            super.write(text, from, Math.min(length, left()));
        }

        private int left() {
            return Math.max(
                    0, GeoJsonReader.MAX_PROPERTY_LENGTH + 1 - getBuffer().length());
        }
    }

    private void refuse(Cause cause, String detail) {
        if (problem == null) {
            problem = new Refused(cause, detail);
        }
    }

    /** The parser stands on the value of a "crs"; the name in it, or null when it means lon/lat. */
    static String foreignCrs(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        String text = parser.currentToken().isStructStart() ? nested(parser) : parser.getText();
        String name = nameIn(text);
        return name != null && GeoJsonReader.isLonLat(name)
                ? null
                : name == null ? "an unknown system" : shortened(name);
    }

    static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private static String nameIn(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals("name")) {
                    return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
                }
            }
            return null;
        }
    }
}
