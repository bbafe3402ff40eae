package city.canopy.geo.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KmlFormatTest {
    @TempDir
    private Path folder;

    private static LayerImport.Result read(Path file) throws IOException {
        return LayerImport.read(
                file,
                LayerFormats.standard().of(file).orElseThrow(),
                new LayerImport.Wish(
                        "trees",
                        Optional.empty(),
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(105.85, 21.47),
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
    }

    private static String placemark(String id, String shape) {
        return "<kml><Placemark id=\"" + id + "\">" + shape + "</Placemark></kml>";
    }

    private static String line(String coordinates) {
        return placemark("L", "<LineString><coordinates>" + coordinates + "</coordinates></LineString>");
    }

    private Path kmz(Map<String, String> entries) throws IOException {
        Path kmz = folder.resolve("diem.KMZ");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(kmz))) {
            for (String name : entries.keySet().stream().sorted().toList()) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(entries.get(name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return kmz;
    }

    @Test
    void aKmzIsReadByItsDocument() throws IOException {
        String point = "<Point><coordinates>105.85,21.47</coordinates></Point>";
        Path whole = kmz(Map.of(
                "a/doc.kml",
                placemark("main", point),
                "a/other.kml",
                placemark("other", point),
                "files/icon.png",
                "one",
                "images/icon.png",
                "two"));
        assertThat(read(whole).features()).extracting(GeoFeature::id).containsExactly("main");
        assertThat(read(kmz(Map.of("trees.kml", placemark("only", point)))).features())
                .extracting(GeoFeature::id)
                .containsExactly("only");
        assertThatThrownBy(() -> read(kmz(Map.of("icon.png", "one"))))
                .hasMessage("diem.KMZ holds no .kml; export it again");
        assertThatThrownBy(() -> read(kmz(Map.of("a.kml", "", "b.kml", ""))))
                .hasMessage("diem.KMZ holds a.kml, b.kml; say which one as its table");
    }

    @Test
    void manyPositionsOrNumbersDoNotBecomeMemory() throws IOException {
        Path many = Files.writeString(folder.resolve("many.kml"), line("105.85,21.47 ".repeat(1_200_000)));
        assertThat(read(many).refused())
                .extracting(
                        each -> each.problem().code() + ": " + each.problem().detail())
                .containsExactly("too_many_vertices: it has more than 100000 vertices");
        Path numbers = Files.writeString(folder.resolve("numbers.kml"), line("1," + ",".repeat(16_000_000)));
        assertThat(read(numbers).refused())
                .extracting(each -> each.problem().code())
                .containsExactly("bad_coordinates");
    }

    @Test
    void extendedDataMayHoldOtherThings() throws IOException {
        Path file = Files.writeString(
                folder.resolve("data.kml"),
                placemark(
                        "p",
                        "<ExtendedData><Data name=\"a\">text <displayName>A</displayName><value><![CDATA[1 < 2]]></value>"
                                + "</Data></ExtendedData><Point><coordinates>105.85,21.47</coordinates></Point>"));
        assertThat(read(file).features().get(0).properties()).isEqualTo(Map.of("a", "1 < 2"));
    }
}
