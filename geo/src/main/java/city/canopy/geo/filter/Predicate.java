package city.canopy.geo.filter;

import java.util.List;

/** A node of a compiled condition that answers true, false or unknown. Immutable. */
sealed interface Predicate {
    Truth test(Scope scope);

    /** The same answer always. */
    record Fixed(Truth answer) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            return answer;
        }
    }

    /** AND: false as soon as one part is false; true when all are. */
    final class All implements Predicate {
        private final Predicate[] parts;

        All(List<Predicate> parts) {
            this.parts = parts.toArray(new Predicate[0]);
        }

        @Override
        public Truth test(Scope scope) {
            Truth answer = Truth.TRUE;
            for (Predicate part : parts) {
                Truth truth = part.test(scope);
                if (truth == Truth.FALSE) {
                    return Truth.FALSE;
                }
                if (truth == Truth.UNKNOWN) {
                    answer = Truth.UNKNOWN;
                }
            }
            return answer;
        }
    }

    /** OR: true as soon as one part is true; false when all are. */
    final class Any implements Predicate {
        private final Predicate[] parts;

        Any(List<Predicate> parts) {
            this.parts = parts.toArray(new Predicate[0]);
        }

        @Override
        public Truth test(Scope scope) {
            Truth answer = Truth.FALSE;
            for (Predicate part : parts) {
                Truth truth = part.test(scope);
                if (truth == Truth.TRUE) {
                    return Truth.TRUE;
                }
                if (truth == Truth.UNKNOWN) {
                    answer = Truth.UNKNOWN;
                }
            }
            return answer;
        }
    }

    record Not(Predicate part) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            return part.test(scope).not();
        }
    }

    /** IS NULL: never unknown. A number that is NaN is as good as missing. */
    record Missing(Operand operand) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            Object value = operand.value(scope);
            return Truth.of(value == null || value instanceof Double number && number.isNaN());
        }
    }

    /** A comparison of which one side is a number for certain. */
    record OfNumbers(Operand left, Relation relation, Operand right) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            double first = left.number(scope);
            double second = right.number(scope);
            if (Double.isNaN(first) || Double.isNaN(second)) {
                return Truth.UNKNOWN;
            }
            return Truth.of(relation.holds(first, second));
        }
    }

    /** A comparison of whatever the two sides turn out to be; unknown where they are of different kinds. */
    record OfAnything(Operand left, Relation relation, Operand right, boolean matchCase) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            Object first = left.value(scope);
            Object second = right.value(scope);
            if (first instanceof Number a && second instanceof Number b) {
                double x = a.doubleValue();
                double y = b.doubleValue();
                return Double.isNaN(x) || Double.isNaN(y) ? Truth.UNKNOWN : Truth.of(relation.holds(x, y));
            }
            if (first instanceof String a && second instanceof String b) {
                return Truth.of(relation.holds(matchCase ? a.compareTo(b) : a.compareToIgnoreCase(b)));
            }
            if (first instanceof Boolean a && second instanceof Boolean b && relation == Relation.EQUAL) {
                return Truth.of(a.equals(b));
            }
            return Truth.UNKNOWN;
        }
    }

    /** LIKE. */
    record Like(Operand operand, LikePattern pattern) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            return operand.value(scope) instanceof String text ? Truth.of(pattern.matches(text)) : Truth.UNKNOWN;
        }
    }

    /** The id of the feature that is judged is one of these. */
    record HasId(java.util.Set<String> ids) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            return scope.featureOrNull() == null
                    ? Truth.UNKNOWN
                    : Truth.of(ids.contains(scope.featureOrNull().id()));
        }
    }

    /** A place against a layer or a geometry. */
    record Placed(SpatialTerm term) implements Predicate {
        @Override
        public Truth test(Scope scope) {
            return scope.spatial().test(term, scope);
        }
    }

    /** How two values of one kind are compared. */
    enum Relation {
        EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean holds(double a, double b) {
            return switch (this) {
                case EQUAL -> a == b;
                case LESS -> a < b;
                case LESS_OR_EQUAL -> a <= b;
                case GREATER -> a > b;
                case GREATER_OR_EQUAL -> a >= b;
            };
        }

        boolean holds(int comparison) {
            return holds(comparison, 0.0);
        }
    }
}
