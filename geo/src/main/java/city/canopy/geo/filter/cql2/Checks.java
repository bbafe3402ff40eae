package city.canopy.geo.filter.cql2;

import city.canopy.geo.filter.LikePattern;
import city.canopy.geo.filter.Truth;
import city.canopy.geo.filter.cql2.Value.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** Compiles terms that hold or do not. For one filter. */
final class Checks {
    private static final Set<String> OPERATORS =
            Set.of("and", "or", "not", "=", "<>", "<", ">", "<=", ">=", "like", "between", "in", "isnull");

    private final Values values;

    Checks(Values values) {
        this.values = values;
    }

    /** Whether an operator or a function of this name holds or does not. */
    static boolean isCondition(String name) {
        return OPERATORS.contains(name) || SpatialChecks.names().contains(name) || name.startsWith("t_");
    }

    Check compile(Term term) throws Cql2Exception {
        if (term instanceof Term.Flag flag) {
            return Check.of(feature -> Truth.of(flag.value()));
        }
        if (term instanceof Term.Property property) {
            Value value = Values.expect(values.compile(property), Kind.FLAG, term.place());
            return Check.of(feature -> truth((Boolean) value.of().apply(feature)));
        }
        if (!(term instanceof Term.Op op)) {
            throw new Cql2Exception(term.place(), "expected is a condition, such as species = 'Bàng', not a value");
        }
        return switch (op.name()) {
            case "and" -> Check.all(parts(op));
            case "or" -> Check.any(parts(op));
            case "not" -> negated(op);
            case "=", "<>", "<", ">", "<=", ">=" -> comparison(op);
            case "like" -> like(op);
            case "between" -> between(op);
            case "in" -> in(op);
            case "isnull" -> isNull(op);
            default -> named(op);
        };
    }

    private static Truth truth(Boolean value) {
        return value == null ? Truth.UNKNOWN : Truth.of(value);
    }

    private List<Check> parts(Term.Op op) throws Cql2Exception {
        if (op.args().size() < 2) {
            throw new Cql2Exception(op.place(), "\"" + op.name() + "\" takes two or more conditions");
        }
        List<Check> parts = new ArrayList<>();
        for (Term part : op.args()) {
            parts.add(compile(part));
        }
        return parts;
    }

    private Check negated(Term.Op op) throws Cql2Exception {
        if (op.args().size() != 1) {
            throw new Cql2Exception(op.place(), "\"not\" takes one condition");
        }
        return compile(op.args().get(0)).not();
    }

    private Check named(Term.Op op) throws Cql2Exception {
        if (SpatialChecks.names().contains(op.name())) {
            return SpatialChecks.compile(op, values);
        }
        if (op.name().startsWith("t_")) {
            return temporal(op);
        }
        throw new Cql2Exception(
                op.place(),
                "\"" + op.name() + "\" is no condition; there are comparisons, LIKE, BETWEEN, IN, IS NULL, the S_ and"
                        + " the T_ functions");
    }

