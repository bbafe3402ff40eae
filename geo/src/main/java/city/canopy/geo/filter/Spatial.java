package city.canopy.geo.filter;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.index.SpatialIndex;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * Judges the spatial terms of conditions, in the metres of the working plane. Used by any number of threads.
 *
 * <p>The answer for a feature is kept until the feature or the layer that it is compared with has another version; at most
 * {@value #MAX_KEPT} answers are kept, then all are forgotten at once. Answers for a bare position are not kept.
 */
public final class Spatial {
    /** The most answers that are kept, about 100 bytes each. */
    public static final int MAX_KEPT = 500_000;

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final LayerSource layers;
    private final WorkingPlane plane;
    private final ConcurrentMap<Question, Answer> kept = new ConcurrentHashMap<>();

    public Spatial(LayerSource layers, WorkingPlane plane) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.plane = Objects.requireNonNull(plane, "plane");
    }

    /** How many answers are kept at present. */
    public int kept() {
        return kept.size();
    }

    Truth test(SpatialTerm term, Scope scope) {
        GeoFeature feature = scope.featureOrNull();
        if (feature != null) {
            return test(term, feature);
        }
        Coordinate position = scope.positionOrNull();
        if (position == null) {
            return Truth.UNKNOWN;
        }
        return test(term, GEOMETRIES.createPoint(position));
    }

    /** The answer for a geometry in lon/lat, which is not kept. */
    Truth test(SpatialTerm term, Geometry lonLat) {
        Optional<LayerSnapshot> layer = layer(term);
        return layer.isEmpty() && term.target() instanceof SpatialTerm.OfLayer
                ? Truth.UNKNOWN
                : judge(term, lonLat, layer);
    }

    private Truth test(SpatialTerm term, GeoFeature feature) {
        Optional<LayerSnapshot> layer = layer(term);
        if (layer.isEmpty() && term.target() instanceof SpatialTerm.OfLayer) {
            return Truth.UNKNOWN;
        }
        long layerVersion = layer.map(LayerSnapshot::version).orElse(0L);
        Question question = new Question(term, feature.layer(), feature.id());
        Answer answer = kept.get(question);
        if (answer == null || answer.featureVersion != feature.version() || answer.layerVersion != layerVersion) {
            answer = new Answer(feature.version(), layerVersion, judge(term, feature.geometry(), layer));
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(question, answer);
        }
        return answer.truth;
    }

    WorkingPlane plane() {
        return plane;
    }

    private Optional<LayerSnapshot> layer(SpatialTerm term) {
        return term.target() instanceof SpatialTerm.OfLayer of && layers.names().contains(of.layer())
                ? Optional.of(layers.snapshot(of.layer()))
                : Optional.empty();
    }

    private Truth judge(SpatialTerm term, Geometry lonLat, Optional<LayerSnapshot> layer) {
        if (!plane.reaches(lonLat.getEnvelopeInternal())) {
            return Truth.UNKNOWN;
        }
        Geometry place = plane.toPlane(lonLat);
        if (term.target() instanceof SpatialTerm.OfLayer of) {
            return against(term, place, of, layer.orElseThrow());
        }
        return against(term, place, (SpatialTerm.Literal) term.target());
    }

    private Truth against(SpatialTerm term, Geometry place, SpatialTerm.Literal literal) {
        Geometry other = literal.lonLat();
        if (!plane.reaches(other.getEnvelopeInternal())) {
            return Truth.UNKNOWN;
        }
        return Truth.of(holds(term, place, plane.toPlane(other)));
    }

    /** DISJOINT and BEYOND speak about all features of the layer, the others about any. */
    private Truth against(SpatialTerm term, Geometry place, SpatialTerm.OfLayer of, LayerSnapshot layer) {
        boolean all =
                term.relation() == SpatialTerm.Relation.DISJOINT || term.relation() == SpatialTerm.Relation.BEYOND;
        SpatialIndex index = layer.index(plane);
        Envelope box = new Envelope(place.getEnvelopeInternal());
        box.expandBy(term.meters());
        boolean[] found = new boolean[1];
        index.inBox(box, (feature, onPlane) -> {
            if (!found[0]
                    && holds(term, place, onPlane) != all
                    && (of.which().isEmpty() || of.which().get().holds(new OfFeature(feature, this)))) {
                found[0] = true;
            }
        });
        return Truth.of(found[0] != all);
    }

    private static boolean holds(SpatialTerm term, Geometry place, Geometry other) {
        return switch (term.relation()) {
            case INTERSECTS -> place.intersects(other);
            case DISJOINT -> !place.intersects(other);
            case WITHIN -> place.within(other);
            case CONTAINS -> place.contains(other);
            case DWITHIN -> place.isWithinDistance(other, term.meters());
            case BEYOND -> !place.isWithinDistance(other, term.meters());
        };
    }

    private record Question(SpatialTerm term, String layer, String feature) {}

    private record Answer(long featureVersion, long layerVersion, Truth truth) {}

    /** A feature of the layer that is looked at, for the condition inside layer(…). */
    private record OfFeature(GeoFeature feature, Spatial spatial) implements Scope {
        @Override
        public Object value(String name) {
            return feature.properties().get(name);
        }

        @Override
        public GeoFeature featureOrNull() {
            return feature;
        }
    }
}
