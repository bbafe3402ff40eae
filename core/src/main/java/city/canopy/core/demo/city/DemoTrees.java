package city.canopy.core.demo.city;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.index.strtree.STRtree;

/** Lines the streets with trees, off the carriageway and clear of the crossings. */
final class DemoTrees {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double EVERY_M = 9;
    private static final double FROM_KERB_M = 1.6;
    private static final double CLEAR_M = 3;
    private static final LocalDate TODAY = LocalDate.of(2025, 7, 1);

    /**
     * A species that towns in the north plant.
     *
     * @param group how it stands drought, as the rule {@code tree-dry} knows it
     * @param tallest in metres, when old
     * @param growth of the trunk, in centimetres of diameter a year
     */
    private record Species(String vietnamese, String latin, String group, double tallest, double growth) {}

    private static final List<Species> SPECIES = List.of(
            new Species("Sấu", "Dracontomelon duperreanum", "ordinary", 22, 1.3),
            new Species("Bằng lăng", "Lagerstroemia speciosa", "thirsty", 14, 1.1),
            new Species("Phượng vĩ", "Delonix regia", "drought_tolerant", 14, 1.6),
            new Species("Xà cừ", "Khaya senegalensis", "drought_tolerant", 26, 2.2),
            new Species("Sao đen", "Hopea odorata", "ordinary", 24, 1.2),
            new Species("Lộc vừng", "Barringtonia acutangula", "thirsty", 10, 0.9),
            new Species("Long não", "Cinnamomum camphora", "ordinary", 18, 1.4),
            new Species("Muồng hoàng yến", "Cassia fistula", "drought_tolerant", 13, 1.2),
            new Species("Giáng hương", "Pterocarpus macrocarpus", "ordinary", 20, 1.2),
            new Species("Bàng Đài Loan", "Terminalia neotaliala", "ordinary", 12, 1.3),
            new Species("Bàng", "Terminalia catappa", "ordinary", 17, 1.5),
            new Species("Hoa sữa", "Alstonia scholaris", "ordinary", 20, 1.5),
            new Species("Lát hoa", "Chukrasia tabularis", "drought_tolerant", 20, 1.3),
            new Species("Sưa đỏ", "Dalbergia tonkinensis", "drought_tolerant", 11, 0.8),
            new Species("Muồng đen", "Senna siamea", "drought_tolerant", 16, 1.5),
            new Species("Ngọc lan", "Magnolia champaca", "thirsty", 16, 1.2),
            new Species("Viết", "Mimusops elengi", "ordinary", 12, 0.8),
            new Species("Đa", "Ficus benghalensis", "ordinary", 25, 2.4));

    private final DemoNetwork network;
    private final WorkingPlane plane;
    private final Random random;
    private final STRtree streets = new STRtree();

    DemoTrees(DemoNetwork network, WorkingPlane plane, Random random) {
        this.network = network;
        this.plane = plane;
        this.random = random;
        network.streets().forEach(street -> streets.insert(street.line().getEnvelopeInternal(), street));
        streets.build();
    }

    private record Place(int street, Coordinate at) {}

    /** Plants so many, spread over all the places there are. */
    List<GeoFeature> plant(int count) {
        List<Place> places = places();
        List<GeoFeature> trees = new ArrayList<>(count);
        for (int n = 0; n < count; n++) {
            // More trees than places stand closer; fewer are spread, so that every street is lined.
            Place place = places.get((int) ((long) n * places.size() / count));
            trees.add(tree("T%05d".formatted(n + 1), place));
        }
        return trees;
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int s = 0; s < network.streets().size(); s++) {
            DemoStreet street = network.streets().get(s);
            for (double along = EVERY_M / 2; along < street.length(); along += EVERY_M) {
                for (int side = -1; side <= 1; side += 2) {
                    Coordinate at = street.beside(along + (random.nextDouble() - 0.5) * 1.5, side * FROM_KERB_M);
                    if (network.isTown(at) && isClear(at)) {
                        places.add(new Place(s, at));
                    }
                }
            }
        }
        return places;
    }

    /** Whether no carriageway is nearer than it should be; its own street's is a step further away. */
    private boolean isClear(Coordinate at) {
        var point = GEOMETRIES.createPoint(at);
        var box = point.getEnvelopeInternal();
        box.expandBy(12);
        for (Object found : streets.query(box)) {
            DemoStreet street = (DemoStreet) found;
            double kerb = street.line().distance(point) - street.rank().widthMeters() / 2;
            if (kerb < FROM_KERB_M - 0.4 || kerb > FROM_KERB_M + 0.4 && kerb < CLEAR_M) {
                return false;
            }
        }
        return true;
    }

    private GeoFeature tree(String id, Place place) {
        DemoStreet street = network.streets().get(place.street());
        // Most trees of a street are of one species, some are not.
        Species species =
                SPECIES.get(random.nextInt(6) > 0 ? place.street() % SPECIES.size() : random.nextInt(SPECIES.size()));
        int age = random.nextInt(400) == 0
                ? 50 + random.nextInt(60)
                : 2 + (int) (Math.pow(random.nextDouble(), 1.6) * 38);
        double diameter = Math.max(4, age * species.growth() * (0.8 + random.nextDouble() * 0.4));
        double height = species.tallest() * (1 - Math.exp(-age / 14.0)) * (0.85 + random.nextDouble() * 0.25);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("species", species.vietnamese());
        properties.put("species_latin", species.latin());
        properties.put("species_group", species.group());
        properties.put("class", kind(street, species, age));
        properties.put("height_m", Math.round(Math.max(1.5, height) * 10) / 10.0);
        properties.put("diameter_cm", Math.round(diameter * 10) / 10.0);
        properties.put(
                "planted",
                TODAY.minusYears(age)
                        .withMonth(3)
                        .withDayOfMonth(1 + random.nextInt(28))
                        .toString());
        properties.put("street", street.name());
        properties.put("generated", true);
        return DemoCity.point("trees", id, place.at(), properties, plane);
    }

    /** The class that the decree on urban trees gives it. */
    private String kind(DemoStreet street, Species species, int age) {
        if (age >= 50) {
            return "ancient";
        }
        if (random.nextInt(300) == 0) {
            return "hazardous";
        }
        if (species.latin().equals("Dalbergia tonkinensis")) {
            return "conservation";
        }
        return switch (street.rank()) {
            case PRIMARY, SECONDARY -> "shade";
            case RESIDENTIAL -> random.nextInt(12) == 0 ? "restricted" : "public_use";
            case RURAL -> "buffer";
        };
    }
}
