package city.canopy.geo.layer;

import city.canopy.geo.layer.LayerProblem.Cause;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * One GeoJSON geometry: first its members as they come in the stream, then, when all are there, the JTS geometry. What is
 * wrong is kept until {@link #build()}; the stream is read over it.
 */
final class GeoJsonGeometry {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final int MAX_COLLECTIONS = 8;

    private final int maxVertices;
    private final boolean anySystem;
    private int vertices;
    private String foreignCrs;
    private Refused problem;
    private Raw raw;

    GeoJsonGeometry(int maxVertices, boolean anySystem) {
        this.maxVertices = maxVertices;
        this.anySystem = anySystem;
    }

    /** Why this one is not taken. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final Cause cause;

        Refused(Cause cause, String detail) {
            super(detail, null, false, false);
            this.cause = cause;
        }

        Cause cause() {
            return cause;
        }
    }

    /** Members of a geometry: coordinates are a Coordinate or a list of such things. */
    private static final class Raw {
        private String type = "missing";
        private Object coordinates;
        private List<Raw> parts;
    }

    String foreignCrs() {
        return foreignCrs;
    }

    /** The parser stands on the value of "geometry"; afterwards on its end. */
    void read(JsonParser parser) throws IOException {
        raw = readRaw(parser, 1);
    }

    private Raw readRaw(JsonParser parser, int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT || depth > MAX_COLLECTIONS) {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                refuse(Cause.UNKNOWN_GEOMETRY, "its geometry is no object, or nested too deep");
            }
            parser.skipChildren();
            return null;
        }
        Raw read = new Raw();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "type" -> read.type = RawFeature.shortened(String.valueOf(parser.getValueAsString()));
                case "coordinates" -> read.coordinates = readCoordinates(parser, 1);
                case "geometries" -> read.parts = readParts(parser, depth);
                case "crs" -> foreignCrs = RawFeature.foreignCrs(parser);
                default -> parser.skipChildren();
            }
            if (parser.currentToken().isStructStart()) {
                parser.skipChildren();
            }
        }
        return read;
    }

    private List<Raw> readParts(JsonParser parser, int depth) throws IOException {
        List<Raw> parts = new ArrayList<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            refuse(Cause.UNKNOWN_GEOMETRY, "\"geometries\" is no list");
            return parts;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Raw part = readRaw(parser, depth + 1);
            if (part == null) {
                refuse(Cause.NO_GEOMETRY, "a part of its collection has no geometry");
            } else if (++vertices <= maxVertices) {
                parts.add(part);
            }
        }
        return parts;
    }

    private Object readCoordinates(JsonParser parser, int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY || depth > 4) {
            refuse(Cause.BAD_COORDINATES, "its coordinates are no lists of positions");
            parser.skipChildren();
            return null;
        }
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_ARRAY && first != JsonToken.END_ARRAY) {
            return readPosition(parser);
        }
        List<Object> list = new ArrayList<>();
        for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Object member = readCoordinates(parser, depth + 1);
            if (problem == null) {
                list.add(member);
            }
        }
        return list;
    }

    /** The parser stands on the first ordinate; afterwards on the position's end. */
    private Coordinate readPosition(JsonParser parser) throws IOException {
        double[] ordinates = {Double.NaN, Double.NaN, Double.NaN};
        int count = 0;
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            double ordinate = token.isNumeric() ? parser.getDoubleValue() : Double.NaN;
            if (!Double.isFinite(ordinate)) {
                refuse(Cause.BAD_COORDINATES, "a position of it is not made of finite numbers");
                parser.skipChildren();
            } else if (count < ordinates.length) {
                ordinates[count] = ordinate;
            }
            count++;
        }
        if (++vertices > maxVertices) {
            refuse(Cause.TOO_MANY_VERTICES, "it has more than " + maxVertices + " positions");
        } else if (count < 2) {
            refuse(Cause.BAD_COORDINATES, "a position of it has only one number");
        } else {
            checkRange(ordinates[0], ordinates[1]);
        }
        return new Coordinate(ordinates[0], ordinates[1], ordinates[2]);
    }

    private void checkRange(double lon, double lat) {
        if (anySystem || Math.abs(lon) <= 180 && Math.abs(lat) <= 90) {
            return;
        }
        boolean swapped = Math.abs(lon) <= 90 && Math.abs(lat) <= 180;
        refuse(swapped ? Cause.SWAPPED_AXES : Cause.OUT_OF_RANGE, "it has the position [" + lon + ", " + lat + "]");
    }

    private void refuse(Cause cause, String detail) {
        if (problem == null) {
            problem = new Refused(cause, detail);
        }
    }

    /** @throws Refused with the first thing that was wrong */
    Geometry build() throws Refused {
        if (problem != null) {
            throw problem;
        }
        if (raw == null) {
            throw new Refused(Cause.NO_GEOMETRY, "its geometry is missing or null");
        }
        Geometry built = build(raw);
        if (built.isEmpty()) {
            throw new Refused(Cause.NO_GEOMETRY, "its geometry is empty");
        }
        TopologyValidationError error = new IsValidOp(built).getValidationError();
        if (error != null) {
            Cause cause = error.getErrorType() == TopologyValidationError.TOO_FEW_POINTS
                    ? Cause.TOO_FEW_POINTS
                    : Cause.INVALID_POLYGON;
            throw new Refused(cause, error.getMessage() + " at " + error.getCoordinate());
        }
        return built;
    }

    private static Geometry build(Raw raw) throws Refused {
        return switch (raw.type) {
            case "Point" -> point(raw.coordinates);
            case "LineString" -> line(raw.coordinates);
            case "Polygon" -> polygon(raw.coordinates);
            case "MultiPoint" ->
                GEOMETRIES.createMultiPoint(
                        each(raw.coordinates, GeoJsonGeometry::point).toArray(new Point[0]));
            case "MultiLineString" ->
                GEOMETRIES.createMultiLineString(
                        each(raw.coordinates, GeoJsonGeometry::line).toArray(new LineString[0]));
            case "MultiPolygon" ->
                GEOMETRIES.createMultiPolygon(
                        each(raw.coordinates, GeoJsonGeometry::polygon).toArray(new Polygon[0]));
            case "GeometryCollection" -> {
                List<Geometry> parts = new ArrayList<>();
                for (Raw part : raw.parts == null ? List.<Raw>of() : raw.parts) {
                    parts.add(build(part));
                }
                yield GEOMETRIES.createGeometryCollection(parts.toArray(new Geometry[0]));
            }
            default -> throw new Refused(Cause.UNKNOWN_GEOMETRY, "its geometry's type is " + raw.type);
        };
    }

    private static Point point(Object coordinates) throws Refused {
        if (coordinates instanceof Coordinate position) {
            return GEOMETRIES.createPoint(position);
        }
        throw new Refused(Cause.BAD_COORDINATES, "a point needs one position");
    }

    private static LineString line(Object coordinates) throws Refused {
        Coordinate[] positions = positions(coordinates);
        if (positions.length == 1) {
            throw new Refused(Cause.TOO_FEW_POINTS, "a line of it has one position only");
        }
        return GEOMETRIES.createLineString(positions);
    }

    private static Polygon polygon(Object coordinates) throws Refused {
        List<LinearRing> rings = each(coordinates, GeoJsonGeometry::ring);
        if (rings.isEmpty()) {
            return GEOMETRIES.createPolygon();
        }
        return GEOMETRIES.createPolygon(
                rings.get(0), rings.subList(1, rings.size()).toArray(new LinearRing[0]));
    }

    private static LinearRing ring(Object coordinates) throws Refused {
        Coordinate[] positions = positions(coordinates);
        if (positions.length < 4) {
            throw new Refused(Cause.TOO_FEW_POINTS, "a ring of it has " + positions.length + " positions");
        }
        if (!positions[0].equals2D(positions[positions.length - 1])) {
            throw new Refused(Cause.INVALID_RING, "a ring of it begins at " + positions[0] + " and is not closed");
        }
        return GEOMETRIES.createLinearRing(positions);
    }

    private static Coordinate[] positions(Object coordinates) throws Refused {
        List<Coordinate> positions = each(coordinates, member -> {
            if (member instanceof Coordinate position) {
                return position;
            }
            throw new Refused(Cause.BAD_COORDINATES, "its lists are nested deeper than its type asks for");
        });
        return positions.toArray(new Coordinate[0]);
    }

    private static <T> List<T> each(Object coordinates, Builder<T> builder) throws Refused {
        if (!(coordinates instanceof List<?> members)) {
            throw new Refused(Cause.BAD_COORDINATES, "its lists are nested less deep than its type asks for");
        }
        List<T> built = new ArrayList<>(members.size());
        for (Object member : members) {
            built.add(builder.build(member));
        }
        return built;
    }

    private interface Builder<T> {
        T build(Object coordinates) throws Refused;
    }
}
