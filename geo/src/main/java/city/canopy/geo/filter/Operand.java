package city.canopy.geo.filter;

import java.util.List;
import java.util.Locale;

/**
 * A node of a compiled condition that yields a value: a Number, a String, a Boolean, or null for "missing or not to be
 * computed". As a number that is NaN. Immutable.
 */
sealed interface Operand {
    Object value(Scope scope);

    double number(Scope scope);

    /** Whether it can be nothing but a number (or missing). */
    boolean alwaysNumber();

    record NumberLiteral(double literal) implements Operand {
        @Override
        public Object value(Scope scope) {
            return literal;
        }

        @Override
        public double number(Scope scope) {
            return literal;
        }

        @Override
        public boolean alwaysNumber() {
            return true;
        }
    }

    /** A String or a Boolean. */
    record OtherLiteral(Object literal) implements Operand {
        @Override
        public Object value(Scope scope) {
            return literal;
        }

        @Override
        public double number(Scope scope) {
            return Double.NaN;
        }

        @Override
        public boolean alwaysNumber() {
            return false;
        }
    }

    record Named(String name) implements Operand {
        @Override
        public Object value(Scope scope) {
            return scope.value(name);
        }

        @Override
        public double number(Scope scope) {
            return scope.number(name);
        }

        @Override
        public boolean alwaysNumber() {
            return false;
        }
    }

    /** + - * /; a division by zero cannot be computed. */
    record Arithmetic(Operand left, char sign, Operand right) implements Operand {
        @Override
        public Object value(Scope scope) {
            return boxed(number(scope));
        }

        @Override
        public double number(Scope scope) {
            double a = left.number(scope);
            double b = right.number(scope);
            return switch (sign) {
                case '+' -> a + b;
                case '-' -> a - b;
                case '*' -> a * b;
                case '/' -> b == 0 ? Double.NaN : a / b;
                default -> throw new IllegalStateException("no such sign: " + sign);
            };
        }

        @Override
        public boolean alwaysNumber() {
            return true;
        }
    }

    record Call(Function function, List<Operand> arguments) implements Operand {
        @Override
        public Object value(Scope scope) {
            return switch (function) {
                case ABS, FLOOR, CEIL, MIN, MAX, LENGTH -> boxed(number(scope));
                case LOWER -> text(scope) == null ? null : text(scope).toLowerCase(Locale.ROOT);
                case UPPER -> text(scope) == null ? null : text(scope).toUpperCase(Locale.ROOT);
                case TRIM -> text(scope) == null ? null : text(scope).strip();
            };
        }

        @Override
        public double number(Scope scope) {
            return switch (function) {
                case ABS -> Math.abs(argument(0, scope));
                case FLOOR -> Math.floor(argument(0, scope));
                case CEIL -> Math.ceil(argument(0, scope));
                case MIN -> Math.min(argument(0, scope), argument(1, scope));
                case MAX -> Math.max(argument(0, scope), argument(1, scope));
                case LENGTH -> text(scope) == null ? Double.NaN : text(scope).length();
                case LOWER, UPPER, TRIM -> Double.NaN;
            };
        }

        @Override
        public boolean alwaysNumber() {
            return function.numeric();
        }

        private double argument(int index, Scope scope) {
            return arguments.get(index).number(scope);
        }

        private String text(Scope scope) {
            return arguments.get(0).value(scope) instanceof String text ? text : null;
        }
    }

    /** The functions that a condition may call, by the names that GeoTools gives them. */
    enum Function {
        ABS("abs", 1, true),
        FLOOR("floor", 1, true),
        CEIL("ceil", 1, true),
        MIN("min", 2, true),
        MAX("max", 2, true),
        LENGTH("strLength", 1, true),
        LOWER("strToLowerCase", 1, false),
        UPPER("strToUpperCase", 1, false),
        TRIM("strTrim", 1, false);

        private final String ecqlName;
        private final int arguments;
        private final boolean numeric;

        Function(String ecqlName, int arguments, boolean numeric) {
            this.ecqlName = ecqlName;
            this.arguments = arguments;
            this.numeric = numeric;
        }

        String ecqlName() {
            return ecqlName;
        }

        int arguments() {
            return arguments;
        }

        boolean numeric() {
            return numeric;
        }
    }

    private static Object boxed(double number) {
        return Double.isNaN(number) ? null : number;
    }
}