    private Check temporal(Term.Op op) throws Cql2Exception {
        Span.Relation relation;
        try {
            relation = Span.Relation.valueOf(op.name().substring(2).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Cql2Exception(op.place(), "there is no \"" + op.name() + "\"");
        }
        List<Value> both = values.arguments(op, 2);
        Value left = values.asTime(both.get(0), op.args().get(0).place());
        Value right = values.asTime(both.get(1), op.args().get(1).place());
        return Check.of(feature -> {
            Object a = left.of().apply(feature);
            Object b = right.of().apply(feature);
            return a == null || b == null ? Truth.UNKNOWN : Truth.of(relation.holds((Span) a, (Span) b));
        });
    }

    private Check comparison(Term.Op op) throws Cql2Exception {
        List<Value> both = values.arguments(op, 2);
        Value left = both.get(0);
        Value right = both.get(1);
        if (left.kind() == Kind.TIME || right.kind() == Kind.TIME) {
            left = values.asTime(left, op.args().get(0).place());
            right = values.asTime(right, op.args().get(1).place());
        }
        Check check = compared(op, left, right);
        Value one = left;
        Value other = right;
        return op.name().equals("=")
                ? new Check(check.of(), Optional.empty(), id(one, other).or(() -> id(other, one)))
                : check;
    }

    /** The only id that can be equal to a text, if a value is the feature's id and the other is known beforehand. */
    private Optional<Set<String>> id(Value value, Value other) {
        return Values.ID.equals(value.property()) && !values.hasOwnId() && other.constant()
                ? Optional.of(Set.of(String.valueOf(other.constantValue())))
                : Optional.empty();
    }

    private static Check compared(Term.Op op, Value left, Value right) throws Cql2Exception {
        Values.expect(right, left.kind(), op.args().get(1).place());
        if (left.kind() == Kind.SHAPE) {
            throw new Cql2Exception(op.place(), "geometries are compared with S_EQUALS");
        }
        IntPredicate holds = switch (op.name()) {
            case "=" -> order -> order == 0;
            case "<>" -> order -> order != 0;
            case "<" -> order -> order < 0;
            case ">" -> order -> order > 0;
            case "<=" -> order -> order <= 0;
            default -> order -> order >= 0;
        };
        return Check.of(feature -> {
            Object a = left.of().apply(feature);
            Object b = right.of().apply(feature);
            return a == null || b == null ? Truth.UNKNOWN : Truth.of(holds.test(order(a, b)));
        });
    }

    private static int order(Object a, Object b) {
        if (a instanceof Double number) {
            // By value: 0 and -0 are the same.
            double other = (Double) b;
            return number < other ? -1 : number > other ? 1 : 0;
        } else if (a instanceof Boolean flag) {
            return flag.compareTo((Boolean) b);
        } else if (a instanceof Span span) {
            int starts = span.start().compareTo(((Span) b).start());
            return starts != 0 ? starts : span.end().compareTo(((Span) b).end());
        }
        return ((String) a).compareTo((String) b);
    }

    private Check like(Term.Op op) throws Cql2Exception {
        List<Value> both = values.arguments(op, 2);
        Value value = Values.expect(both.get(0), Kind.TEXT, op.args().get(0).place());
        Value pattern = Values.expect(both.get(1), Kind.TEXT, op.args().get(1).place());
        if (!pattern.constant()) {
            throw new Cql2Exception(op.args().get(1).place(), "the pattern of LIKE is a text, not a property");
        }
        LikePattern compiled = new LikePattern(String.valueOf(pattern.constantValue()), true);
        return Check.of(feature -> {
            Object text = value.of().apply(feature);
            return text == null ? Truth.UNKNOWN : Truth.of(compiled.matches(text.toString()));
        });
    }

    private Check between(Term.Op op) throws Cql2Exception {
        if (op.args().size() != 3) {
            throw new Cql2Exception(op.place(), "\"between\" takes a value and two bounds");
        }
        Term value = op.args().get(0);
        return Check.all(List.of(
                comparison(new Term.Op(">=", List.of(value, op.args().get(1)), op.place())),
                comparison(new Term.Op("<=", List.of(value, op.args().get(2)), op.place()))));
    }

    private Check in(Term.Op op) throws Cql2Exception {
        if (op.args().size() != 2
                || !(op.args().get(1) instanceof Term.Items items)
                || items.items().isEmpty()) {
            throw new Cql2Exception(op.place(), "\"in\" takes a value and a list that is not empty");
        }
        if (items.items().size() > Cql2Filter.MAX_ITEMS) {
            throw new Cql2Exception(items.place(), "a list has at most " + Cql2Filter.MAX_ITEMS + " values");
        }
        List<Check> each = new ArrayList<>();
        for (Term item : items.items()) {
            each.add(comparison(new Term.Op("=", List.of(op.args().get(0), item), item.place())));
        }
        return Check.any(each);
    }

    private Check isNull(Term.Op op) throws Cql2Exception {
        Value value = values.arguments(op, 1).get(0);
        return Check.of(feature -> Truth.of(value.of().apply(feature) == null));
    }
}
