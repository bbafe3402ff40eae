package city.canopy.geo.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private static boolean holds(String ecql, Map<String, Object> values) throws ConditionException {
        return Condition.parse(ecql).holds(Values.of(values));
    }

    @Test
    void a_threshold_is_compared() throws ConditionException {
        assertThat(holds("fill_level >= 80", Map.of("fill_level", 80.0))).isTrue();
        assertThat(holds("fill_level >= 80", Map.of("fill_level", 79.9))).isFalse();
        assertThat(holds("80 <= fill_level", Map.of("fill_level", 80))).isTrue();
        assertThat(holds("air_temperature < -5.5", Map.of("air_temperature", -6.0)))
                .isTrue();
        assertThat(holds("a > b", Map.of("a", 2.0, "b", 1.0))).isTrue();
        assertThat(holds("a <> 1", Map.of("a", 2.0))).isTrue();
        assertThat(holds("manhole_open = 1", Map.of("manhole_open", 1.0))).isTrue();
    }

    @Test
    void texts_and_booleans_are_compared() throws ConditionException {
        assertThat(holds("kind = 'bin'", Map.of("kind", "bin"))).isTrue();
        assertThat(holds("kind <> 'bin'", Map.of("kind", "tree"))).isTrue();
        assertThat(holds("kind < 'c'", Map.of("kind", "b"))).isTrue();
        assertThat(holds("public = true", Map.of("public", true))).isTrue();
        assertThat(holds("public <> true", Map.of("public", false))).isTrue();
        assertThat(holds("\"loài cây\" = 'Xà cừ'", Map.of("loài cây", "Xà cừ"))).isTrue();
        assertThat(holds("name = 'it''s'", Map.of("name", "it's"))).isTrue();
    }

    @Test
    void between_in_like_and_null_are_known() throws ConditionException {
        assertThat(holds("a BETWEEN 1 AND 2", Map.of("a", 2.0))).isTrue();
        assertThat(holds("a NOT BETWEEN 1 AND 2", Map.of("a", 2.5))).isTrue();
        assertThat(holds("kind IN ('a', 'b')", Map.of("kind", "b"))).isTrue();
        assertThat(holds("kind NOT IN ('a', 'b')", Map.of("kind", "b"))).isFalse();
        assertThat(holds("n IN (1, 2)", Map.of("n", 2))).isTrue();
        assertThat(holds("name LIKE 'Ph%'", Map.of("name", "Phượng"))).isTrue();
        assertThat(holds("name LIKE 'ph%'", Map.of("name", "Phượng"))).isFalse();
        assertThat(holds("name ILIKE 'ph_ợng'", Map.of("name", "Phượng"))).isTrue();
        assertThat(holds("a IS NULL", Map.of())).isTrue();
        assertThat(holds("a IS NULL", Map.of("a", Double.NaN))).isTrue();
        assertThat(holds("a IS NOT NULL", Map.of("a", "x"))).isTrue();
    }

    @Test
    void calculations_and_functions_are_known() throws ConditionException {
        assertThat(holds("a + 2 * b - c / 2 > 6.9", Map.of("a", 3, "b", 2.5, "c", 2)))
                .isTrue();
        assertThat(holds("abs(a) > 3", Map.of("a", -4.0))).isTrue();
        assertThat(holds("min(a, 2) = 2 AND max(a, 2) = 5 AND floor(a) = ceil(a)", Map.of("a", 5)))
                .isTrue();
        assertThat(holds("strToLowerCase(strTrim(kind)) = 'bin'", Map.of("kind", " BIN ")))
                .isTrue();
        assertThat(holds("strLength(kind) = 3 AND strToUpperCase(kind) = 'BIN'", Map.of("kind", "bin")))
                .isTrue();
    }

    @Test
    void a_missing_value_is_neither_true_nor_false() throws ConditionException {
        assertThat(holds("a > 1", Map.of())).isFalse();
        assertThat(holds("NOT a > 1", Map.of())).isFalse();
        assertThat(holds("a <> 1", Map.of())).isFalse();
        assertThat(holds("a > 1 OR b > 1", Map.of("b", 2))).isTrue();
        assertThat(holds("NOT (a > 1 AND b > 1)", Map.of("b", 0))).isTrue();
        assertThat(holds("NOT (a > 1 OR b > 1)", Map.of("b", 0))).isFalse();
        assertThat(holds("a NOT IN (1, 2)", Map.of())).isFalse();
        assertThat(holds("a LIKE '%'", Map.of())).isFalse();
        assertThat(holds("a > 1", Map.of("a", Double.NaN))).isFalse();
    }

    @Test
    void values_of_different_kinds_are_never_equal_and_never_unequal() throws ConditionException {
        assertThat(holds("a > 5", Map.of("a", "seven"))).isFalse();
        assertThat(holds("NOT a > 5", Map.of("a", "seven"))).isFalse();
        assertThat(holds("a = '5'", Map.of("a", 5))).isFalse();
        assertThat(holds("a <> '5'", Map.of("a", 5))).isFalse();
        assertThat(holds("a > true", Map.of("a", true))).isFalse();
        assertThat(holds("a LIKE '5'", Map.of("a", 5))).isFalse();
        assertThat(holds("a / 0 > 1", Map.of("a", 5))).isFalse();
        assertThat(holds("strLength(a) = 1", Map.of("a", 5))).isFalse();
    }

    @Test
    void it_tells_the_names_and_the_layers_that_it_looks_at() throws ConditionException {
        Condition condition = Condition.parse(
                "fill_level >= limit AND abs(a) > 1 AND a.b = 1 AND"
                        + " (WITHIN(geometry, layer('zones', 'kind = ''school''')) OR DWITHIN(geometry, layer('roads'), 50, meters))");
        assertThat(condition.names()).containsExactlyInAnyOrder("fill_level", "limit", "a", "a.b");
        assertThat(condition.layers()).containsExactlyInAnyOrder("zones", "roads");
        assertThat(condition.spatial()).isTrue();
        assertThat(Condition.parse("a = 1").spatial()).isFalse();
    }

    @Test
    void what_cannot_be_read_is_refused_with_its_place_and_a_way_out() {
        assertThatThrownBy(() -> Condition.parse("fill_level > > 3"))
                .isInstanceOfSatisfying(
                        ConditionException.class, e -> assertThat(e.position()).isBetween(12, 14))
                .hasMessageContaining("at character")
                .hasMessageContaining("write for instance");
        assertThatThrownBy(() -> Condition.parse(" ")).hasMessageContaining("empty");
        assertThatThrownBy(() -> Condition.parse(null)).hasMessageContaining("empty");
        assertThatThrownBy(() -> Condition.parse("a = 99999999999999999999"))
                .hasMessageContaining("check that its numbers");
    }
}
