package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormats;
import city.canopy.geo.file.LayerImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingsTest {
    @TempDir
    private Path folder;

    private Packs load(String mappings) throws IOException {
        Path pack = Files.createDirectories(folder.resolve("packs/own"));
        Files.writeString(pack.resolve("pack.yaml"), "id: own\nversion: 1.0.0\ntitle: {vi: Riêng, en: Own}\n");
        Files.writeString(pack.resolve("mappings.yaml"), mappings);
        return Packs.load(Optional.of(folder.resolve("packs")));
    }

    private LayerImport.Result read(PackMapping mapping, String csv) throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), csv);
        return LayerImport.read(
                file,
                LayerFormats.standard().of(file).orElseThrow(),
                new LayerImport.Wish(
                        mapping.layer(),
                        Optional.of("EPSG:4326"),
                        mapping.attributes(),
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(9.17, 47.7),
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
    }

    @Test
    void anInventoryOfKonstanzBecomesTreesByItsMappingAlone() throws IOException {
        PackMapping mapping = Packs.load(Optional.empty()).mapping("inventory-konstanz", "trees");
        LayerImport.Result read = read(
                mapping,
                "\uFEFFX,Y,OBJECTID,baumId,baumNr,baumart,hoeheM,kronendurchmesserM,stammumfangCM,location,Name_dt,Name_lat,AGOL_Name\n"
                        + "9.16,47.74,1,2,1,52,12,6,72,Bubenbad,\"Erle, Schwarz-Erle\",Alnus glutinosa,Alnus\n");
        assertThat(read.refused()).isEmpty();
        assertThat(read.features().get(0).id()).isEqualTo("2");
        assertThat(read.features().get(0).properties())
                .isEqualTo(Map.of(
                        "species",
                        "Erle, Schwarz-Erle",
                        "species_latin",
                        "Alnus glutinosa",
                        "height_m",
                        12L,
                        "crown_m",
                        6L,
                        "diameter_cm",
                        22.91831181,
                        "street",
                        "Bubenbad"));
    }

    @Test
    void unitsWordsAndNumbersInTextsAreConverted() throws IOException {
        PackMapping mapping = load("""
                - id: survey-us
                  title: {vi: Khảo sát, en: Survey}
                  layer: trees
                  feature_id: tree
                  others: drop
                  columns:
                    - {name: diameter_cm, from: girth_in, girth: true, unit: in>cm}
                    - {name: height_m, from: height, unit: ft>m}
                    - {name: crown_m, from: crown}
                    - {name: condition, from: vitality, values: {"1": good, "2": poor}}
                """).mapping("survey-us", "trees");
        LayerImport.Result read =
                read(mapping, "lon,lat,tree,girth_in,height,crown,vitality\n9.16,47.74,a,10,\"32,5\",x,2\n");
        assertThat(read.features().get(0).properties())
                .isEqualTo(Map.of("diameter_cm", 8.085071109, "height_m", 9.906, "crown_m", "x", "condition", "poor"));
    }

    @Test
    void whatIsWrongInAMappingIsNamedWithItsLine() {
        String head = "- id: m\n  title: {vi: M, en: M}\n  layer: trees\n";
        for (List<String> each : List.of(
                List.of(
                        head + "  columns:\n    - {name: heigt, from: h}\n",
                        "mappings.yaml:5: the layer trees has no attribute heigt; there are accuracy_m, class,"),
                List.of(
                        head + "  columns:\n    - {name: height_m, from: h, unit: kg>m}\n",
                        "mappings.yaml:5: kg cannot be turned into m"),
                List.of(head + "  others: forget\n", "mappings.yaml:4: 'others' is keep or drop, not forget"),
                List.of(head + "  column: []\n", "mappings.yaml:4: 'column' is not known here; known are closed_ways,"),
                List.of("- id: m\n  title: {vi: M, en: M}\n  layer: benches\n", "mappings.yaml:3: "),
                List.of(
                        head + "- id: inventory-konstanz\n  title: {vi: M, en: M}\n  layer: trees\n",
                        "the mapping inventory-konstanz is already in packs/trees/mappings.yaml"))) {
            assertThatThrownBy(() -> load(each.get(0))).hasMessageContaining(each.get(1));
        }
        assertThatThrownBy(() -> Packs.load(Optional.empty()).mapping("none", "trees"))
                .hasMessage("there is no mapping none for the layer trees; there are inventory-konstanz, trees-osm");
    }
}
