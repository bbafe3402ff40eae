package city.canopy.geo.layer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/**
 * Writes GeoJSON as RFC 7946 has it: lon/lat with seven decimals (about a centimetre), heights where there are some, outer
 * rings counter-clockwise. Stateless, any thread.
 */
public final class GeoJsonWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double DECIMALS = 1e7;

    private GeoJsonWriter() {}

    /** A geometry as JSON text. */
    public static String toJson(Geometry lonLat) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(lonLat, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A feature as JSON text, with its id and properties. */
    public static String toJson(GeoFeature feature) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(feature, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A FeatureCollection; the stream stays open. */
    public static void write(Iterable<GeoFeature> features, OutputStream stream) throws IOException {
        write(features, stream, GeoJsonWriter::rounded);
    }

    /** The same with every digit that a position has, so that reading it again gives the very same one. */
    public static void writeExactly(Iterable<GeoFeature> features, OutputStream stream) throws IOException {
        write(features, stream, degrees -> degrees);
    }

    private static void write(Iterable<GeoFeature> features, OutputStream stream, DoubleUnaryOperator digits)
            throws IOException {
        try (JsonGenerator out = JSON.createGenerator(stream)) {
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            out.writeStartObject();
            out.writeStringField("type", "FeatureCollection");
            out.writeArrayFieldStart("features");
            for (GeoFeature feature : features) {
                write(feature, out, digits);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    public static void write(GeoFeature feature, JsonGenerator out) throws IOException {
        write(feature, out, GeoJsonWriter::rounded);
    }

    private static void write(GeoFeature feature, JsonGenerator out, DoubleUnaryOperator digits) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "Feature");
        out.writeStringField("id", feature.id());
        out.writeFieldName("geometry");
        write(feature.geometry(), out, digits);
        out.writeObjectFieldStart("properties");
        for (Map.Entry<String, Object> property : feature.properties().entrySet()) {
            out.writeFieldName(property.getKey());
            writeValue(property.getValue(), out);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void writeValue(Object value, JsonGenerator out) throws IOException {
        if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            out.writeNumber(number.doubleValue());
        } else if (value == null || value instanceof Number) {
            out.writeNull();
        } else {
            out.writeString(value.toString());
        }
    }

    public static void write(Geometry geometry, JsonGenerator out) throws IOException {
        write(geometry, out, GeoJsonWriter::rounded);
    }

    private static void write(Geometry geometry, JsonGenerator out, DoubleUnaryOperator digits) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", geometry instanceof LinearRing ? "LineString" : geometry.getGeometryType());
        boolean collection = geometry.getClass() == GeometryCollection.class;
        out.writeFieldName(collection ? "geometries" : "coordinates");
        if (collection) {
            out.writeStartArray();
            for (int i = 0; i < geometry.getNumGeometries(); i++) {
                write(geometry.getGeometryN(i), out, digits);
            }
            out.writeEndArray();
        } else {
            writeCoordinates(geometry, out, digits);
        }
        out.writeEndObject();
    }

    private static void writeCoordinates(Geometry geometry, JsonGenerator out, DoubleUnaryOperator digits)
            throws IOException {
        if (geometry instanceof Point point) {
            if (point.isEmpty()) {
                out.writeStartArray();
                out.writeEndArray();
            } else {
                writePosition(point.getCoordinate(), out, digits);
            }
        } else if (geometry instanceof LineString line) {
            writePositions(line.getCoordinateSequence(), false, out, digits);
        } else if (geometry instanceof Polygon polygon) {
            out.writeStartArray();
            if (!polygon.isEmpty()) {
                writeRing(polygon.getExteriorRing(), true, out, digits);
                for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
                    writeRing(polygon.getInteriorRingN(i), false, out, digits);
                }
            }
            out.writeEndArray();
        } else {
            out.writeStartArray();
            for (int i = 0; i < geometry.getNumGeometries(); i++) {
                writeCoordinates(geometry.getGeometryN(i), out, digits);
            }
            out.writeEndArray();
        }
    }

    private static void writeRing(
            LinearRing ring, boolean counterClockwise, JsonGenerator out, DoubleUnaryOperator digits)
            throws IOException {
        CoordinateSequence positions = ring.getCoordinateSequence();
        writePositions(positions, Orientation.isCCW(positions) != counterClockwise, out, digits);
    }

    private static void writePositions(
            CoordinateSequence positions, boolean reversed, JsonGenerator out, DoubleUnaryOperator digits)
            throws IOException {
        out.writeStartArray();
        for (int i = 0; i < positions.size(); i++) {
            writePosition(positions.getCoordinate(reversed ? positions.size() - 1 - i : i), out, digits);
        }
        out.writeEndArray();
    }

    private static void writePosition(Coordinate position, JsonGenerator out, DoubleUnaryOperator digits)
            throws IOException {
        out.writeStartArray();
        out.writeNumber(digits.applyAsDouble(position.getX()));
        out.writeNumber(digits.applyAsDouble(position.getY()));
        if (!Double.isNaN(position.getZ())) {
            out.writeNumber(position.getZ());
        }
        out.writeEndArray();
    }

    private static double rounded(double degrees) {
        return Math.rint(degrees * DECIMALS) / DECIMALS;
    }
}
