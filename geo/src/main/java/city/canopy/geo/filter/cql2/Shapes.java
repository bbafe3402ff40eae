package city.canopy.geo.filter.cql2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/** Geometries of a filter, whatever system they are in. */
final class Shapes {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private Shapes() {}

    /** Of four numbers, or six with heights; one over the antimeridian becomes two. */
    static Geometry box(double[] n, String place) throws Cql2Exception {
        if (n.length != 4 && n.length != 6) {
            throw new Cql2Exception(place, "a box has four numbers, or six with heights");
        }
        int half = n.length / 2;
        double south = n[1];
        double north = n[half + 1];
        if (south > north) {
            throw upsideDown(place);
        }
        if (n[0] <= n[half]) {
            return GEOMETRIES.toGeometry(new Envelope(n[0], n[half], south, north));
        }
        return GEOMETRIES.buildGeometry(List.of(
                GEOMETRIES.toGeometry(new Envelope(n[0], 180, south, north)),
                GEOMETRIES.toGeometry(new Envelope(-180, n[half], south, north))));
    }

    static Cql2Exception upsideDown(String place) {
        return new Cql2Exception(place, "a box begins with its lower corner");
    }

    /** @param json a GeoJSON geometry as maps and lists */
    static Geometry of(Map<?, ?> json, String place) throws Cql2Exception {
        Object coordinates = json.get("coordinates");
        try {
            return switch (String.valueOf(json.get("type"))) {
                case "Point" -> point(coordinates);
                case "LineString" -> GEOMETRIES.createLineString(positions(coordinates));
                case "Polygon" -> polygon(coordinates);
                case "MultiPoint" ->
                    GEOMETRIES.createMultiPoint(
                            list(coordinates).stream().map(Shapes::point).toArray(Point[]::new));
                case "MultiLineString" ->
                    GEOMETRIES.createMultiLineString(list(coordinates).stream()
                            .map(one -> GEOMETRIES.createLineString(positions(one)))
                            .toArray(LineString[]::new));
                case "MultiPolygon" ->
                    GEOMETRIES.createMultiPolygon(
                            list(coordinates).stream().map(Shapes::polygon).toArray(Polygon[]::new));
                case "GeometryCollection" -> collection(json, place);
                default -> throw new Cql2Exception(place, "there is no geometry of the type " + json.get("type"));
            };
        } catch (IllegalArgumentException e) {
            throw new Cql2Exception(place, "this geometry cannot be read: " + e.getMessage());
        }
    }

    private static Geometry collection(Map<?, ?> json, String place) throws Cql2Exception {
        List<Geometry> parts = new ArrayList<>();
        for (Object part : list(json.get("geometries"))) {
            if (!(part instanceof Map<?, ?> map)) {
                throw new Cql2Exception(place, "\"geometries\" is a list of geometries");
            }
            parts.add(of(map, place));
        }
        return GEOMETRIES.createGeometryCollection(parts.toArray(Geometry[]::new));
    }

    private static Point point(Object coordinates) {
        return GEOMETRIES.createPoint(position(coordinates));
    }

    private static Polygon polygon(Object coordinates) {
        List<LinearRing> rings = list(coordinates).stream()
                .map(ring -> GEOMETRIES.createLinearRing(positions(ring)))
                .toList();
        if (rings.isEmpty()) {
            throw new IllegalArgumentException("a polygon needs a ring");
        }
        return GEOMETRIES.createPolygon(
                rings.get(0), rings.subList(1, rings.size()).toArray(LinearRing[]::new));
    }

    private static Coordinate[] positions(Object coordinates) {
        return list(coordinates).stream().map(Shapes::position).toArray(Coordinate[]::new);
    }

    private static Coordinate position(Object coordinates) {
        List<?> numbers = list(coordinates);
        if (numbers.size() >= 2 && numbers.get(0) instanceof Double x && numbers.get(1) instanceof Double y) {
            return new Coordinate(x, y);
        }
        throw new IllegalArgumentException("a position is a list of two or three numbers");
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("coordinates are lists");
    }
}
