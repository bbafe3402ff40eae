package city.canopy.geo.query;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;

/** Finds the features that a query wants, in order of id, by the layer's index where a box or ids allow it. Any thread. */
public final class FeatureSearch {
    /** A search that hits more than one feature in this many is as quick without the index, as its order comes for free. */
    private static final int ORDER_PAYS = 16;

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final LayerSnapshot snapshot;
    private final WorkingPlane plane;

    public FeatureSearch(LayerSnapshot snapshot, WorkingPlane plane) {
        this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
        this.plane = Objects.requireNonNull(plane, "plane");
    }

    /** All features that the query wants, in order of id. */
    public List<GeoFeature> find(FeatureQuery query) {
        if (query.isAll()) {
            return snapshot.features();
        }
        if (query.boxes().size() == 1 && query.bound().isEmpty() && query.ids().isEmpty()) {
            return inBox(query);
        }
        List<Area> areas = query.boxes().stream().map(Area::new).toList();
        List<GeoFeature> found = new ArrayList<>();
        for (GeoFeature candidate : candidates(query)) {
            if (touches(areas, candidate.geometry())
                    && (query.test().isEmpty() || query.test().get().test(candidate))) {
                found.add(candidate);
            }
        }
        return found;
    }

    /** A box may hold most of a city, and all of what it holds is to be counted: the places are looked through in a row. */
    private List<GeoFeature> inBox(FeatureQuery query) {
        Area area = new Area(query.boxes().get(0));
        List<GeoFeature> found = new ArrayList<>();
        snapshot.inBox(query.boxes().get(0), (feature, surely) -> {
            boolean inside = surely || area.touches(feature.geometry());
            if (inside && (query.test().isEmpty() || query.test().get().test(feature))) {
                found.add(feature);
            }
        });
        return found;
    }

    /** In order of id: everything that the query can want, and perhaps more. */
    Collection<GeoFeature> candidates(FeatureQuery query) {
        if (query.ids().isPresent()) {
            return query.ids().get().stream()
                    .sorted()
                    .flatMap(id -> snapshot.find(id).stream())
                    .toList();
        }
        List<Envelope> boxes = query.bound().map(List::of).orElse(query.boxes());
        if (boxes.isEmpty()) {
            return snapshot.features();
        }
        Set<String> seen = boxes.size() > 1 ? new HashSet<>() : null;
        List<GeoFeature> near = new ArrayList<>();
        SpatialIndex index = snapshot.index(plane);
        for (Envelope box : boxes) {
            Envelope reached = box.intersection(plane.reach());
            if (!reached.isNull()) {
                index.inBox(plane.toPlane(reached), (feature, onPlane) -> add(feature, seen, near));
            }
        }
        if (near.size() > snapshot.size() / ORDER_PAYS) {
            return snapshot.features();
        }
        index.leftOut().forEach(feature -> add(feature, seen, near));
        near.sort(Comparator.comparing(GeoFeature::id));
        return near;
    }

    private static void add(GeoFeature feature, Set<String> seen, List<GeoFeature> near) {
        if (seen == null || seen.add(feature.id())) {
            near.add(feature);
        }
    }

    private static boolean touches(List<Area> areas, Geometry geometry) {
        if (areas.isEmpty()) {
            return true;
        }
        for (Area area : areas) {
            if (area.touches(geometry)) {
                return true;
            }
        }
        return false;
    }

    private static final class Area {
        private final Envelope box;
        private final Geometry shape;

        Area(Envelope box) {
            this.box = box;
            this.shape = GEOMETRIES.toGeometry(box);
        }

        boolean touches(Geometry geometry) {
            if (geometry instanceof Point point) {
                return !point.isEmpty() && box.covers(point.getX(), point.getY());
            }
            Envelope other = geometry.getEnvelopeInternal();
            return box.covers(other) || box.intersects(other) && shape.intersects(geometry);
        }
    }
}
