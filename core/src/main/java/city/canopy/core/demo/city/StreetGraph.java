package city.canopy.core.demo.city;

import city.canopy.devices.model.Position;
import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.linearref.LengthIndexedLine;

/**
 * The generated streets as a graph: nodes where they cross and beside the places that are to be called at, edges along
 * the streets between them. In lon/lat; lengths in degrees, near enough over a city to tell a way from a detour.
 */
final class StreetGraph {
    private static final double NEAR = 0.002;

    private record Edge(int to, double length, Coordinate[] way) {}

    private record Reached(int node, double length) {}

    private final List<Geometry> streets;
    private final List<TreeSet<Double>> cuts = new ArrayList<>();
    private final STRtree index = new STRtree();
    private final Map<Coordinate, Integer> nodes = new HashMap<>();
    private final List<List<Edge>> edges = new ArrayList<>();
    private final List<Integer> calls = new ArrayList<>();

    /**
     * Builds it.
     *
     * @param roads lines
     * @param places points; one that is far from every street is not called at
     */
    StreetGraph(List<GeoFeature> roads, List<GeoFeature> places) {
        streets = roads.stream().map(GeoFeature::geometry).toList();
        for (int i = 0; i < streets.size(); i++) {
            cuts.add(new TreeSet<>(List.of(0.0, streets.get(i).getLength())));
            index.insert(streets.get(i).getEnvelopeInternal(), i);
        }
        index.build();
        for (int i = 0; i < streets.size(); i++) {
            cross(i);
        }
        List<Coordinate> beside = new ArrayList<>();
        places.forEach(place -> cutBeside(place.geometry(), beside));
        for (int i = 0; i < streets.size(); i++) {
            connect(i);
        }
        beside.forEach(at -> calls.add(node(at)));
    }

    private void cross(int i) {
        for (Object found : index.query(streets.get(i).getEnvelopeInternal())) {
            int j = (int) found;
            if (j > i) {
                for (Coordinate at : streets.get(i).intersection(streets.get(j)).getCoordinates()) {
                    cut(i, at);
                    cut(j, at);
                }
            }
        }
    }

    private void cut(int street, Coordinate at) {
        cuts.get(street).add(new LengthIndexedLine(streets.get(street)).project(at));
    }

    private void cutBeside(Geometry place, List<Coordinate> beside) {
        var box = place.getEnvelopeInternal();
        box.expandBy(NEAR);
        int nearest = -1;
        for (Object found : index.query(box)) {
            int i = (int) found;
            if (nearest < 0
                    || streets.get(i).distance(place) < streets.get(nearest).distance(place)) {
                nearest = i;
            }
        }
        if (nearest >= 0) {
            LengthIndexedLine line = new LengthIndexedLine(streets.get(nearest));
            double along = line.project(place.getCoordinate());
            cuts.get(nearest).add(along);
            beside.add(line.extractPoint(along));
        }
    }

    private void connect(int street) {
        LengthIndexedLine line = new LengthIndexedLine(streets.get(street));
        Double from = null;
        for (double to : cuts.get(street)) {
            if (from != null) {
                Coordinate[] way = line.extractLine(from, to).getCoordinates();
                Coordinate[] back = way.clone();
                java.util.Collections.reverse(Arrays.asList(back));
                int a = node(line.extractPoint(from));
                int b = node(line.extractPoint(to));
                edges.get(a).add(new Edge(b, to - from, way));
                edges.get(b).add(new Edge(a, to - from, back));
            }
            from = to;
        }
    }

    /** Points of two streets that cross differ in the last digits; a ten-millionth of a degree is a centimetre. */
    private int node(Coordinate at) {
        Coordinate rounded = new Coordinate(Math.round(at.x * 1e6) / 1e6, Math.round(at.y * 1e6) / 1e6);
        return nodes.computeIfAbsent(rounded, fresh -> {
            edges.add(new ArrayList<>());
            return edges.size() - 1;
        });
    }

    /** A way past all the places that can be reached from the first one, always on to the nearest. */
    List<Position> tour() {
        List<Position> tour = new ArrayList<>();
        List<Integer> left = new ArrayList<>(calls);
        int at = left.remove(0);
        while (!left.isEmpty()) {
            Edge[] cameBy = new Edge[edges.size()];
            int[] cameFrom = new int[edges.size()];
            int next = search(at, left, cameBy, cameFrom);
            if (next < 0) {
                break;
            }
            List<Coordinate> way = new ArrayList<>();
            for (int node = next; node != at; node = cameFrom[node]) {
                way.addAll(0, Arrays.asList(cameBy[node].way()));
            }
            way.forEach(point -> tour.add(new Position(point.x, point.y)));
            left.remove(Integer.valueOf(next));
            at = next;
        }
        return tour;
    }

    /** The nearest of the wanted nodes by street, or -1; leaves behind how it was come by. */
    private int search(int start, List<Integer> wanted, Edge[] cameBy, int[] cameFrom) {
        double[] best = new double[edges.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        best[start] = 0;
        PriorityQueue<Reached> queue = new PriorityQueue<>((a, b) -> Double.compare(a.length(), b.length()));
        queue.add(new Reached(start, 0));
        while (!queue.isEmpty()) {
            Reached reached = queue.remove();
            if (reached.length() > best[reached.node()]) {
                continue;
            }
            if (wanted.contains(reached.node())) {
                return reached.node();
            }
            for (Edge edge : edges.get(reached.node())) {
                double length = reached.length() + edge.length();
                if (length < best[edge.to()]) {
                    best[edge.to()] = length;
                    cameBy[edge.to()] = edge;
                    cameFrom[edge.to()] = reached.node();
                    queue.add(new Reached(edge.to(), length));
                }
            }
        }
        return -1;
    }
}
