package city.canopy.core.demo.city;

import city.canopy.core.demo.city.DemoStreet.Rank;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;

/**
 * A built-up part of the generated city: blocks of two families of streets around a centre, turned and gently warped, as
 * far as they lie inside an area. In the working plane (metres).
 */
final class DemoDistrict {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double ROW_M = 95;
    private static final double COLUMN_M = 150;
    private static final double STEP_M = 30;
    private static final double ROOM_M = 45;
    private static final double SHORTEST_M = 70;
    private static final double LARGEST_M = 7_000;

    private final Geometry inside;
    private final Coordinate centre;
    private final double heading;
    private final double[] phases;
    private double radius;

    /**
     * @param area where it may lie
     * @param centre inside the area
     */
    DemoDistrict(Geometry area, Coordinate centre, Random random) {
        this.inside = area.buffer(-ROOM_M);
        this.centre = centre;
        this.heading = random.nextDouble() * Math.PI;
        this.phases = random.doubles(6, 0, Math.PI * 2).toArray();
    }

    /** Lays streets of about this length in all, or as many as the area takes. */
    List<DemoStreet> lay(double length, DemoNames names) {
        radius = Math.max(260, Math.sqrt(length / Math.PI / (1 / ROW_M + 1 / COLUMN_M)));
        while (true) {
            List<DemoStreet> streets = new ArrayList<>();
            PreparedGeometry within = PreparedGeometryFactory.prepare(outline());
            family(streets, within, ROW_M, 0, names);
            family(streets, within, COLUMN_M, Math.PI / 2, names);
            double laid = streets.stream().mapToDouble(DemoStreet::length).sum();
            if (laid >= length || radius > LARGEST_M) {
                return streets;
            }
            radius *= 1.08;
        }
    }

    private void family(List<DemoStreet> streets, PreparedGeometry within, double every, double turn, DemoNames names) {
        int lines = (int) Math.ceil(radius * 1.3 / every);
        for (int k = -lines; k <= lines; k++) {
            boolean collector = Math.floorMod(k, 4) == 0;
            String name = collector ? names.avenue() : names.lane();
            Rank rank = collector ? Rank.SECONDARY : Rank.RESIDENTIAL;
            List<Coordinate> run = new ArrayList<>();
            for (double along = -radius * 1.3; along <= radius * 1.3; along += STEP_M) {
                Coordinate at = turn > 0 ? place(k * every, along) : place(along, k * every);
                if (within.contains(GEOMETRIES.createPoint(at))) {
                    run.add(at);
                } else {
                    end(streets, run, name, rank);
                }
            }
            end(streets, run, name, rank);
        }
    }

    private static void end(List<DemoStreet> streets, List<Coordinate> run, String name, Rank rank) {
        if (run.size() > 1) {
            LineString line = GEOMETRIES.createLineString(run.toArray(new Coordinate[0]));
            if (line.getLength() >= SHORTEST_M) {
                streets.add(new DemoStreet(name, rank, line));
            }
        }
        run.clear();
    }

    /** From the district's own axes, both in metres from its centre, to the plane: warped, then turned. */
    private Coordinate place(double along, double across) {
        double x = along + 14 * Math.sin(across / 210 + phases[0]) + 9 * Math.sin(along / 330 + phases[1]);
        double y = across + 16 * Math.sin(along / 260 + phases[2]) + 7 * Math.sin(across / 190 + phases[3]);
        return new Coordinate(
                centre.x + x * Math.cos(heading) - y * Math.sin(heading),
                centre.y + x * Math.sin(heading) + y * Math.cos(heading));
    }

    /** What is built up: a rounded shape with an edge that wavers, inside the area. */
    Geometry outline() {
        Coordinate[] ring = new Coordinate[73];
        for (int i = 0; i < 72; i++) {
            double angle = Math.PI * 2 * i / 72;
            double r = radius * (1 + 0.14 * Math.sin(3 * angle + phases[4]) + 0.08 * Math.sin(5 * angle + phases[5]));
            ring[i] = new Coordinate(centre.x + r * Math.cos(angle), centre.y + r * Math.sin(angle));
        }
        ring[72] = ring[0];
        return GEOMETRIES.createPolygon(ring).intersection(inside);
    }

    /**
     * The block in a row and a column from the centre, without its streets.
     *
     * @return null where it is not wholly inside
     */
    Polygon block(int row, int column) {
        double room = Rank.SECONDARY.widthMeters();
        double left = column * COLUMN_M + room;
        double right = (column + 1) * COLUMN_M - room;
        double low = row * ROW_M + room;
        double high = (row + 1) * ROW_M - room;
        Coordinate first = place(left, low);
        Polygon block = GEOMETRIES.createPolygon(
                new Coordinate[] {first, place(right, low), place(right, high), place(left, high), first});
        return inside.contains(block) ? block : null;
    }

    Coordinate centre() {
        return centre;
    }

    double radius() {
        return radius;
    }
}
