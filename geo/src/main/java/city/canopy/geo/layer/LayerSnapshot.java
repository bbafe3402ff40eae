package city.canopy.geo.layer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One layer at one moment, whole and immutable. */
public final class LayerSnapshot {
    private final String layer;
    private final long version;
    private final Map<String, GeoFeature> byId = new LinkedHashMap<>();

    /**
     * @param layer the layer's name
     * @param version grows with every change of the layer; two snapshots of one version are the same
     * @param features all of its features
     */
    public LayerSnapshot(String layer, long version, Collection<GeoFeature> features) {
        this.layer = Objects.requireNonNull(layer, "layer");
        this.version = version;
        for (GeoFeature feature : features) {
            byId.put(feature.id(), feature);
        }
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
        return java.util.Collections.unmodifiableCollection(byId.values());
    }

    public int size() {
        return byId.size();
    }
}
