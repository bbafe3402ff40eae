package city.canopy.geo.layer;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.SpatialIndex;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One layer at one moment, whole and immutable, with its spatial index, which is made when it is first asked for. May be
 * read by any number of threads.
 */
public final class LayerSnapshot {
    private final String layer;
    private final long version;
    private final Map<String, GeoFeature> byId = new LinkedHashMap<>();
    private volatile LayerSchema schema;
    private volatile SpatialIndex index;

    /**
     * @param layer the layer's name
     * @param version grows with every change of the layer; two snapshots of one version are the same
     * @param features all of its features; of two with one id the later counts
     */
    public LayerSnapshot(String layer, long version, Collection<GeoFeature> features) {
        this.layer = Objects.requireNonNull(layer, "layer");
        this.version = version;
        for (GeoFeature feature : features) {
            byId.put(feature.id(), feature);
        }
    }

    /** The same with a declared schema; what does not fit it is read as missing by GeoTools. */
    public LayerSnapshot(String layer, long version, Collection<GeoFeature> features, LayerSchema schema) {
        this(layer, version, features);
        this.schema = Objects.requireNonNull(schema, "schema");
    }

    public String layer() {
        return layer;
    }

    public long version() {
        return version;
    }

    public Optional<GeoFeature> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<GeoFeature> features() {
        return Collections.unmodifiableCollection(byId.values());
    }

    public int size() {
        return byId.size();
    }

    /** The declared schema, else the one that all features fit. */
    public LayerSchema schema() {
        LayerSchema known = schema;
        if (known == null) {
            known = LayerSchema.of(byId.values());
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
        synchronized (byId) {
            if (index == null || !index.plane().equals(plane)) {
                index = SpatialIndex.of(byId.values(), plane);
            }
            return index;
        }
    }
}
