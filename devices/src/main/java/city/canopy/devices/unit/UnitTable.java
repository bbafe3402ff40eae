package city.canopy.devices.unit;

import city.canopy.devices.unit.Unit.Base;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The atoms that unit codes are made of, and the prefixes that metric ones take. Values as UCUM 2.1 states them. */
final class UnitTable {
    private static final Map<String, Unit> METRIC = new HashMap<>();
    private static final Map<String, Unit> PLAIN = new HashMap<>();
    private static final Map<String, Unit> BINARY = new HashMap<>();
    private static final Map<String, Integer> DECIMAL_PREFIXES = Map.ofEntries(
            Map.entry("Y", 24),
            Map.entry("Z", 21),
            Map.entry("E", 18),
            Map.entry("P", 15),
            Map.entry("T", 12),
            Map.entry("G", 9),
            Map.entry("M", 6),
            Map.entry("k", 3),
            Map.entry("h", 2),
            Map.entry("da", 1),
            Map.entry("d", -1),
            Map.entry("c", -2),
            Map.entry("m", -3),
            Map.entry("u", -6),
            Map.entry("n", -9),
            Map.entry("p", -12),
            Map.entry("f", -15),
            Map.entry("a", -18),
            Map.entry("z", -21),
            Map.entry("y", -24));
    private static final Map<String, Integer> BINARY_PREFIXES = Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40);

    static {
        base();
        derived();
        everyday();
        levels();
    }

    private UnitTable() {}

    /** An atom with or without a prefix. */
    static Optional<Unit> find(String code) {
        Unit whole = PLAIN.get(code);
        if (whole == null) {
            whole = METRIC.get(code);
        }
        return whole != null ? Optional.of(whole) : prefixed(code);
    }

    private static Optional<Unit> prefixed(String code) {
        for (int length = 1; length <= 2 && length < code.length(); length++) {
            String prefix = code.substring(0, length);
            String atom = code.substring(length);
            Integer decimal = DECIMAL_PREFIXES.get(prefix);
            Unit metric = METRIC.get(atom);
            if (decimal != null && metric != null) {
                return Optional.of(
                        decimal < 0 ? metric.over(Math.pow(10, -decimal)) : metric.times(Math.pow(10, decimal)));
            }
            Integer binary = BINARY_PREFIXES.get(prefix);
            Unit digital = BINARY.get(atom);
            if (binary != null && digital != null) {
                return Optional.of(digital.times(Math.pow(2, binary)));
            }
        }
        return Optional.empty();
    }

    private static void base() {
        METRIC.put("m", Unit.of(Base.METRE));
        METRIC.put("g", Unit.of(Base.GRAM));
        METRIC.put("s", Unit.of(Base.SECOND));
        METRIC.put("K", Unit.of(Base.KELVIN));
        METRIC.put("A", Unit.of(Base.AMPERE));
        METRIC.put("cd", Unit.of(Base.CANDELA));
        METRIC.put("mol", Unit.of(Base.MOLE));
        METRIC.put("rad", Unit.of(Base.RADIAN));
        METRIC.put("bit", Unit.of(Base.BIT));
        METRIC.put("By", Unit.of(Base.BIT).times(8));
        BINARY.put("bit", METRIC.get("bit"));
        BINARY.put("By", METRIC.get("By"));
        METRIC.put("Cel", Unit.of(Base.KELVIN).shifted(273.15));
    }

    private static void derived() {
        derive("Hz", "1/s");
        derive("N", "kg.m/s2");
        derive("Pa", "N/m2");
        derive("J", "N.m");
        derive("W", "J/s");
        derive("C", "A.s");
        derive("V", "W/A");
        derive("F", "C/V");
        derive("Ohm", "V/A");
        derive("S", "A/V");
        derive("Wb", "V.s");
        derive("T", "Wb/m2");
        derive("H", "Wb/A");
        derive("sr", "rad2");
        derive("lm", "cd.sr");
        derive("lx", "lm/m2");
        derive("Bq", "1/s");
        derive("Gy", "J/kg");
        derive("Sv", "J/kg");
        derive("kat", "mol/s");
        derive("l", "dm3");
        derive("L", "dm3");
        METRIC.put("bar", get("Pa").times(1e5));
        METRIC.put("t", get("kg").times(1e3));
        METRIC.put("eV", get("J").times(1.602176634e-19));
        METRIC.put("cal", get("J").times(4.184));
        METRIC.put("ar", get("m2").times(100));
        METRIC.put("m[H2O]", get("Pa").times(9806.65));
        METRIC.put("m[Hg]", get("Pa").times(133_322));
    }

    private static void everyday() {
        PLAIN.put("%", Unit.ONE.over(100));
        PLAIN.put("[ppth]", Unit.ONE.over(1e3));
        PLAIN.put("[ppm]", Unit.ONE.over(1e6));
        PLAIN.put("[ppb]", Unit.ONE.over(1e9));
        PLAIN.put("min", get("s").times(60));
        PLAIN.put("h", get("s").times(3_600));
        PLAIN.put("d", get("s").times(86_400));
        PLAIN.put("wk", get("s").times(604_800));
        PLAIN.put("deg", get("rad").times(Math.PI).over(180));
        PLAIN.put("gon", get("rad").times(Math.PI).over(200));
        PLAIN.put("[g]", get("m/s2").times(9.80665));
        PLAIN.put("atm", get("Pa").times(101_325));
        PLAIN.put("[psi]", get("Pa").times(6_894.757293168361));
        PLAIN.put("[in_i]", get("m").times(0.0254));
        PLAIN.put("[ft_i]", get("m").times(0.3048));
        PLAIN.put("[yd_i]", get("m").times(0.9144));
        PLAIN.put("[mi_i]", get("m").times(1_609.344));
        PLAIN.put("[nmi_i]", get("m").times(1_852));
        PLAIN.put("[kn_i]", get("m/h").times(1_852));
        PLAIN.put("[lb_av]", get("g").times(453.59237));
        PLAIN.put("[oz_av]", get("g").times(28.349523125));
        PLAIN.put("[gal_us]", get("l").times(3.785411784));
        PLAIN.put("[degF]", get("K").times(5).over(9).shifted(459.67 * 5 / 9));
        // Not UCUM, but what people and data sheets write.
        PLAIN.put("kn", get("[kn_i]"));
        PLAIN.put("ratio", Unit.ONE);
    }

    private static void levels() {
        Unit decibel = Unit.of(Base.LEVEL);
        METRIC.put("B", decibel.times(10));
        METRIC.put("B[SPL]", decibel.times(10));
        Unit dBm = Unit.of(Base.POWER_LEVEL);
        METRIC.put("B[mW]", dBm.times(10));
        METRIC.put("B[W]", dBm.times(10).shifted(30));
        PLAIN.put("dBm", dBm);
        PLAIN.put("dBW", dBm.shifted(30));
        PLAIN.put("[pH]", Unit.of(Base.ACIDITY));
    }

    private static void derive(String code, String term) {
        METRIC.put(code, get(term));
    }

    private static Unit get(String term) {
        return UnitExpression.read(term)
                .orElseThrow(() -> new IllegalStateException("the unit table is wrong at " + term));
    }
}
