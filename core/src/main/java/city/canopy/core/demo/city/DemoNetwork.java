package city.canopy.core.demo.city;

import city.canopy.core.demo.city.DemoStreet.Rank;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;

/**
 * The generated roads: a district of blocks in each area, main roads from district to district, and country roads out of
 * them. In the working plane (metres).
 */
final class DemoNetwork {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double ROOM_M = 30;
    private static final double SHORTEST_M = 150;
    private static final int COUNTRY_ROADS = 3;
    /** How much of the built-up streets each area gets; the last is a village. */
    private static final double[] SHARES = {0.37, 0.32, 0.22, 0.09};

    private final List<DemoDistrict> districts = new ArrayList<>();
    private final List<DemoStreet> streets = new ArrayList<>();
    private final Geometry inside;

    /**
     * Lays it.
     *
     * @param everywhere where roads may lead
     * @param areas where districts lie, the town's first, the village last; four
     * @param length of the built-up streets in all, in metres
     */
    DemoNetwork(Geometry everywhere, List<Geometry> areas, double length, Random random) {
        this.inside = everywhere.buffer(-ROOM_M);
        DemoNames names = new DemoNames();
        for (int i = 0; i < areas.size(); i++) {
            DemoDistrict district = new DemoDistrict(areas.get(i), middle(areas.get(i)), random);
            streets.addAll(district.lay(length * SHARES[i], names));
            districts.add(district);
        }
        int[][] ways = {{0, 1}, {0, 2}, {2, 3}, {1, 2}};
        for (int[] way : ways) {
            Coordinate from = districts.get(way[0]).centre();
            Coordinate to = districts.get(way[1]).centre();
            keep(bent(from, to, 0.10, random), names.mainRoad(), Rank.PRIMARY);
        }
        for (DemoDistrict district : districts) {
            double first = random.nextDouble() * Math.PI * 2;
            for (int n = 0; n < COUNTRY_ROADS; n++) {
                double angle = first + n * Math.PI * 2 / COUNTRY_ROADS + (random.nextDouble() - 0.5) * 0.6;
                Coordinate from = at(district.centre(), angle, district.radius() * 0.75);
                Coordinate to = at(district.centre(), angle, district.radius() + 1_200 + random.nextInt(1_500));
                keep(bent(from, to, 0.14, random), names.countryRoad(), Rank.RURAL);
            }
        }
    }

    private static Coordinate middle(Geometry area) {
        return area.contains(area.getCentroid())
                ? area.getCentroid().getCoordinate()
                : area.getInteriorPoint().getCoordinate();
    }

    private static Coordinate at(Coordinate from, double angle, double meters) {
        return new Coordinate(from.x + Math.cos(angle) * meters, from.y + Math.sin(angle) * meters);
    }

    /** A way that wanders from one place to another, a point every hundred metres or so. */
    private static LineString bent(Coordinate from, Coordinate to, double bend, Random random) {
        List<Coordinate> points = new ArrayList<>(List.of(from, to));
        double amount = bend;
        while (points.get(0).distance(points.get(1)) > 140) {
            List<Coordinate> finer = new ArrayList<>();
            for (int i = 0; i + 1 < points.size(); i++) {
                Coordinate a = points.get(i);
                Coordinate b = points.get(i + 1);
                double aside = (random.nextDouble() - 0.5) * 2 * amount;
                finer.add(a);
                finer.add(new Coordinate((a.x + b.x) / 2 - (b.y - a.y) * aside, (a.y + b.y) / 2 + (b.x - a.x) * aside));
            }
            finer.add(to);
            points = finer;
            amount *= 0.62;
        }
        return GEOMETRIES.createLineString(points.toArray(new Coordinate[0]));
    }

    /** Keeps what lies inside; of a country road only what can be reached. */
    private void keep(LineString line, String name, Rank rank) {
        Geometry kept = line.intersection(inside);
        int parts = rank == Rank.RURAL ? Math.min(1, kept.getNumGeometries()) : kept.getNumGeometries();
        for (int i = 0; i < parts; i++) {
            if (kept.getGeometryN(i) instanceof LineString part && part.getLength() >= SHORTEST_M) {
                streets.add(new DemoStreet(name, rank, part));
            }
        }
    }

    /** District by district, then what leads from one to the other. */
    List<DemoStreet> streets() {
        return streets;
    }

    /** In the order of the areas. */
    List<DemoDistrict> districts() {
        return districts;
    }

    /** Whether a place lies in or near a district, where a city plants and collects. */
    boolean isTown(Coordinate place) {
        return districts.stream().anyMatch(d -> d.centre().distance(place) < d.radius() + 250);
    }
}
