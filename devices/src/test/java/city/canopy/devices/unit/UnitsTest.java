package city.canopy.devices.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    private static double convert(double value, String from, String to) {
        return Units.conversion(from, to).orElseThrow().apply(value);
    }

    @ParameterizedTest
    @CsvSource({
        "300.15, K, Cel, 27",
        "212, [degF], Cel, 100",
        "-40, [degF], Cel, -40",
        "25, Cel, K, 298.15",
        "25000, mCel, Cel, 25",
        "250, cm, m, 2.5",
        "1.2, m, mm, 1200",
        "3, km, m, 3000",
        "10, [in_i], mm, 254",
        "1, [ft_i], cm, 30.48",
        "57, %, 1, 0.57",
        "0.57, 1, %, 57",
        "0.5, ratio, %, 50",
        "1800, [ppm], %, 0.18",
        "180, deg, rad, 3.141592653589793",
        "1, rad, deg, 57.29577951308232",
        "1, kg, g, 1000",
        "2, t, kg, 2000",
        "1, [lb_av], kg, 0.45359237",
        "36, km/h, m/s, 10",
        "1, kn, m/s, 0.5144444444444445",
        "1, [kn_i], km/h, 1.852",
        "0.035, mg/m3, ug/m3, 35",
        "1, g/m3, mg/m3, 1000",
        "6, B, dB, 60",
        "5.5, B[SPL], dB, 55",
        "-10, dBW, dBm, 20",
        "1013.25, hPa, Pa, 101325",
        "1, bar, hPa, 1000",
        "1, atm, Pa, 101325",
        "90, min, h, 1.5",
        "2, h, s, 7200",
        "1, d, h, 24",
        "3, L/m2, mm, 3",
        "3, l/m2, mm, 3",
        "10, mm/h, m/s, 2.7777777777777777e-6",
        "3300, mV, V, 3.3",
        "20, mA, A, 0.02",
        "1, kW.h, J, 3600000",
        "5, lm/m2, lx, 5",
        "1, KiBy, bit, 8192",
        "1, N, kg.m.s-2, 1",
        "60, /min, Hz, 1",
        "2, 10.m, m, 20",
        "7, {count}, 1, 7",
        "7, m{above ground}, cm, 700",
        "1, m[H2O], kPa, 9.80665",
        "2, hm, m, 200",
        "2, dam, m, 20",
        "1, [g], m/s2, 9.80665",
        "1, uS/cm, mS/m, 0.1"
    })
    void units_of_one_kind_turn_into_each_other(double value, String from, String to, double expected) {
        assertThat(convert(value, from, to)).isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
        assertThat(convert(expected, to, from)).isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
    }

    @ParameterizedTest
    @CsvSource({
        "%, deg",
        "1, rad",
        "m, s",
        "Cel, %",
        "dB, dBm",
        "dB, 1",
        "kg, N",
        "mm, mm/h",
        "V, A",
        "lx, cd",
        "ug/m3, 1",
        "[pH], 1",
        "bit, 1"
    })
    void units_of_different_kinds_do_not(String from, String to) {
        assertThat(Units.isKnown(from)).isTrue();
        assertThat(Units.isKnown(to)).isTrue();
        assertThat(Units.conversion(from, to)).isEmpty();
        assertThat(Units.conversion(to, from)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "°C",
                "celsius",
                "M",
                "/",
                ".",
                "m/",
                "m..s",
                "m//s",
                "Cel/s",
                "1/Cel",
                "Cel2",
                "k%",
                "kmin",
                "mm%x",
                "[in_i",
                "in_i]",
                "{",
                "}",
                "{a",
                "m}",
                "m{a}b",
                "{a}{b",
                "m999",
                "m--2",
                "m-",
                "-",
                "+2",
                "0",
                "00.m",
                "9999999999.m",
                "(m)",
                "m2m",
                "kk",
                "m99.m99",
                "Ym99",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void what_is_no_unit_is_not_known(String code) {
        assertThat(Units.isKnown(code)).isFalse();
        assertThat(Units.conversion(code, "m")).isEmpty();
        assertThat(Units.conversion(code, code)).isEmpty();
    }

    @Test
    void a_code_of_32_characters_is_read_and_one_of_33_is_not() {
        String longest = "m{" + "x".repeat(29) + "}";
        assertThat(longest).hasSize(32);
        assertThat(Units.isKnown(longest)).isTrue();
        assertThat(Units.isKnown(longest.replace("}", "x}"))).isFalse();
    }

    @Test
    void the_units_of_the_first_packs_are_known() {
        for (String unit : List.of("%", "Cel", "deg", "kg", "m", "mm", "m/s", "ug/m3", "dB", "dBm", "1")) {
            assertThat(Units.conversion(unit, unit)).as(unit).contains(Conversion.NONE);
        }
    }

    @Test
    void every_unit_of_senml_is_one_of_ours() {
        assertThat(SenmlUnits.names()).hasSizeGreaterThan(80);
        for (String name : SenmlUnits.names()) {
            assertThat(Units.isKnown(SenmlUnits.toUcum(name).orElseThrow()))
                    .as(name)
                    .isTrue();
        }
        assertThat(SenmlUnits.toUcum("%RH")).contains("%");
        assertThat(SenmlUnits.toUcum("B")).contains("By");
        assertThat(SenmlUnits.toUcum("furlong")).isEmpty();
    }

    @Test
    void there_and_back_is_where_it_was() {
        String[][] kinds = {
            {"m", "cm", "mm", "km", "[in_i]", "[ft_i]", "[mi_i]", "um"},
            {"K", "Cel", "[degF]", "mK"},
            {"Pa", "hPa", "kPa", "bar", "mbar", "[psi]", "atm", "mm[Hg]"},
            {"m/s", "km/h", "kn", "[mi_i]/h"},
            {"s", "ms", "min", "h", "d", "wk"}
        };
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            String[] kind = kinds[random.nextInt(kinds.length)];
            String from = kind[random.nextInt(kind.length)];
            String to = kind[random.nextInt(kind.length)];
            double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(9));
            double there = convert(value, from, to);
            double error = 1e-12 * (Math.abs(value) + Math.abs(convert(Math.abs(there) + 300, to, from)));
            assertThat(convert(there, to, from))
                    .as(value + " " + from + " " + to)
                    .isCloseTo(value, within(error));
        }
    }

    @Test
    void no_text_makes_the_reader_fail() {
        Random random = new Random(9);
        String alphabet = "mgsKAdk%/.123[]{}()+-C el_hiPauB";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder code = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                code.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String text = code.toString();
            Units.conversion(text, "m")
                    .ifPresent(found ->
                            assertThat(Double.isFinite(found.apply(1))).as(text).isTrue());
        }
    }
}
