package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompactMapTest {
    @Test
    void isEqualToTheMapThatItCopies() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("loài", "Sấu");
        map.put("height_m", 12.5);
        map.put("note", null);

        Map<String, Object> copy = CompactMap.copyOf(map);
        map.put("later", 1);

        Map<String, Object> expected = new LinkedHashMap<>(map);
        expected.remove("later");
        assertThat(copy).isEqualTo(expected).hasSameHashCodeAs(expected).hasToString(expected.toString());
        assertThat(copy.keySet()).containsExactly("loài", "height_m", "note");
        assertThat(copy.get("loài")).isEqualTo("Sấu");
        assertThat(copy.containsKey("note")).isTrue();
        assertThat(copy.get("note")).isNull();
        assertThat(copy.getOrDefault("missing", 7)).isEqualTo(7);
    }

    @Test
    void nobodyChangesIt() {
        Map<String, Object> copy = CompactMap.copyOf(Map.of("a", 1));

        assertThatThrownBy(() -> copy.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> copy.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> copy.entrySet().iterator().next().setValue(3))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalValuesAreKeptOnce() {
        ValuePool pool = new ValuePool();
        Object first = pool.share(new String("Sấu"));

        assertThat(pool.share(new String("Sấu"))).isSameAs(first);
        assertThat(pool.share(1L)).isInstanceOf(Long.class);
        assertThat(pool.share(1)).isInstanceOf(Integer.class);
        assertThat(pool.share(null)).isNull();
    }
}
