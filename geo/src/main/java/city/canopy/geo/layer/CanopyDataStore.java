package city.canopy.geo.layer;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.filter.Spatial;
import java.util.List;
import java.util.Objects;
import org.geotools.api.feature.type.Name;
import org.geotools.data.store.ContentDataStore;
import org.geotools.data.store.ContentEntry;
import org.geotools.data.store.ContentFeatureSource;
import org.geotools.feature.NameImpl;

/**
 * All layers as feature sources of GeoTools, to be read only. Any filter works; boxes, distances and ids are answered by the
 * layer's index, and DWITHIN and BEYOND are measured in metres (see {@link city.canopy.geo.filter.MetricFilters}). Features
 * bear their ids, coordinates are lon/lat.
 *
 * <p>Holds nothing that needs closing. A type is settled when it is first asked for, so make a store for a piece of work
 * rather than for ever; the features are those of the moment of each query. Any thread.
 */
public final class CanopyDataStore extends ContentDataStore {
    private final LayerSource layers;
    private final WorkingPlane plane;
    private final Spatial spatial;

    public CanopyDataStore(LayerSource layers, WorkingPlane plane) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.plane = Objects.requireNonNull(plane, "plane");
        this.spatial = new Spatial(layers, plane);
    }

    @Override
    protected List<Name> createTypeNames() {
        return layers.names().stream()
                .sorted()
                .map(name -> (Name) new NameImpl(name))
                .toList();
    }

    @Override
    protected ContentFeatureSource createFeatureSource(ContentEntry entry) {
        return new LayerFeatureSource(entry, layers, plane, spatial);
    }
}
