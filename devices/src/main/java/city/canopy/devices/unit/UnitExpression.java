package city.canopy.devices.unit;

import java.util.Optional;

/**
 * Reads UCUM terms: components joined by {@code .} and {@code /}, each a number or an atom with an optional whole
 * exponent, and annotations in braces, which count as 1. Parentheses are not taken. A shifted unit (Cel, [degF], dBW)
 * must stand alone.
 */
final class UnitExpression {
    /** The longest code, in characters. */
    static final int MAX_LENGTH = 32;

    private final String term;
    private int at;

    private UnitExpression(String term) {
        this.term = term;
    }

    /** The unit, or empty where the term is none. */
    static Optional<Unit> read(String term) {
        if (term.isEmpty() || term.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return new UnitExpression(term).product();
        } catch (ArithmeticException beyondReason) {
            return Optional.empty();
        }
    }

    private Optional<Unit> product() {
        Unit product = Unit.ONE;
        boolean first = term.charAt(0) != '/';
        int sign = first ? 1 : -1;
        at = first ? 0 : 1;
        while (true) {
            int end = componentEnd();
            if (end == at) {
                return Optional.empty();
            }
            Optional<Component> component = component(term.substring(at, end));
            if (component.isEmpty()) {
                return Optional.empty();
            }
            Unit unit = component.get().unit();
            boolean alone = first && end == term.length() && component.get().power() == 1;
            if (alone) {
                return Optional.of(unit);
            }
            if (unit.isShifted()) {
                return Optional.empty();
            }
            product = product.times(unit, sign * component.get().power());
            if (end == term.length()) {
                return Double.isFinite(product.factor()) && product.factor() > 0
                        ? Optional.of(product)
                        : Optional.empty();
            }
            sign = term.charAt(end) == '/' ? -1 : 1;
            at = end + 1;
            first = false;
        }
    }

    private record Component(Unit unit, int power) {}

    private Optional<Component> component(String text) {
        if (text.charAt(0) == '{') {
            return text.indexOf('}') == text.length() - 1 ? Optional.of(new Component(Unit.ONE, 1)) : Optional.empty();
        }
        String bare = text;
        if (text.endsWith("}")) {
            bare = text.substring(0, Math.max(0, text.indexOf('{')));
        }
        if (bare.isEmpty()) {
            return Optional.empty();
        }
        if (bare.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return bare.length() <= 9 && !bare.startsWith("0")
                    ? Optional.of(new Component(Unit.ONE.times(Integer.parseInt(bare)), 1))
                    : Optional.empty();
        }
        int end = bare.length();
        while (end > 0 && bare.charAt(end - 1) >= '0' && bare.charAt(end - 1) <= '9') {
            end--;
        }
        int digits = end;
        if (end > 0 && end < bare.length() && (bare.charAt(end - 1) == '-' || bare.charAt(end - 1) == '+')) {
            end--;
        }
        if (bare.length() - digits > 2) {
            return Optional.empty();
        }
        int power = digits == bare.length() ? 1 : Integer.parseInt(bare.substring(end));
        return UnitTable.find(bare.substring(0, end)).map(unit -> new Component(unit, power));
    }

    /** Where the component that begins at {@code at} ends: at a dot or slash outside of brackets and braces. */
    private int componentEnd() {
        int depth = 0;
        for (int i = at; i < term.length(); i++) {
            char c = term.charAt(i);
            if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (depth == 0 && (c == '.' || c == '/')) {
                return i;
            }
        }
        return term.length();
    }
}
