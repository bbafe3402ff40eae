package city.canopy.devices.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.model.Quantity;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileReaderTest {
    private static final String QUANTITIES = """
            - name: fill_level
              unit: "%"
              min: 0
              max: 100
              title: {vi: Mức đầy, en: Fill level}
            - name: waste_temperature
              unit: Cel
              min: -40
              max: 1.5e3
              title: {vi: Nhiệt độ rác, en: Waste temperature}
            """;
    private static final String PROFILE = """
            id: generic-bin
            title: {vi: Thùng rác, en: Bin}
            codec: canopy-json
            reports_every: PT15M
            quantities: [fill_level, waste_temperature]
            keys:
              level: fill_level
              "3:103": {quantity: waste_temperature, instance: 2, unit: "[degF]"}
            """;

    private static List<QuantitySpec> quantities(String yaml) {
        return ProfileReader.quantities("q.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private static DeviceProfile profile(String yaml) {
        return ProfileReader.profile(
                "p.yaml",
                new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                new QuantityCatalog(quantities(QUANTITIES)));
    }

    @Test
    void quantities_are_read_as_they_are_written() {
        assertThat(quantities(QUANTITIES))
                .containsExactly(
                        new QuantitySpec(
                                new Quantity("fill_level"), "%", 0, 100, Map.of("vi", "Mức đầy", "en", "Fill level")),
                        new QuantitySpec(
                                new Quantity("waste_temperature"),
                                "Cel",
                                -40,
                                1500,
                                Map.of("vi", "Nhiệt độ rác", "en", "Waste temperature")));
    }

    @Test
    void a_profile_is_read_as_it_is_written() {
        DeviceProfile profile = profile(PROFILE);
        assertThat(profile.id()).isEqualTo("generic-bin");
        assertThat(profile.reportEvery()).isEqualTo(Duration.ofMinutes(15));
        assertThat(profile.moving()).isFalse();
        assertThat(profile.quantities()).containsOnlyKeys("fill_level", "waste_temperature");
        assertThat(profile.target("level")).contains(new DeviceProfile.Target("fill_level", 0, null));
        assertThat(profile.target("3:103")).contains(new DeviceProfile.Target("waste_temperature", 2, "[degF]"));
        assertThat(profile.target("fill_level")).contains(new DeviceProfile.Target("fill_level", 0, null));
        assertThat(profile.target("other")).isEmpty();
    }

    @Test
    void a_tracker_may_measure_nothing_but_where_it_is() {
        String tracker = "id: t\ntitle: {vi: a, en: b}\ncodec: canopy-json\nreports_every: PT1M\nquantities: []\n";
        assertThat(profile(tracker + "moving: true\n").moving()).isTrue();
        assertThatThrownBy(() -> profile(tracker))
                .hasMessageStartingWith("p.yaml:5: ")
                .hasMessageContaining("moving");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unit: \"%\" | unit: furlong | 2 | UCUM",
                "unit: \"%\" | unit: 1 | 2 | quotes",
                "min: 0 | min: zero | 3 | number",
                "min: 0 | min: 100 | 4 | over min",
                "min: 0 | minimum: 0 | 3 | no key minimum",
                "max: 100 | max: 100\n  max: 101 | 5 | twice",
                "en: Fill level | de: Fill level | 5 | no key de",
                "{vi: Mức đầy, en: Fill level} | Fill level | 5 | key: value",
                "- name: fill_level | - name: Fill | 1 | rename",
                "- name: waste_temperature | - name: fill_level | 6 | twice",
                "min: 0 | min: &a 0 | 3 | anchors",
                "min: 0 | min: [ | 4 | not YAML"
            })
    void a_mistake_in_quantities_is_named_with_its_line(String right, String wrong, int line, String words) {
        assertThatThrownBy(() -> quantities(
                        QUANTITIES.replaceFirst(java.util.regex.Pattern.quote(right), wrong.replace("\\n", "\n"))))
                .isInstanceOfSatisfying(
                        PackFileException.class, e -> assertThat(e.line()).isEqualTo(line))
                .hasMessageStartingWith("q.yaml:" + line + ": ")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "canopy-json | lua | 3 | there is no codec lua",
                "PT15M | 15min | 4 | ISO 8601",
                "PT15M | PT0S | 4 | PT1S",
                "[fill_level, waste_temperature] | [fill_level, tilt] | 5 | no pack describes",
                "[fill_level, waste_temperature] | [fill_level, fill_level] | 5 | twice",
                "[fill_level, waste_temperature] | [fill_level] | 8 | does not measure",
                "[fill_level, waste_temperature] | fill_level | 5 | list",
                "level: fill_level | level: 7 | 7 | key: value",
                "instance: 2 | instance: 70000 | 8 | 65535",
                "instance: 2 | probe: 2 | 8 | no key probe",
                "\"[degF]\" | m | 8 | same kind",
                "id: generic-bin | id: Generic Bin | 1 | rename",
                "codec: canopy-json | colour: red | 3 | no key colour",
                "reports_every: PT15M | moving: 1 | 4 | true or false"
            })
    void a_mistake_in_a_profile_is_named_with_its_line(String right, String wrong, int line, String words) {
        assertThatThrownBy(() -> profile(PROFILE.replace(right, wrong)))
                .isInstanceOf(PackFileException.class)
                .hasMessageStartingWith("p.yaml:" + line + ": ")
                .hasMessageContaining(words);
    }

    @Test
    void a_key_that_is_missing_is_named() {
        assertThatThrownBy(() -> profile(PROFILE.replace("codec: canopy-json\n", "")))
                .hasMessageContaining("codec is missing");
    }

    @Test
    void a_file_that_is_empty_too_long_too_deep_or_double_is_refused() {
        assertThatThrownBy(() -> quantities("")).hasMessageContaining("empty");
        assertThatThrownBy(() -> quantities("#".repeat(YamlFile.MAX_BYTES + 1))).hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> quantities("[".repeat(30) + "]".repeat(30))).hasMessageContaining("deeper");
        assertThatThrownBy(() -> quantities("- a\n---\n- b\n")).hasMessageContaining("second document");
    }
}
