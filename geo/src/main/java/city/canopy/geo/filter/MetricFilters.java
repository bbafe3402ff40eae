package city.canopy.geo.filter;

import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.filter.Filter;
import org.geotools.api.filter.FilterFactory;
import org.geotools.api.filter.FilterVisitor;
import org.geotools.api.filter.spatial.Beyond;
import org.geotools.api.filter.spatial.BinarySpatialOperator;
import org.geotools.api.filter.spatial.Contains;
import org.geotools.api.filter.spatial.DWithin;
import org.geotools.api.filter.spatial.Disjoint;
import org.geotools.api.filter.spatial.Intersects;
import org.geotools.api.filter.spatial.Within;
import org.geotools.factory.CommonFactoryFinder;
import org.geotools.filter.visitor.DuplicatingFilterVisitor;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/**
 * Makes filters of GeoTools right for lon/lat data. GeoTools itself takes the distance of DWITHIN and BEYOND in the units of
 * the coordinates, which are degrees; here they are replaced by terms that are measured in the working plane, and so is
 * whatever looks at {@code layer(…)}. Stateless, any thread.
 */
public final class MetricFilters {
    private static final FilterFactory FILTERS = CommonFactoryFinder.getFilterFactory();
    /** Metres in a degree of latitude at the least; a degree of longitude has fewer, by the cosine of the latitude. */
    private static final double METERS_PER_DEGREE = 110_500;

    private MetricFilters() {}

    /**
     * A copy of a filter with its distances in metres.
     *
     * @throws IllegalArgumentException when a distance or a layer in it cannot be understood; the message says why
     */
    public static Filter measured(Filter filter, Spatial spatial) {
        return (Filter) filter.accept(new Rewriter(spatial), null);
    }

    private static final class Rewriter extends DuplicatingFilterVisitor {
        private final Spatial spatial;

        Rewriter(Spatial spatial) {
            super(FILTERS);
            this.spatial = spatial;
        }

        @Override
        public Object visit(DWithin filter, Object extraData) {
            return placed(filter);
        }

        @Override
        public Object visit(Beyond filter, Object extraData) {
            return placed(filter);
        }

        @Override
        public Object visit(Intersects filter, Object extraData) {
            return looksAtLayer(filter) ? placed(filter) : super.visit(filter, extraData);
        }

        @Override
        public Object visit(Disjoint filter, Object extraData) {
            return looksAtLayer(filter) ? placed(filter) : super.visit(filter, extraData);
        }

        @Override
        public Object visit(Within filter, Object extraData) {
            return looksAtLayer(filter) ? placed(filter) : super.visit(filter, extraData);
        }

        @Override
        public Object visit(Contains filter, Object extraData) {
            return looksAtLayer(filter) ? placed(filter) : super.visit(filter, extraData);
        }

        private static boolean looksAtLayer(BinarySpatialOperator filter) {
            return filter.getExpression2() instanceof LayerFunction;
        }

        private Filter placed(BinarySpatialOperator filter) {
            try {
                return new Placed(new SpatialReader(part -> 0).read(filter), spatial);
            } catch (ConditionException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /** A spatial term as a filter. To visitors it shows a box in lon/lat that holds all it can be true for. */
    private record Placed(SpatialTerm term, Spatial spatial) implements Filter {
        @Override
        public boolean evaluate(Object object) {
            return object instanceof SimpleFeature feature
                    && feature.getDefaultGeometry() instanceof Geometry geometry
                    && spatial.test(term, geometry) == Truth.TRUE;
        }

        @Override
        public Object accept(FilterVisitor visitor, Object extraData) {
            if (term.relation() == SpatialTerm.Relation.DWITHIN
                    && term.target() instanceof SpatialTerm.Literal literal) {
                Envelope box = new Envelope(literal.lonLat().getEnvelopeInternal());
                double latDegrees = term.meters() / METERS_PER_DEGREE;
                double farthest = Math.max(Math.abs(box.getMinY()), Math.abs(box.getMaxY())) + latDegrees;
                double lonDegrees = farthest >= 89 ? 360 : latDegrees / Math.cos(Math.toRadians(farthest));
                box.expandBy(lonDegrees * 1.01, latDegrees * 1.01);
                return FILTERS.bbox("", box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY(), null)
                        .accept(visitor, extraData);
            }
            return Filter.INCLUDE.accept(visitor, extraData);
        }
    }
}
