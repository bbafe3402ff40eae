package city.canopy.core.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.linearref.LengthIndexedLine;

/** A generated street: gently bent, in the working plane (metres), inside an area with some room on both sides. */
final class DemoStreet {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double STEP_M = 60;
    private static final int MOST_STEPS = 26;
    private static final double SHORTEST_M = 420;
    private static final double ROOM_M = 200;

    private final LineString line;
    private final LengthIndexedLine measured;

    private DemoStreet(LineString line) {
        this.line = line;
        this.measured = new LengthIndexedLine(line);
    }

    /** Lays a street into an area given in the plane; tries until one is long enough. */
    static DemoStreet lay(Geometry area, Random random) {
        Geometry inside = area.buffer(-ROOM_M);
        PreparedGeometry within = PreparedGeometryFactory.prepare(inside);
        Envelope box = inside.getEnvelopeInternal();
        for (int attempt = 0; attempt < 10_000; attempt++) {
            Coordinate at = new Coordinate(
                    box.getMinX() + random.nextDouble() * box.getWidth(),
                    box.getMinY() + random.nextDouble() * box.getHeight());
            double heading = random.nextDouble() * Math.PI * 2;
            double bend = (random.nextDouble() - 0.5) * 0.05;
            List<Coordinate> points = new ArrayList<>();
            while (points.size() < MOST_STEPS && within.contains(GEOMETRIES.createPoint(at))) {
                points.add(at);
                heading += bend + (random.nextDouble() - 0.5) * 0.04;
                at = new Coordinate(at.x + Math.cos(heading) * STEP_M, at.y + Math.sin(heading) * STEP_M);
            }
            if ((points.size() - 1) * STEP_M >= SHORTEST_M) {
                return new DemoStreet(GEOMETRIES.createLineString(points.toArray(new Coordinate[0])));
            }
        }
        throw new IllegalStateException("no street of " + SHORTEST_M + " m fits into the area");
    }

    LineString line() {
        return line;
    }

    double length() {
        return line.getLength();
    }

    /** A place so far along the street and so far beside it, to the left where positive; metres. */
    Coordinate beside(double along, double offset) {
        return measured.extractPoint(Math.max(1, Math.min(length() - 1, along)), offset);
    }
}
