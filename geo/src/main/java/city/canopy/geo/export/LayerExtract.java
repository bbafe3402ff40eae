package city.canopy.geo.export;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.layer.AttributeKind;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.Wkb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.TransformException;
import org.geotools.geometry.jts.JTS;
import org.locationtech.jts.geom.Geometry;

/**
 * What is written of a layer into a file: its features in one coordinate system, and what their attributes are. Immutable;
 * geometries are brought to the system one by one while they are gone through.
 */
public final class LayerExtract {
    /** Longitude and latitude on WGS 84. */
    public static final String LON_LAT = "EPSG:4326";

    private final String layer;
    private final String crs;
    private final Collection<GeoFeature> features;
    private final List<Attribute> attributes;
    private final TreeSet<String> shapes = new TreeSet<>();
    private final MathTransform toCrs;
    private final boolean hasHeights;

    /** An attribute by its name in the layer; names are told apart by capitals too. */
    public record Attribute(String name, AttributeKind kind) {
        public Attribute {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(kind, "kind");
        }
    }

    /**
     * @param crs a code such as {@code EPSG:9213}
     * @throws UnknownCrsException when there is no such system, or no exact way to it
     */
    public LayerExtract(String layer, Collection<GeoFeature> features, String crs) {
        this.layer = Objects.requireNonNull(layer, "layer");
        this.crs = crs.strip().toUpperCase(java.util.Locale.ROOT);
        this.features = features;
        this.toCrs = this.crs.equals(LON_LAT) ? null : Crs.transform(Crs.LON_LAT, Crs.get(this.crs));
        Map<String, AttributeKind> kinds = new LinkedHashMap<>();
        boolean heights = false;
        for (GeoFeature feature : features) {
            shapes.add(feature.geometry().getGeometryType());
            heights = heights || Wkb.hasHeights(feature.geometry());
            feature.properties().forEach((name, value) -> add(kinds, name, value));
        }
        this.hasHeights = heights;
        List<Attribute> list = new ArrayList<>();
        kinds.forEach((name, kind) -> list.add(new Attribute(name, kind == null ? AttributeKind.TEXT : kind)));
        this.attributes = List.copyOf(list);
    }

    private static void add(Map<String, AttributeKind> kinds, String name, Object value) {
        AttributeKind before = kinds.get(name);
        if (value == null) {
            kinds.putIfAbsent(name, null);
        } else {
            AttributeKind one = AttributeKind.of(value);
            kinds.put(name, before == null ? one : before.and(one));
        }
    }

    public String layer() {
        return layer;
    }

    /** The code of the coordinate system, such as {@code EPSG:4326}. */
    public String crs() {
        return crs;
    }

    /** In the order in which they first come. */
    public List<Attribute> attributes() {
        return attributes;
    }

    /** The types of geometry that there are, by the names of the standard, such as {@code MultiPolygon}. */
    public TreeSet<String> shapes() {
        return new TreeSet<>(shapes);
    }

    /** Whether any geometry has heights. */
    public boolean hasHeights() {
        return hasHeights;
    }

    public int size() {
        return features.size();
    }

    /**
     * The features with their geometries in the coordinate system, easting or longitude first. May be gone through more
     * than once.
     *
     * @throws IllegalStateException while going through, at a feature that the coordinate system does not reach
     */
    public Iterable<GeoFeature> features() {
        return () -> {
            Iterator<GeoFeature> all = features.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public GeoFeature next() {
                    return moved(all.next());
                }
            };
        };
    }

    private GeoFeature moved(GeoFeature feature) {
        if (toCrs == null) {
            return feature;
        }
        try {
            Geometry there = JTS.transform(feature.geometry(), toCrs);
            return new GeoFeature(feature.layer(), feature.id(), there, feature.properties(), feature.version());
        } catch (TransformException e) {
            throw new IllegalStateException(
                    "feature " + feature.id() + " cannot be brought to " + crs + "; choose a system of its area", e);
        }
    }
}
