package city.canopy.geo.layer;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.filter.MetricFilters;
import city.canopy.geo.filter.Spatial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.geotools.api.data.FeatureReader;
import org.geotools.api.data.Query;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.feature.simple.SimpleFeatureType;
import org.geotools.api.feature.type.AttributeDescriptor;
import org.geotools.api.filter.And;
import org.geotools.api.filter.Filter;
import org.geotools.api.filter.Id;
import org.geotools.api.filter.sort.SortBy;
import org.geotools.data.DataUtilities;
import org.geotools.data.collection.ListFeatureCollection;
import org.geotools.data.simple.DelegateSimpleFeatureReader;
import org.geotools.data.store.ContentEntry;
import org.geotools.data.store.ContentFeatureSource;
import org.geotools.feature.simple.SimpleFeatureBuilder;
import org.geotools.feature.simple.SimpleFeatureTypeBuilder;
import org.geotools.filter.visitor.ExtractBoundsFilterVisitor;
import org.geotools.geometry.jts.ReferencedEnvelope;
import org.locationtech.jts.geom.Envelope;

/** One layer for GeoTools: it filters by the layer's index, and sorts and limits in memory. */
final class LayerFeatureSource extends ContentFeatureSource {
    private final LayerSource layers;
    private final WorkingPlane plane;
    private final Spatial spatial;

    LayerFeatureSource(ContentEntry entry, LayerSource layers, WorkingPlane plane, Spatial spatial) {
        super(entry, Query.ALL);
        this.layers = layers;
        this.plane = plane;
        this.spatial = spatial;
    }

    private LayerSnapshot snapshot() {
        return layers.snapshot(entry.getTypeName());
    }

    @Override
    protected SimpleFeatureType buildFeatureType() {
        LayerSchema schema = snapshot().schema();
        SimpleFeatureTypeBuilder type = new SimpleFeatureTypeBuilder();
        type.setName(entry.getName());
        type.setCRS(Crs.LON_LAT);
        type.add("geometry", schema.geometry());
        type.setDefaultGeometry("geometry");
        for (LayerSchema.Attribute attribute : schema.attributes()) {
            type.nillable(true).add(attribute.name(), attribute.kind().type());
        }
        return type.buildFeatureType();
    }

    @Override
    protected boolean canFilter(Query query) {
        return true;
    }

    @Override
    protected boolean canSort(Query query) {
        return true;
    }

    @Override
    protected boolean canLimit(Query query) {
        return true;
    }

    @Override
    protected boolean canOffset(Query query) {
        return true;
    }

    @Override
    protected FeatureReader<SimpleFeatureType, SimpleFeature> getReaderInternal(Query query) {
        ListFeatureCollection found = new ListFeatureCollection(getSchema(), matching(query));
        return new DelegateSimpleFeatureReader(getSchema(), found.features());
    }

    @Override
    protected int getCountInternal(Query query) {
        return matching(query).size();
    }

    @Override
    protected ReferencedEnvelope getBoundsInternal(Query query) {
        ReferencedEnvelope bounds = new ReferencedEnvelope(Crs.LON_LAT);
        for (SimpleFeature feature : matching(query)) {
            bounds.expandToInclude(new ReferencedEnvelope(feature.getBounds()));
        }
        return bounds;
    }

    private List<SimpleFeature> matching(Query query) {
        Filter filter = MetricFilters.measured(query.getFilter(), spatial);
        SimpleFeatureBuilder builder = new SimpleFeatureBuilder(getSchema());
        List<SimpleFeature> found = new ArrayList<>();
        for (GeoFeature candidate : candidates(filter)) {
            SimpleFeature feature = build(builder, candidate);
            if (filter.evaluate(feature)) {
                found.add(feature);
            }
        }
        sort(found, query.getSortBy());
        int from = query.getStartIndex() == null ? 0 : Math.min(found.size(), query.getStartIndex());
        int to = (int) Math.min(found.size(), (long) from + query.getMaxFeatures());
        return found.subList(from, to);
    }

    private static void sort(List<SimpleFeature> features, SortBy[] order) {
        Comparator<SimpleFeature> comparator = null;
        for (SortBy by : order == null ? new SortBy[0] : order) {
            Comparator<SimpleFeature> next = DataUtilities.sortComparator(by);
            comparator = comparator == null ? next : comparator.thenComparing(next);
        }
        if (comparator != null) {
            features.sort(comparator);
        }
    }

    private SimpleFeature build(SimpleFeatureBuilder builder, GeoFeature feature) {
        builder.add(feature.geometry());
        for (AttributeDescriptor attribute :
                getSchema().getAttributeDescriptors().subList(1, getSchema().getAttributeCount())) {
            Object value = feature.properties().get(attribute.getLocalName());
            builder.add(cast(value, attribute.getType().getBinding()));
        }
        return builder.buildFeature(feature.id());
    }

    private static Object cast(Object value, Class<?> type) {
        for (LayerSchema.Kind kind : LayerSchema.Kind.values()) {
            if (kind.type() == type) {
                return kind.cast(value);
            }
        }
        throw new IllegalStateException("no kind of attribute is held by " + type);
    }

    /** Everything that the filter can be true for, and perhaps more. */
    private Collection<GeoFeature> candidates(Filter filter) {
        LayerSnapshot snapshot = snapshot();
        Optional<Set<String>> ids = ids(filter);
        if (ids.isPresent()) {
            return ids.get().stream().flatMap(id -> snapshot.find(id).stream()).toList();
        }
        Envelope box = (Envelope) filter.accept(ExtractBoundsFilterVisitor.BOUNDS_VISITOR, null);
        if (box == null || !plane.reaches(box)) {
            return snapshot.features();
        }
        List<GeoFeature> candidates = new ArrayList<>(snapshot.index(plane).leftOut());
        snapshot.index(plane).inBox(plane.toPlane(box), (feature, onPlane) -> candidates.add(feature));
        return candidates;
    }

    private static Optional<Set<String>> ids(Filter filter) {
        if (filter instanceof Id id) {
            Set<String> ids = new LinkedHashSet<>();
            id.getIDs().forEach(one -> ids.add(String.valueOf(one)));
            return Optional.of(ids);
        }
        if (filter instanceof And and) {
            return and.getChildren().stream()
                    .map(LayerFeatureSource::ids)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return Optional.empty();
    }
}
