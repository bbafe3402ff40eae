package city.canopy.geo.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** Layers held in memory for tests; every change of a layer raises its version. */
public final class MemoryLayers implements LayerSource {
    private final Map<String, LayerSnapshot> snapshots = new ConcurrentHashMap<>();
    private long version;

    public MemoryLayers with(String layer, GeoFeature... features) {
        return with(layer, Arrays.asList(features));
    }

    public synchronized MemoryLayers with(String layer, List<GeoFeature> features) {
        snapshots.put(layer, new LayerSnapshot(layer, ++version, features));
        return this;
    }

    @Override
    public Set<String> names() {
        return snapshots.keySet();
    }

    @Override
    public LayerSnapshot snapshot(String layer) {
        LayerSnapshot snapshot = snapshots.get(layer);
        if (snapshot == null) {
            throw new IllegalArgumentException("no layer " + layer);
        }
        return snapshot;
    }

    public static GeoFeature feature(String layer, String id, String wkt, Map<String, Object> properties) {
        return new GeoFeature(layer, id, geometry(wkt), properties, 1);
    }

    public static GeoFeature feature(String layer, String id, String wkt) {
        return feature(layer, id, wkt, Map.of());
    }

    public static Geometry geometry(String wkt) {
        try {
            return new WKTReader().read(wkt);
        } catch (ParseException e) {
            throw new IllegalArgumentException(wkt, e);
        }
    }
}
