package city.canopy.geo.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionLimitsTest {
    private static final int MUTANTS = Boolean.getBoolean("canopy.test.full") ? 1_000_000 : 20_000;

    @Test
    void a_text_of_4000_characters_is_read_and_one_more_is_refused() {
        String most = "a = 1" + " OR a = 1".repeat(443);
        String full = most + " ".repeat(Condition.MAX_LENGTH - most.length());
        assertThatCode(() -> Condition.parse(full)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Condition.parse(full + " "))
                .isInstanceOf(ConditionException.class)
                .hasMessageContaining("4001 characters");
    }

    @Test
    void fifty_parentheses_are_read_and_one_more_is_refused_quickly() {
        assertThatCode(() -> Condition.parse(nested(50))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Condition.parse(nested(51))).hasMessageContaining("50 levels");
        assertThatThrownBy(() -> Condition.parse(nested(1_900))).hasMessageContaining("50 levels");
        assertThatThrownBy(() -> Condition.parse("[".repeat(3_000))).hasMessageContaining("50 levels");
    }

    private static String nested(int depth) {
        return "(".repeat(depth) + "a = 1" + ")".repeat(depth);
    }

    @Test
    void no_nesting_within_the_limit_takes_the_parser_long() {
        for (String ecql : new String[] {
            nested(50),
            "(".repeat(50) + "a" + ")".repeat(50) + " = 1",
            "abs(".repeat(50) + "a" + ")".repeat(50) + " = 1",
            "NOT (".repeat(48) + "a = 1" + ")".repeat(48),
            "(a + ".repeat(49) + "1" + ")".repeat(49) + " = 1",
            "(a = 1 OR ".repeat(49) + "b = 1" + ")".repeat(49),
            "(".repeat(50) + "a + 1 BETWEEN",
            "(".repeat(50)
        }) {
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> readOrRefuse(ecql), ecql);
        }
    }

    @Test
    void a_long_chain_is_not_deep_but_a_long_calculation_is() throws ConditionException {
        assertThat(Condition.parse("a = 1" + " AND a = 1".repeat(300)).holds(Values.of(Map.of("a", 1))))
                .isTrue();
        assertThatThrownBy(() -> Condition.parse("a = 1" + " + 1".repeat(60))).hasMessageContaining("50 levels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "random() > 0.5",
                "env('HOME') = 'x'",
                "abs(a, b) = 1",
                "a BEFORE 2026-01-01T00:00:00Z",
                "a = 2026-01-01T00:00:00Z",
                "a EXISTS",
                "if_then_else(a, 1, 2) = 1",
                "jsonPointer(a, '/b') = 1",
                "a > 1e999",
                "a != 1",
                "-a > 1",
                "a = null",
                "a = 1; b = 2",
                "đ > 3"
            })
    void what_is_not_on_the_list_is_refused_and_the_list_is_told(String ecql) {
        assertThatThrownBy(() -> Condition.parse(ecql))
                .isInstanceOf(ConditionException.class)
                .hasMessageMatching("(?s).*(allowed|at most|compare|use).*");
    }

    @Test
    void no_text_makes_it_throw_anything_but_a_condition_exception() {
        String[] seeds = {
            "fill_level >= 80 AND kind = 'bin' OR NOT (a BETWEEN 1 AND 2.5e3)",
            "WITHIN(geometry, layer('zones', 'kind = ''school'''))",
            "DWITHIN(geometry, POLYGON((1 2,3 4,5 6,1 2)), 50, meters) OR BEYOND(geometry, layer('roads'), 5, feet)",
            "name ILIKE '%\\_x%' AND a NOT IN (1, 'b', -3) AND c IS NOT NULL AND BBOX(geometry, 1, 2, 3, 4)",
            "\"độ ẩm\" + 2 * min(a, abs(b)) / 3 <> strLength(strTrim(kind)) - 1",
            "IN ('a', 'b') AND a LIKE 'b%' AND t DURING 2026-01-01T00:00:00Z/P1D AND RELATE(geometry, POINT(1 2), 'T********')"
        };
        String[] pieces = {
            "(",
            ")",
            "'",
            "\"",
            "[",
            "]",
            ",",
            "=",
            "<>",
            "%",
            "\\",
            "\n",
            "\0",
            "é",
            "😀",
            "1e400",
            "-",
            "0x",
            ";",
            "NOT ",
            "SRID=0;",
            "POINT(",
            "EMPTY",
            "layer(",
            "99999999999999999999",
            ".",
            "/",
            "*",
            "id",
            "INCLUDE",
            " AND ",
            "T00",
            "P1Y"
        };
        Scope scope = Values.of(Map.of("a", 1.0, "fill_level", "x", "kind", "bin", "c", true));
        long seed = 20261124;
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String ecql = mutant(seeds[random.nextInt(seeds.length)], pieces, random);
            try {
                Condition condition = Condition.parse(ecql);
                read++;
                if (!condition.spatial()) {
                    condition.holds(scope);
                }
            } catch (ConditionException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", mutant " + i + ": " + ecql, e);
            }
        }
        assertThat(read).as("some mutants are still conditions").isBetween(1, MUTANTS - 1);
    }

    private static String mutant(String text, String[] pieces, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(mutant.length() + 1);
            int until = Math.min(mutant.length(), at + random.nextInt(4));
            switch (random.nextInt(3)) {
                case 0 -> mutant.insert(at, pieces[random.nextInt(pieces.length)]);
                case 1 -> mutant.delete(at, until);
                default -> mutant.replace(at, until, pieces[random.nextInt(pieces.length)]);
            }
        }
        return mutant.toString();
    }

    private static void readOrRefuse(String ecql) {
        try {
            assertThat(Condition.parse(ecql).text()).isEqualTo(ecql);
        } catch (ConditionException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
