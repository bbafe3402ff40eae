package city.canopy.core.demo.crew;

import city.canopy.core.series.Subject;
import city.canopy.geo.layer.GeoFeature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * Who deals with what in the generated city: the cleaners of the area for waste, the gardeners for trees, the road
 * maintenance for roads, the technicians for devices. Any thread.
 */
public final class Teams {
    private static final String GARDENERS = "Đội cây xanh đô thị";
    private static final String ROADS = "Đội duy tu đường bộ";
    private static final String TECHNICIANS = "Tổ kỹ thuật cảm biến";

    private final Map<String, String> cleaners = new HashMap<>();
    private final String nearest;

    /** @param city the features by layer; a waste point outside every area goes to the first one's team */
    public Teams(Map<String, List<GeoFeature>> city) {
        List<GeoFeature> areas = city.get("zones").stream()
                .filter(zone -> "responsibility".equals(zone.properties().get("kind")))
                .toList();
        nearest = responsible(areas.get(0));
        for (GeoFeature point : city.get("waste_points")) {
            areas.stream()
                    .min((a, b) -> Double.compare(distance(a, point), distance(b, point)))
                    .ifPresent(area -> cleaners.put(point.id(), responsible(area)));
        }
    }

    private static double distance(GeoFeature area, GeoFeature point) {
        Geometry outline = area.geometry();
        return outline.distance(point.geometry());
    }

    private static String responsible(GeoFeature area) {
        return String.valueOf(area.properties().get("responsible"));
    }

    /** The team for a subject, by name. */
    public String of(Subject subject) {
        if (subject.isDevice()) {
            return TECHNICIANS;
        }
        return switch (subject.layer()) {
            case "waste_points" ->
                Optional.ofNullable(cleaners.get(subject.id())).orElse(nearest);
            case "trees" -> GARDENERS;
            default -> ROADS;
        };
    }
}
