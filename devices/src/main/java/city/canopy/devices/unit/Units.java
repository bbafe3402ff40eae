package city.canopy.devices.unit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * UCUM codes: whether one is known, and what it takes to turn one into another. Case-sensitive, as UCUM's {@code c/s}
 * column is. Besides UCUM's own, {@code dBm}, {@code dBW}, {@code kn} and {@code ratio} are taken. A code is
 * {@value UnitExpression#MAX_LENGTH} characters long at most. Any thread; found conversions are remembered, up to a
 * bound.
 */
public final class Units {
    private static final int MAX_REMEMBERED = 1_000;
    private static final Map<Pair, Conversion> REMEMBERED = new ConcurrentHashMap<>();

    private record Pair(String from, String to) {}

    private Units() {}

    /** Whether this is a unit that can be calculated with. */
    public static boolean isKnown(String code) {
        return UnitExpression.read(code).isPresent();
    }

    /**
     * How values in {@code from} become values in {@code to}.
     *
     * @return empty when one of them is no unit, or they measure different things (metres and seconds, percent and
     *     degrees)
     */
    public static Optional<Conversion> conversion(String from, String to) {
        if (from.equals(to)) {
            return isKnown(from) ? Optional.of(Conversion.NONE) : Optional.empty();
        }
        if (from.length() > UnitExpression.MAX_LENGTH || to.length() > UnitExpression.MAX_LENGTH) {
            return Optional.empty();
        }
        Pair pair = new Pair(from, to);
        Conversion remembered = REMEMBERED.get(pair);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<Conversion> found = find(from, to);
        if (found.isPresent() && REMEMBERED.size() < MAX_REMEMBERED) {
            REMEMBERED.put(pair, found.get());
        }
        return found;
    }

    private static Optional<Conversion> find(String from, String to) {
        Optional<Unit> source = UnitExpression.read(from);
        Optional<Unit> target = UnitExpression.read(to);
        if (source.isEmpty() || target.isEmpty() || !source.get().sameDimension(target.get())) {
            return Optional.empty();
        }
        return Optional.of(Conversion.between(source.get(), target.get())).filter(Conversion::isUsable);
    }
}
