package city.canopy.devices.unit;

import java.util.Arrays;

/**
 * A unit in base units: {@code base = value * factor + offset}. The base is UCUM's, with the ampere for the coulomb,
 * and with levels (dB, dBm) and pH as dimensions of their own, because they turn into nothing else.
 */
final class Unit {
    /** What the exponents count, in this order. */
    enum Base {
        METRE,
        GRAM,
        SECOND,
        KELVIN,
        AMPERE,
        CANDELA,
        MOLE,
        RADIAN,
        BIT,
        LEVEL,
        POWER_LEVEL,
        ACIDITY
    }

    private static final int MAX_EXPONENT = 100;

    static final Unit ONE = new Unit(1, 0, new int[Base.values().length]);

    private final double factor;
    private final double offset;
    private final int[] exponents;

    private Unit(double factor, double offset, int[] exponents) {
        this.factor = factor;
        this.offset = offset;
        this.exponents = exponents;
    }

    static Unit of(Base base) {
        int[] exponents = new int[Base.values().length];
        exponents[base.ordinal()] = 1;
        return new Unit(1, 0, exponents);
    }

    double factor() {
        return factor;
    }

    double offset() {
        return offset;
    }

    /** Whether 0 means nothing in it, as in degrees Celsius: such a unit stands alone or not at all. */
    boolean isShifted() {
        return offset != 0;
    }

    Unit times(double number) {
        return new Unit(factor * number, offset, exponents);
    }

    Unit over(double number) {
        return new Unit(factor / number, offset, exponents);
    }

    Unit shifted(double by) {
        return new Unit(factor, by, exponents);
    }

    /**
     * This unit times another to a power.
     *
     * @throws ArithmeticException when an exponent passes what a unit could ever need
     */
    Unit times(Unit other, int power) {
        int[] sum = exponents.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.exponents[i] * power;
            if (Math.abs(sum[i]) > MAX_EXPONENT) {
                throw new ArithmeticException("exponent over " + MAX_EXPONENT);
            }
        }
        double scaled = power < 0 ? factor / Math.pow(other.factor, -power) : factor * Math.pow(other.factor, power);
        return new Unit(scaled, 0, sum);
    }

    boolean sameDimension(Unit other) {
        return Arrays.equals(exponents, other.exponents);
    }
}
