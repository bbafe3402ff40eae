package city.canopy.core.layers.file;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/** Layers of every type of geometry and every kind of value, the same for the same seed. All geometries are valid. */
final class RandomLayer {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double LON = 105.85;
    private static final double LAT = 21.47;
    private static final List<String> NAMES = List.of(
            "loài cây",
            "Loài cây",
            "ghi chú",
            "name",
            "NAME",
            "fid",
            "geom",
            "id",
            "FID",
            "",
            "a \"quoted\" name",
            "rowid",
            "đường kính thân cây (cm)",
            "select",
            "cột;dấu,phẩy");
    private static final List<String> TEXTS = List.of(
            "Xà cừ",
            "Phượng vĩ",
            "",
            " ",
            "a\nb",
            "\"",
            "'; drop table feature; --",
            "7",
            "1e5",
            "true",
            "🌳",
            "ỷ̉",
            "2024-05-01");

    private final Random random;
    private final boolean mixed;

    private RandomLayer(Random random) {
        this.random = random;
        this.mixed = random.nextInt(4) == 0;
    }

    static List<GeoFeature> of(long seed, int size) {
        RandomLayer layer = new RandomLayer(new Random(seed));
        List<GeoFeature> features = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String id = switch (layer.random.nextInt(3)) {
                case 0 -> Integer.toString(i);
                case 1 -> "Cây số " + i;
                default -> "\"" + i + "'";
            };
            features.add(new GeoFeature("test", id, layer.geometry(true), layer.properties(), 1));
        }
        return features;
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (random.nextInt(3) > 0) {
                properties.put(NAMES.get(i), value(mixed ? random.nextInt(5) : i % 5));
            }
        }
        return properties;
    }

    private Object value(int kind) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        return switch (kind) {
            case 0 -> TEXTS.get(random.nextInt(TEXTS.size()));
            case 1 -> random.nextInt(3) == 0 ? random.nextLong() >> 12 : random.nextInt(100);
            case 2 ->
                switch (random.nextInt(5)) {
                    case 0 -> -0.0;
                    case 1 -> 1e300;
                    case 2 -> Double.MIN_VALUE;
                    case 3 -> 12.0;
                    default -> random.nextGaussian() * 1_000;
                };
            case 3 -> random.nextBoolean();
            default ->
                random.nextInt(3) == 0 ? (Object) (long) random.nextInt(50) : (Object) (random.nextInt(50) / 4.0);
        };
    }

    private Geometry geometry(boolean collections) {
        boolean heights = random.nextInt(3) == 0;
        return switch (random.nextInt(collections ? 8 : 7)) {
            case 0 -> point(0, heights);
            case 1 -> line(0, heights);
            case 2, 3 -> polygon(0, heights);
            case 4 -> GEOMETRIES.createMultiPoint(new Point[] {point(0, heights), point(1, heights)});
            case 5 -> GEOMETRIES.createMultiLineString(new LineString[] {line(0, heights), line(1, heights)});
            case 6 ->
                GEOMETRIES.createMultiPolygon(
                        new Polygon[] {polygon(0, heights), polygon(1, heights), polygon(2, heights)});
            default -> {
                Geometry[] parts = new Geometry[1 + random.nextInt(3)];
                for (int i = 0; i < parts.length; i++) {
                    parts[i] = random.nextInt(4) == 0 ? geometry(true) : geometry(false);
                }
                yield GEOMETRIES.createGeometryCollection(parts);
            }
        };
    }

    private Coordinate at(int cell, double angle, double radius, boolean heights) {
        double x = LON + cell * 0.01 + Math.cos(angle) * radius;
        double y = LAT + Math.sin(angle) * radius;
        return heights ? new Coordinate(x, y, random.nextInt(100) / 8.0) : new Coordinate(x, y);
    }

    private Point point(int cell, boolean heights) {
        return GEOMETRIES.createPoint(at(cell, random.nextDouble() * 6, random.nextDouble() * 0.004, heights));
    }

    private LineString line(int cell, boolean heights) {
        Coordinate[] positions = new Coordinate[2 + random.nextInt(5)];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = at(cell, i + random.nextDouble() * 0.5, 0.001 + random.nextDouble() * 0.003, heights);
        }
        return GEOMETRIES.createLineString(positions);
    }

    /** A star around the middle of its cell, perhaps with a hole, turned either way. */
    private Polygon polygon(int cell, boolean heights) {
        LinearRing[] holes = random.nextBoolean() ? new LinearRing[0] : new LinearRing[] {ring(cell, 0.0005, heights)};
        return GEOMETRIES.createPolygon(ring(cell, 0.003, heights), holes);
    }

    private LinearRing ring(int cell, double radius, boolean heights) {
        int corners = 5 + random.nextInt(6);
        Coordinate[] positions = new Coordinate[corners + 1];
        for (int i = 0; i < corners; i++) {
            positions[i] = at(cell, i * 2 * Math.PI / corners, radius * (1 + random.nextDouble() * 0.5), heights);
        }
        positions[corners] = positions[0].copy();
        LinearRing ring = GEOMETRIES.createLinearRing(positions);
        return random.nextBoolean() ? ring : ring.reverse();
    }
}
