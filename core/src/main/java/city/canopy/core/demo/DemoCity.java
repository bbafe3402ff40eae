package city.canopy.core.demo;

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

/**
 * A small city that follows from a seed: streets, trees along them, waste points and zones, all generated, inside the
 * real outlines of four wards and communes of 2025 (Sông Công, Bách Quang, Bá Xuyên, Tân Cương). The same seed and
 * count give the same city.
 */
public final class DemoCity {
    /** How many waste points there are. */
    public static final int WASTE_POINTS = 50;

    private static final double TREE_EVERY_M = 9;
    private static final double TREE_BESIDE_M = 5;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final Random random;
    private final WorkingPlane plane;
    private final List<GeoFeature> wards;
    private final List<DemoStreet> streets = new ArrayList<>();
    private final List<GeoFeature> roads = new ArrayList<>();
    private final List<GeoFeature> trees = new ArrayList<>();
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
        this.wards = readWards();
        layStreets(trees);
        plantTrees(trees);
        placeWastePoints();
        drawZones();
    }

    /** The features by layer, wards first. */
    public Map<String, List<GeoFeature>> layers() {
        Map<String, List<GeoFeature>> layers = new LinkedHashMap<>();
        layers.put("wards", wards);
        layers.put("zones", zones);
        layers.put("roads", roads);
        layers.put("trees", trees);
        layers.put("waste_points", wastePoints);
        return layers;
    }

    private static List<GeoFeature> readWards() {
        try (InputStream in = DemoCity.class.getResourceAsStream("/demo/wards.geojson")) {
            GeoJsonReader.Result wards = new GeoJsonReader().read(in, "wards");
            if (wards.problemCount() > 0) {
                throw new IllegalStateException("the ward outlines in the jar are broken: "
                        + wards.problems().get(0));
            }
            return wards.features();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many streets as the trees need, at least eight, in the three wards of the town and then in Tân Cương. */
    private void layStreets(int trees) {
        double length = 0;
        double needed = trees * TREE_EVERY_M / 2 * 1.15;
        for (int n = 0; n < 8 || length < needed; n++) {
            GeoFeature ward = wards.get(n % wards.size());
            Geometry area = plane.toPlane(ward.geometry());
            DemoStreet street = DemoStreet.lay(area, random);
            streets.add(street);
            length += street.length();
            String id = "R%03d".formatted(n + 1);
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("name", DemoNames.street(n));
            properties.put("class", n % 4 == 0 ? "primary" : n % 2 == 0 ? "secondary" : "residential");
            properties.put("width_m", n % 4 == 0 ? 15 : 7.5);
            properties.put("surface", "asphalt");
            properties.put("generated", true);
            roads.add(new GeoFeature("roads", id, plane.toLonLat(street.line()), properties, 1));
        }
    }

    private void plantTrees(int count) {
        List<double[]> places = new ArrayList<>();
        for (int s = 0; s < streets.size(); s++) {
            int along = (int) (streets.get(s).length() / TREE_EVERY_M);
            for (int i = 0; i < along * 2; i++) {
                places.add(new double[] {s, (i / 2 + 0.5) * TREE_EVERY_M, i % 2 == 0 ? TREE_BESIDE_M : -TREE_BESIDE_M});
            }
        }
        for (int n = 0; n < count; n++) {
            // Spread over all places, so that every street is lined.
            double[] place = places.get((int) ((long) n * places.size() / count));
            DemoStreet street = streets.get((int) place[0]);
            DemoNames.Species species = DemoNames.species((int) place[0], random);
            double girth = 15 + random.nextInt(45);
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("species", species.vietnamese());
            properties.put("species_latin", species.latin());
            properties.put("species_group", species.group());
            properties.put("height_m", Math.round((3 + girth / 6 + random.nextDouble() * 2) * 10) / 10.0);
            properties.put("diameter_cm", girth);
            properties.put("planted", (1995 + random.nextInt(30)) + "-03-15");
            properties.put("street", DemoNames.street((int) place[0]));
            properties.put("generated", true);
            double jitter = (random.nextDouble() - 0.5) * 1.5;
            trees.add(point("trees", "T%05d".formatted(n + 1), street.beside(place[1] + jitter, place[2]), properties));
        }
    }

    private void placeWastePoints() {
        for (int n = 0; n < WASTE_POINTS; n++) {
            DemoStreet street = streets.get(n % streets.size());
            double at = street.length() * (0.1 + 0.8 * random.nextDouble());
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("name", "Điểm rác " + DemoNames.street(n % streets.size()) + " " + (n / streets.size() + 1));
            properties.put("kind", n % 5 == 0 ? "transfer" : "bin");
            properties.put("capacity_l", n % 5 == 0 ? 3000 : 660);
            properties.put("generated", true);
            wastePoints.add(point(
                    "waste_points", "W%03d".formatted(n + 1), street.beside(at, n % 2 == 0 ? 8 : -8), properties));
        }
    }

    private void drawZones() {
        for (int n = 0; n < 8; n++) {
            boolean park = n % 2 == 0;
            DemoStreet street = streets.get(n % streets.size());
            Coordinate middle = street.beside(street.length() * (0.25 + random.nextDouble() / 2), park ? 120 : -90);
            Geometry block = GEOMETRIES.createPoint(middle).buffer(park ? 70 : 45, 1);
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("kind", park ? "park" : "school");
            properties.put("name", (park ? "Công viên " : "Trường học ") + (n / 2 + 1));
            properties.put("responsible", park ? "Đội cây xanh" : "Phòng giáo dục");
            properties.put("generated", true);
            zones.add(new GeoFeature("zones", "Z%02d".formatted(n + 1), plane.toLonLat(block), properties, 1));
        }
    }

    private GeoFeature point(String layer, String id, Coordinate place, Map<String, Object> properties) {
        Geometry lonLat = plane.toLonLat(GEOMETRIES.createPoint(place));
        Coordinate c = lonLat.getCoordinate();
        // A hundred-millionth of a degree is a millimetre; more digits would pretend.
        Coordinate rounded = new Coordinate(Math.round(c.x * 1e8) / 1e8, Math.round(c.y * 1e8) / 1e8);
        return new GeoFeature(layer, id, GEOMETRIES.createPoint(rounded), properties, 1);
    }
}
