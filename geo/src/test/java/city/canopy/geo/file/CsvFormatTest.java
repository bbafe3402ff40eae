package city.canopy.geo.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
    @TempDir
    private Path folder;

    private LayerImport.Result read(String text) throws IOException {
        return read(text, StandardCharsets.UTF_8, Optional.of("EPSG:4326"));
    }

    private LayerImport.Result read(String text, Charset charset, Optional<String> crs) throws IOException {
        Path file = Files.write(folder.resolve("cay.csv"), text.getBytes(charset));
        return LayerImport.read(
                file,
                new CsvFormat(),
                new LayerImport.Wish(
                        "trees",
                        crs,
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(105.85, 21.47),
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
    }

    private static String refusals(LayerImport.Result read) {
        return String.join(
                "; ",
                read.refused().stream()
                        .map(each -> each.problem().featureRef() + ": "
                                + each.problem().detail())
                        .toList());
    }

    @Test
    void aRowThatIsTooShortOrTooLongIsRefusedAndNotTheFile() throws IOException {
        LayerImport.Result read =
                read("id,lon,lat,ten\na,105.85,21.47,x\nb,105.85\nc,105.85,21.47,x,y\nd,105.85,21.47,x,,\n");
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("a", "d");
        assertThat(refusals(read))
                .isEqualTo("feature 2 (line 3): its row has 2 columns, but the header has 4;"
                        + " feature 3 (line 4): its row has 5 columns, but the header has 4");
    }

    @Test
    void rowsInWhichNothingStandsArePassedOver() throws IOException {
        LayerImport.Result read = read("id;lon;lat\n\na;105,85;21,47\n;;\n ; ;\nb;105,85;21,47\n\n;;\n");
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("a", "b");
        assertThat(read.refusedCount()).isZero();
    }

    @Test
    void noColumnIsLostToAnotherOfItsName() throws IOException {
        assertThatThrownBy(() -> read("id,lon,lat,ten,ten\na,105.85,21.47,x,y\n"))
                .hasMessage("cay.csv has two columns named ten; rename one of them");
        assertThat(read("id,lon,lat,,\na,105.85,21.47,x,y\n").features().get(0).properties())
                .containsEntry("column_4", "x")
                .containsEntry("column_5", "y");
    }

    @Test
    void aQuoteThatIsNeverClosedDoesNotSwallowTheRows() {
        assertThatThrownBy(() -> read("id,lon,lat,ten\na,105.85,21.47,\"Bàng\nb,105.85,21.47,Sấu\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cay.csv is no table of text: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-8"})
    void theMarkAtItsBeginningSaysHowItIsEncoded(String charset) throws IOException {
        String mark = charset.equals("UTF-16") ? "" : "\uFEFF";
        LayerImport.Result read = read(
                mark + "id\tKinh độ\tVĩ độ\tten\na\t105.85\t21.47\tPhượng vĩ\n",
                Charset.forName(charset),
                Optional.of("EPSG:4326"));
        assertThat(read.features().get(0).properties()).containsEntry("id", "a").containsEntry("ten", "Phượng vĩ");
    }

    @Test
    void wellKnownTextMaySayItsSystem() throws IOException {
        LayerImport.Result read = read(
                "id,geom\nn,\na,SRID=9213;POINT (432443.49 2375127.423)\nb,srid=9213; POINT Z (432443.49 2375127.423 7)\n"
                        + "c,SRID=4326;POINT (105.85 21.47)\n",
                StandardCharsets.UTF_8,
                Optional.empty());
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("a", "b");
        assertThat(read.features().get(0).geometry().getCoordinate().x).isBetween(105.849999, 105.850001);
        assertThat(refusals(read))
                .isEqualTo("feature 1 (id n): its geometry is missing or empty;"
                        + " feature 4 (line 5): it is not in EPSG:9213, as others before it are");
    }
}
