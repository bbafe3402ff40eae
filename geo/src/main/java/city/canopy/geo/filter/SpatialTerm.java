package city.canopy.geo.filter;

import java.util.Objects;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * One spatial question of a condition: the place in its relation to some of a layer's features, or to a geometry. Two
 * terms are equal when they ask the same; answers are kept by term.
 *
 * @param relation how the place is to lie
 * @param target what it is compared with
 * @param meters the distance of DWITHIN and BEYOND, 0 to {@value #MAX_METERS}; 0 for the others
 */
record SpatialTerm(Relation relation, Target target, double meters) {
    static final double MAX_METERS = 50_000;

    SpatialTerm {
        Objects.requireNonNull(relation, "relation");
        Objects.requireNonNull(target, "target");
        if (!(meters >= 0 && meters <= MAX_METERS)) {
            throw new IllegalArgumentException("a distance must be 0 to " + (int) MAX_METERS + " m");
        }
    }

    /** How a place may lie. Against a layer it is enough that it lies so to one feature; DISJOINT and BEYOND mean all. */
    enum Relation {
        INTERSECTS,
        DISJOINT,
        WITHIN,
        CONTAINS,
        DWITHIN,
        BEYOND
    }

    sealed interface Target {}

    /** The features of a layer for which the condition holds, or all of them. */
    record OfLayer(String layer, Optional<Condition> which) implements Target {}

    /** A geometry in lon/lat, written in the condition. */
    record Literal(Geometry lonLat) implements Target {}
}
