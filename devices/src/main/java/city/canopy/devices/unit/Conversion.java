package city.canopy.devices.unit;

/**
 * A linear turn of one unit into another: {@code value * times / by + plus}. Multiplier and divisor are kept apart so
 * that 57 % becomes 0.57 and not 0.5700000000000001.
 *
 * @param times the multiplier
 * @param by the divisor, not 0
 * @param plus what is added at the end
 */
public record Conversion(double times, double by, double plus) {
    /** Leaves a value as it is. */
    public static final Conversion NONE = new Conversion(1, 1, 0);

    public double apply(double value) {
        return value * times / by + plus;
    }

    /** Whether ordinary numbers survive it. */
    boolean isUsable() {
        return Double.isFinite(times / by) && times / by > 0 && Double.isFinite(plus);
    }

    static Conversion between(Unit from, Unit to) {
        double factor = from.factor() / to.factor();
        double plus = (from.offset() - to.offset()) / to.factor();
        double whole = nearWhole(factor);
        if (whole > 0) {
            return new Conversion(whole, 1, plus);
        }
        double part = nearWhole(1 / factor);
        return part > 0 ? new Conversion(1, part, plus) : new Conversion(factor, 1, plus);
    }

    /** The whole number that this one is but for rounding, or 0. */
    private static double nearWhole(double factor) {
        double whole = Math.rint(factor);
        return whole >= 1 && whole < 1e15 && Math.abs(factor - whole) <= 1e-14 * whole ? whole : 0;
    }
}
