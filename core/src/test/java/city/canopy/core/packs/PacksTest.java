package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.rules.Rule;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.profile.PackFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacksTest {
    @TempDir
    Path folder;

    private Path pack;

    @BeforeEach
    void aPackOfACity() throws IOException {
        pack = Files.createDirectories(folder.resolve("noise"));
        write("pack.yaml", "id: noise\nversion: 1.0.0\ntitle: {vi: Tiếng ồn, en: Noise}\n");
        write(
                "services.yaml",
                "- id: noise-check\n  title: {vi: Kiểm tra tiếng ồn, en: Noise check}\n  target: PT24H\n");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(pack.resolve(file).getParent());
        Files.writeString(pack.resolve(file), text);
    }

    private Packs load() {
        return Packs.load(Optional.of(folder));
    }

    private void refuses(String ending) {
        assertThatThrownBy(this::load).isInstanceOf(PackFileException.class).hasMessageEndingWith(ending);
    }

    @Test
    void theNamesOfTheFirstPacksAreThere() {
        Packs packs = Packs.load(Optional.empty());
        assertThat(packs.list()).extracting(Pack::id).containsExactly("city", "trees", "waste", "roads");
        assertThat(packs.layers())
                .extracting(PackLayer::name)
                .containsExactlyInAnyOrder("trees", "waste_points", "roads", "wards", "zones");
        Map<String, String> units = Map.ofEntries(
                Map.entry("soil_moisture", "%"),
                Map.entry("soil_temperature", "Cel"),
                Map.entry("air_temperature", "Cel"),
                Map.entry("relative_humidity", "%"),
                Map.entry("tilt", "deg"),
                Map.entry("fill_level", "%"),
                Map.entry("waste_temperature", "Cel"),
                Map.entry("weight", "kg"),
                Map.entry("water_level", "m"),
                Map.entry("rainfall", "mm"),
                Map.entry("wind_speed", "m/s"),
                Map.entry("pm25", "ug/m3"),
                Map.entry("noise", "dB"),
                Map.entry("battery", "%"),
                Map.entry("rssi", "dBm"),
                Map.entry("lid_open", "1"),
                Map.entry("manhole_open", "1"));
        units.forEach((name, unit) ->
                assertThat(packs.quantities().get(new Quantity(name)).unit()).isEqualTo(unit));
        assertThat(packs.profiles().list())
                .extracting("id")
                .contains(
                        "generic-soil-probe",
                        "generic-tilt",
                        "generic-bin",
                        "generic-water-level",
                        "generic-manhole",
                        "generic-weather",
                        "generic-tracker");
        assertThat(packs.profiles().find("generic-tracker").orElseThrow().moving())
                .isTrue();
        assertThat(packs.rules())
                .extracting(text -> text.rule().id())
                .contains(
                        "waste-overflow",
                        "waste-fire",
                        "tree-dry",
                        "tree-tilt",
                        "road-flood",
                        "manhole-open",
                        "device-silent");
        Map<String, Integer> hours = Map.of(
                "waste-overflow",
                24,
                "waste-fire",
                1,
                "tree-watering",
                48,
                "tree-hazard",
                2,
                "road-flood",
                2,
                "manhole-open",
                2,
                "device-check",
                72);
        hours.forEach((service, target) ->
                assertThat(packs.services().get(service).target()).isEqualTo(Duration.ofHours(target)));
        assertThat(packs.attachRules("generic-bin")).extracting("layer").containsExactly("waste_points");
    }

    @Test
    void aCityMayBringItsOwnPack() throws IOException {
        write(
                "rules/too-loud.yaml",
                "id: too-loud\nquantity: noise\nservice: noise-check\ntitle: {vi: Ồn, en: Loud}\n"
                        + "open: noise > limit\nwhere: WITHIN(geometry, layer('zones', 'kind = ''school'''))\n"
                        + "parameters: {limit: 70}\nfor: PT10M\n");
        Rule rule = load().rules().stream()
                .map(text -> text.rule())
                .filter(each -> each.id().equals("too-loud"))
                .findFirst()
                .orElseThrow();
        assertThat(rule).isInstanceOfSatisfying(Rule.Threshold.class, threshold -> {
            assertThat(threshold.hold()).isEqualTo(Duration.ofMinutes(10));
            assertThat(threshold.where()).isPresent();
        });
    }

    @Test
    void aNameThatIsTakenIsRefusedWithBothFiles() throws IOException {
        write("services.yaml", "- id: road-flood\n  title: {vi: Ngập, en: Flood}\n  target: PT24H\n");
        refuses("noise/services.yaml:1: the service road-flood is already in packs/roads/services.yaml; "
                + "give it another name");
    }

    @Test
    void aRuleIsCheckedAgainstWhatThePacksBring() throws IOException {
        String head = "id: too-loud\nservice: noise-check\ntitle: {vi: Ồn, en: Loud}\n";
        write("rules/r.yaml", head + "quantity: loudness\nopen: loudness > 70\n");
        refuses(
                "rules/r.yaml:4: no pack describes the quantity loudness; add it to a quantities.yaml or mend its name");
        write("rules/r.yaml", head + "quantity: noise\nopen: noise > limit\n");
        refuses(
                "rules/r.yaml:5: the condition speaks of limit, which is not known here; known are day_of_week, hour_of_day, noise");
        write("rules/r.yaml", head + "quantity: noise\nopen: noise >\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining("rules/r.yaml:5: the condition cannot be read");
        write("rules/r.yaml", head + "quantity: noise\nopen: noise > 70\nfro: PT1H\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining("rules/r.yaml:6: 'fro' is not known here; known are clear, for");
        write("rules/r.yaml", head + "quantity: noise\nopen: noise > 70\nfor: 6h\n");
        refuses("rules/r.yaml:6: 'for' must be a duration such as PT15M or PT6H, not 6h");
        write("rules/r.yaml", head + "quantity: noise\nopen: noise > 70\nopen: noise > 80\n");
        refuses("rules/r.yaml:6: 'open' comes twice; remove one of them");
        write("rules/r.yaml", head + "layer: treez\nquantity: noise\nopen: noise > 70\n");
        refuses("rules/r.yaml:4: no pack brings a layer treez; mend its name");
    }

    @Test
    void aFileThatIsNotYamlIsRefusedWithItsLine() throws IOException {
        write("texts.yaml", "a: {vi: x, en: y}\nb: [1, 2\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining("noise/texts.yaml:3: this is not YAML");
    }
}
