package city.canopy.core.demo.city;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * A city that follows from a seed: districts of streets, trees along them, waste points and zones, all generated, inside
 * the real outlines of the wards Sông Công, Bách Quang and Bá Xuyên of 2025 and of Bình Sơn's part of Tân Cương. The
 * same seed and count give the same city.
 */
public final class DemoCity {
    /** The most waste points that a city has; a small one has fewer, see {@link #wastePoints(int)}. */
    public static final int MOST_WASTE_POINTS = 300;

    private static final int FEWEST_WASTE_POINTS = 50;
    private static final List<String> TOWN = List.of("05518", "05528", "05533");
    private static final String COUNTRY = "05503";
    /** Metres of street for each tree: a tree every nine metres on both sides, with gaps at the crossings. */
    private static final double STREET_FOR_A_TREE_M = 5.6;

    private static final double SHORTEST_TOWN_M = 6_000;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final Random random;
    private final WorkingPlane plane;
    private final List<GeoFeature> wards;
    private final DemoNetwork network;
    private final List<GeoFeature> trees;
    private final List<GeoFeature> wastePoints = new ArrayList<>();
    private final List<GeoFeature> zones = new ArrayList<>();

    /**
     * Generates it.
     *
     * @param seed any number
     * @param trees how many trees, from 10
     * @param plane centred somewhere near
     */
    public DemoCity(long seed, int trees, WorkingPlane plane) {
        this.random = new Random(seed);
        this.plane = plane;
        this.wards = read("wards");
        Geometry everywhere = UnaryUnionOp.union(
                wards.stream().map(ward -> plane.toPlane(ward.geometry())).toList());
        this.network =
                new DemoNetwork(everywhere, areas(), Math.max(SHORTEST_TOWN_M, trees * STREET_FOR_A_TREE_M), random);
        this.trees = new DemoTrees(network, plane, random).plant(trees);
        placeWastePoints(wastePoints(trees));
        network.districts().forEach(this::drawZones);
    }

    /** How many waste points a city with so many trees has. */
    public static int wastePoints(int trees) {
        return Math.max(FEWEST_WASTE_POINTS, Math.min(MOST_WASTE_POINTS, trees * 3 / 200));
    }

    /** The features by layer, wards first: those of today, then those that were merged into them. */
    public Map<String, List<GeoFeature>> layers() {
        Map<String, List<GeoFeature>> layers = new LinkedHashMap<>();
        List<GeoFeature> everyWard = new ArrayList<>(wards);
        everyWard.addAll(read("wards-before-2025", "wards"));
        layers.put("wards", everyWard);
        layers.put("zones", zones);
        layers.put("roads", roads());
        layers.put("trees", trees);
        layers.put("waste_points", wastePoints);
        return layers;
    }

    private static List<GeoFeature> read(String name) {
        return read(name, name);
    }

    private static List<GeoFeature> read(String name, String layer) {
        try (InputStream in = DemoCity.class.getResourceAsStream("/demo/" + name + ".geojson")) {
            GeoJsonReader.Result read = new GeoJsonReader().read(in, layer);
            if (read.problemCount() > 0) {
                throw new IllegalStateException("the outlines " + name + " in the jar are broken: "
                        + read.problems().get(0));
            }
            return read.features();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where districts lie, the village of Bình Sơn last. */
    private List<Geometry> areas() {
        List<Geometry> areas = new ArrayList<>();
        for (String ward : TOWN) {
            areas.add(plane.toPlane(ward(ward)));
        }
        areas.add(plane.toPlane(ward(COUNTRY))
                .intersection(plane.toPlane(read("binh-son").get(0).geometry())));
        return areas;
    }

    private Geometry ward(String code) {
        return wards.stream()
                .filter(ward -> ward.id().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the jar lacks the outline of ward " + code))
                .geometry();
    }

    private List<GeoFeature> roads() {
        List<GeoFeature> roads = new ArrayList<>();
        for (DemoStreet street : network.streets()) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("name", street.name());
            properties.put("class", street.rank().word());
            properties.put("width_m", street.rank().widthMeters());
            properties.put("surface", street.rank() == DemoStreet.Rank.RURAL ? "concrete" : "asphalt");
            properties.put("generated", true);
            roads.add(new GeoFeature(
                    "roads", "R%03d".formatted(roads.size() + 1), plane.toLonLat(street.line()), properties, 1));
        }
        return roads;
    }

    /** The first of them is in the village: the overflow of the story. */
    private void placeWastePoints(int count) {
        Coordinate village =
                network.districts().get(network.districts().size() - 1).centre();
        List<DemoStreet> town = network.streets().stream()
                .filter(s -> network.isTown(s.beside(s.length() / 2, 1)))
                .toList();
        DemoStreet first = town.stream()
                .min((a, b) -> Double.compare(
                        a.beside(a.length() / 2, 1).distance(village),
                        b.beside(b.length() / 2, 1).distance(village)))
                .orElseThrow();
        for (int n = 0; n < count; n++) {
            DemoStreet street = n == 0 ? first : town.get((int) ((long) n * town.size() / count));
            double along = street.length() * (0.1 + 0.8 * random.nextDouble());
            boolean transfer = n > 0 && n % 5 == 0;
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("name", n == 0 ? "Điểm rác chợ Bình Sơn" : "Điểm rác " + street.name());
            properties.put("kind", transfer ? "transfer" : "bin");
            properties.put("capacity_l", transfer ? 3000 : 660);
            properties.put("address", street.name());
            properties.put("generated", true);
            wastePoints.add(point(
                    "waste_points",
                    "W%03d".formatted(n + 1),
                    street.beside(along, n % 2 == 0 ? 2.5 : -2.5),
                    properties,
                    plane));
        }
    }

    private void drawZones(DemoDistrict district) {
        int n = network.districts().indexOf(district) + 1;
        zone(district.outline(), "responsibility", "Địa bàn " + n, "Đội vệ sinh môi trường số " + n);
        int[][] blocks = {{0, 0}, {-1, 0}, {1, 1}, {-2, -1}};
        for (int i = 0; i < blocks.length; i++) {
            Polygon block = district.block(blocks[i][0], blocks[i][1]);
            if (block != null) {
                boolean park = i % 2 == 0;
                zone(
                        block,
                        park ? "park" : "school",
                        (park ? "Công viên " : "Trường học ") + (n * 2 - 1 + i / 2),
                        park ? "Đội cây xanh" : "Phòng giáo dục");
            }
        }
    }

    private void zone(Geometry shape, String kind, String name, String responsible) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("kind", kind);
        properties.put("name", name);
        properties.put("responsible", responsible);
        properties.put("generated", true);
        zones.add(new GeoFeature("zones", "Z%02d".formatted(zones.size() + 1), plane.toLonLat(shape), properties, 1));
    }

    static GeoFeature point(
            String layer, String id, Coordinate place, Map<String, Object> properties, WorkingPlane plane) {
        Coordinate c = plane.toLonLat(GEOMETRIES.createPoint(place)).getCoordinate();
        // A hundred-millionth of a degree is a millimetre; more digits would pretend.
        Coordinate rounded = new Coordinate(Math.round(c.x * 1e8) / 1e8, Math.round(c.y * 1e8) / 1e8);
        return new GeoFeature(layer, id, GEOMETRIES.createPoint(rounded), properties, 1);
    }
}
