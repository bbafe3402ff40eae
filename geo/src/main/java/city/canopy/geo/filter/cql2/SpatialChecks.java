package city.canopy.geo.filter.cql2;

import city.canopy.geo.filter.Truth;
import city.canopy.geo.filter.cql2.Value.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.operation.relateng.RelateNG;
import org.locationtech.jts.operation.relateng.RelatePredicate;
import org.locationtech.jts.operation.relateng.TopologyPredicate;

/** The spatial terms, for geometries of every type, collections included; judged on the plane of degrees. */
final class SpatialChecks {
    private static final Map<String, Supplier<TopologyPredicate>> RELATIONS = Map.of(
            "s_contains", RelatePredicate::contains,
            "s_crosses", RelatePredicate::crosses,
            "s_disjoint", RelatePredicate::disjoint,
            "s_equals", RelatePredicate::equalsTopo,
            "s_intersects", RelatePredicate::intersects,
            "s_overlaps", RelatePredicate::overlaps,
            "s_touches", RelatePredicate::touches,
            "s_within", RelatePredicate::within);

    /** What turning the two sides round makes of a relation; the others stay. */
    private static final Map<String, String> TURNED = Map.of("s_contains", "s_within", "s_within", "s_contains");

    private SpatialChecks() {}

    static Set<String> names() {
        return RELATIONS.keySet();
    }

    static Check compile(Term.Op op, Values values) throws Cql2Exception {
        List<Value> both = values.arguments(op, 2);
        Value left = Values.expect(both.get(0), Kind.SHAPE, op.args().get(0).place());
        Value right = Values.expect(both.get(1), Kind.SHAPE, op.args().get(1).place());
        if (left.constant() && !right.constant()) {
            return withLiteral(TURNED.getOrDefault(op.name(), op.name()), right, (Geometry) left.constantValue());
        }
        if (right.constant() && !left.constant()) {
            return withLiteral(op.name(), left, (Geometry) right.constantValue());
        }
        Supplier<TopologyPredicate> relation = RELATIONS.get(op.name());
        return Check.of(feature -> Truth.of(RelateNG.relate(
                (Geometry) left.of().apply(feature), (Geometry) right.of().apply(feature), relation.get())));
    }

    private static Check withLiteral(String name, Value own, Geometry literal) {
        boolean apart = name.equals("s_disjoint");
        Envelope box = literal.getEnvelopeInternal();
        BiPredicate<Geometry, Envelope> near = (geometry, other) -> other.intersects(geometry.getEnvelopeInternal());
        Supplier<TopologyPredicate> relation = RELATIONS.get(name);
        return new Check(
                feature -> {
                    Geometry geometry = (Geometry) own.of().apply(feature);
                    return near.test(geometry, box)
                            ? Truth.of(RelateNG.relate(geometry, literal, relation.get()))
                            : Truth.of(apart);
                },
                apart ? Optional.empty() : Optional.of(box),
                Optional.empty());
    }
}
