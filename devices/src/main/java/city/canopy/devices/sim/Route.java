package city.canopy.devices.sim;

import city.canopy.devices.model.Position;
import java.util.List;

/**
 * A way that a moving device goes, to its end and back again, without rest.
 *
 * @param points lon/lat, two or more, not all the same
 * @param metresPerSecond how fast
 */
public record Route(List<Position> points, double metresPerSecond) {
    private static final double METRES_PER_DEGREE = 111_195;

    public Route {
        points = List.copyOf(points);
        if (points.size() < 2) {
            throw new IllegalArgumentException("a route has two points or more, not " + points.size());
        }
        if (!(metresPerSecond > 0 && metresPerSecond < 1_000)) {
            throw new IllegalArgumentException("a speed is over 0 and under 1000 m/s, not " + metresPerSecond);
        }
        if (!(length(points) > 0)) {
            throw new IllegalArgumentException("a route leads somewhere; all its points are the same");
        }
    }

    /** Where on the way a device is that started this many milliseconds ago, or will start so long
     * after it where negative. Along straight lines in lon/lat. */
    Position at(long millis) {
        double whole = length(points);
        double rounds = millis / 1000.0 * metresPerSecond / (2 * whole);
        double gone = (rounds - Math.floor(rounds)) * 2 * whole;
        double left = gone <= whole ? gone : 2 * whole - gone;
        for (int i = 1; i < points.size(); i++) {
            Position from = points.get(i - 1);
            Position to = points.get(i);
            double metres = distance(from, to);
            if (metres > 0 && left <= metres) {
                double share = left / metres;
                return new Position(
                        from.lon() + share * (to.lon() - from.lon()), from.lat() + share * (to.lat() - from.lat()));
            }
            left -= metres;
        }
        return points.get(points.size() - 1);
    }

    private static double length(List<Position> points) {
        double sum = 0;
        for (int i = 1; i < points.size(); i++) {
            sum += distance(points.get(i - 1), points.get(i));
        }
        return sum;
    }

    /** Metres on a sphere, near enough over a city. */
    private static double distance(Position a, Position b) {
        double east = (b.lon() - a.lon()) * Math.cos(Math.toRadians((a.lat() + b.lat()) / 2));
        double north = b.lat() - a.lat();
        return Math.hypot(east, north) * METRES_PER_DEGREE;
    }
}
