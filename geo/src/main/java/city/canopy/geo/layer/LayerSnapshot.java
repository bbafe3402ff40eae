package city.canopy.geo.layer;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.SpatialIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Point;

/**
 * One layer at one moment, whole and immutable, with its spatial index, which is made when it is first asked for. May be
 * read by any number of threads.
 */
public final class LayerSnapshot {
    private final String layer;
    private final long version;
    /** In order of id, each id once. */
    private final GeoFeature[] sorted;

    private final Object making = new Object();
    private boolean declared;
    private volatile LayerSchema schema;
    private volatile SpatialIndex index;
    private volatile double[] places;

    /**
     * @param layer the layer's name
     * @param version grows with every change of the layer; two snapshots of one version are the same
     * @param features all of its features; of two with one id the later counts
     */
    public LayerSnapshot(String layer, long version, Collection<GeoFeature> features) {
        this(layer, version, inOrder(features));
    }

    private LayerSnapshot(String layer, long version, GeoFeature[] sorted) {
        this.layer = Objects.requireNonNull(layer, "layer");
        this.version = version;
        this.sorted = sorted;
    }

    /** The same with a declared schema; what does not fit it is read as missing by GeoTools. */
    public LayerSnapshot(String layer, long version, Collection<GeoFeature> features, LayerSchema schema) {
        this(layer, version, features);
        this.schema = Objects.requireNonNull(schema, "schema");
        this.declared = true;
    }

    public String layer() {
        return layer;
    }

    public long version() {
        return version;
    }

    public Optional<GeoFeature> find(String id) {
        int place = place(sorted, id);
        return place < 0 ? Optional.empty() : Optional.of(sorted[place]);
    }

    /** All features, in order of id. */
    public List<GeoFeature> features() {
        return Collections.unmodifiableList(Arrays.asList(sorted));
    }

    /** The features whose ids come after a text, in order of id; that text need not be an id. */
    public List<GeoFeature> after(String id) {
        int place = place(sorted, id);
        return features().subList(place < 0 ? -place - 1 : place + 1, sorted.length);
    }

    public int size() {
        return sorted.length;
    }

    /** Takes what lies in a box. */
    @FunctionalInterface
    public interface InBox {
        /** @param surely whether the feature itself touches the box; else only its bounding box is known to */
        void accept(GeoFeature feature, boolean surely);
    }

    /** Hands over the features whose bounding boxes touch a box, lon/lat, in order of id. Reads a position for each feature. */
    public void inBox(Envelope box, InBox found) {
        double[] places = places();
        for (int i = 0; i < sorted.length; i++) {
            double lon = places[2 * i];
            if (lon >= box.getMinX() && lon <= box.getMaxX()) {
                double lat = places[2 * i + 1];
                if (lat >= box.getMinY() && lat <= box.getMaxY()) {
                    found.accept(sorted[i], true);
                }
            } else if (Double.isNaN(lon)
                    && sorted[i].geometry().getEnvelopeInternal().intersects(box)) {
                found.accept(sorted[i], false);
            }
        }
    }

    /** Longitude and latitude of each point, one after the other, as they are looked through often; NaN for others. */
    private double[] places() {
        double[] made = places;
        if (made == null) {
            made = new double[2 * sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                boolean isPlace = sorted[i].geometry() instanceof Point point && !point.isEmpty();
                made[2 * i] = isPlace ? ((Point) sorted[i].geometry()).getX() : Double.NaN;
                made[2 * i + 1] = isPlace ? ((Point) sorted[i].geometry()).getY() : Double.NaN;
            }
            places = made;
        }
        return made;
    }

    /**
     * The layer after an edit.
     *
     * @param version the version that it is then
     * @param states new features, and new states of those that are there; each id once
     * @param removed ids of those that are gone
     */
    public LayerSnapshot with(long version, Collection<GeoFeature> states, Collection<String> removed) {
        GeoFeature[] changed = inOrder(states);
        Set<String> gone = new HashSet<>(removed);
        List<GeoFeature> merged = new ArrayList<>(sorted.length + changed.length);
        int next = 0;
        for (GeoFeature old : sorted) {
            while (next < changed.length && changed[next].id().compareTo(old.id()) < 0) {
                merged.add(changed[next++]);
            }
            if (next < changed.length && changed[next].id().equals(old.id())) {
                merged.add(changed[next++]);
            } else if (!gone.contains(old.id())) {
                merged.add(old);
            }
        }
        merged.addAll(Arrays.asList(changed).subList(next, changed.length));
        LayerSnapshot after = new LayerSnapshot(layer, version, merged.toArray(GeoFeature[]::new));
        after.declared = declared;
        after.schema = declared ? schema : null;
        return after;
    }

    private static GeoFeature[] inOrder(Collection<GeoFeature> features) {
        GeoFeature[] all = features.toArray(GeoFeature[]::new);
        // Stable, and next to nothing where they come in order.
        Arrays.sort(all, Comparator.comparing(GeoFeature::id));
        int kept = 0;
        for (int i = 0; i < all.length; i++) {
            boolean again = kept > 0 && all[kept - 1].id().equals(all[i].id());
            all[again ? kept - 1 : kept++] = all[i];
        }
        return kept == all.length ? all : Arrays.copyOf(all, kept);
    }

    /** As {@link Arrays#binarySearch} has it. */
    private static int place(GeoFeature[] sorted, String id) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted[middle].id().compareTo(id);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The declared schema, else the one that all features fit. */
    public LayerSchema schema() {
        LayerSchema known = schema;
        if (known == null) {
            known = LayerSchema.of(features());
            schema = known;
        }
        return known;
    }

    /**
     * The index of all features on a plane. The first call makes it, which takes up to a second for a city; it is kept for
     * that plane, so use one plane.
     */
    public SpatialIndex index(WorkingPlane plane) {
        SpatialIndex made = index;
        if (made != null && made.plane().equals(plane)) {
            return made;
        }
        synchronized (making) {
            if (index == null || !index.plane().equals(plane)) {
                index = SpatialIndex.of(features(), plane);
            }
            return index;
        }
    }
}
