package city.canopy.geo.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapefileFormatTest {
    private static final int WIDTH = 20;

    @TempDir
    private Path folder;

    private LayerImport.Result read(Path file, String... id) throws IOException {
        return read(file, Optional.of("EPSG:4326"), id);
    }

    private static LayerImport.Result read(Path file, Optional<String> crs, String... id) throws IOException {
        return LayerImport.read(
                file,
                new ShapefileFormat(),
                new LayerImport.Wish(
                        "trees",
                        crs,
                        new AttributeMapping(Arrays.stream(id).findFirst(), List.of(), true),
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(105.85, 21.47),
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
    }

    /** Trees with one number each, of this many decimals, written byte by byte. */
    private Path shapefile(String name, int decimals, String... numbers) throws IOException {
        Path shp = folder.resolve(name + ".shp");
        ByteBuffer shapes = ByteBuffer.allocate(100 + 28 * numbers.length);
        shapes.putInt(9994).position(24);
        shapes.putInt(shapes.capacity() / 2).order(ByteOrder.LITTLE_ENDIAN).putInt(1000);
        shapes.putInt(1).position(100);
        ByteBuffer index = ByteBuffer.allocate(100 + 8 * numbers.length);
        index.put(shapes.array(), 0, 100).putInt(24, index.capacity() / 2);
        for (int i = 0; i < numbers.length; i++) {
            index.putInt(50 + 14 * i).putInt(10);
            shapes.order(ByteOrder.BIG_ENDIAN).putInt(i + 1).putInt(10).order(ByteOrder.LITTLE_ENDIAN);
            shapes.putInt(1).putDouble(105.85 + i / 1e4).putDouble(21.47);
        }
        Files.write(shp, shapes.array());
        Files.write(folder.resolve(name + ".shx"), index.array());
        Files.write(folder.resolve(name + ".dbf"), rows(decimals, numbers));
        return shp;
    }

    private static byte[] rows(int decimals, String... numbers) {
        ByteBuffer rows = ByteBuffer.allocate(66 + (1 + WIDTH) * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        rows.put(new byte[] {3, 124, 1, 1}).putInt(numbers.length).putShort((short) 65);
        rows.putShort((short) (1 + WIDTH)).position(32);
        rows.put("MA".getBytes(StandardCharsets.US_ASCII)).position(43);
        rows.put((byte) 'N').position(48);
        rows.put((byte) WIDTH).put((byte) decimals).position(64);
        rows.put((byte) '\r');
        for (String number : numbers) {
            rows.put((" " + " ".repeat(WIDTH - number.length()) + number).getBytes(StandardCharsets.US_ASCII));
        }
        return rows.put((byte) 0x1A).array();
    }

    @Test
    void rowsThatAreCutOffAreNotMadeOfOthers() throws IOException {
        Path shp = shapefile("cay", 0, "11", "12", "13");
        assertThat(read(shp).features())
                .extracting(each -> each.properties().get("MA"))
                .containsExactly(11L, 12L, 13L);
        Path dbf = folder.resolve("cay.dbf");
        byte[] whole = Files.readAllBytes(dbf);
        Files.write(dbf, Arrays.copyOf(whole, whole.length - 10));
        assertThatThrownBy(() -> read(shp))
                .isInstanceOf(IOException.class)
                .hasMessage("cay.dbf is cut off: it has 2 of its 3 rows; hand it over again");
        Files.write(dbf, Arrays.copyOf(whole, 20));
        assertThatThrownBy(() -> read(shp)).hasMessageContaining("it has no head");
        // Without the mark at its end, as some programs write it.
        Files.write(dbf, Arrays.copyOf(whole, whole.length - 1));
        assertThat(read(shp).features()).hasSize(3);
    }

    @Test
    void aNumberThatIsTooLongIsNotTakenForAnother() throws IOException {
        Path shp = shapefile("cay", 0, "12345678901234567890", "123456789012345678", "-9999999999999999999");
        LayerImport.Result read = read(shp, "MA");
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("123456789012345678");
        assertThat(read.refused())
                .extracting(each ->
                        each.problem().featureRef() + " " + each.problem().code())
                .containsExactly("feature 1 bad_properties", "feature 3 bad_properties");
    }

    @Test
    void anIdOutOfAColumnOfFractionsIsWrittenAsPeopleWriteIt() throws IOException {
        Path shp = shapefile("cay", 2, "12345678.00", "7.50", "0.00");
        assertThat(read(shp, "MA").features()).extracting(GeoFeature::id).containsExactly("12345678", "7.5", "0");
    }

    @Test
    void siblingsMayBeginWithTheMarkOfUtf8OrBeEmpty() throws IOException {
        Path shp = shapefile("cay", 0, "1");
        Files.writeString(folder.resolve("cay.cpg"), "\uFEFFUTF-8\r\n");
        Files.writeString(folder.resolve("cay.prj"), "\uFEFF" + Crs.text("EPSG:4326"));
        assertThat(read(shp, Optional.empty()).features()).hasSize(1);
        Files.writeString(folder.resolve("cay.cpg"), "");
        Files.writeString(folder.resolve("cay.prj"), "\n");
        assertThatThrownBy(() -> read(shp, Optional.empty()))
                .hasMessage("cay.shp does not say its coordinate system; say it, such as EPSG:9213");
        assertThat(read(shp).features()).hasSize(1);
    }

    @Test
    void withoutItsIndexAShapefileIsReadAllTheSame() throws IOException {
        Path shp = shapefile("cay", 0, "1", "2");
        Files.delete(folder.resolve("cay.shx"));
        assertThat(read(shp).features()).hasSize(2);
    }

    @Test
    void namesInAZipMayBeInAnyCodePage() throws IOException {
        shapefile("cay", 0, "1", "2");
        Path zip = folder.resolve("cay.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip), Charset.forName("windows-1258"))) {
            for (String ending : List.of(".shp", ".shx", ".dbf")) {
                out.putNextEntry(new ZipEntry("Sông Công/Đô" + ending));
                Files.copy(folder.resolve("cay" + ending), out);
            }
        }
        assertThat(read(zip).features()).hasSize(2);
    }

    @Test
    void aZipThatEndsTooSoonIsSaidToDoSo() throws IOException {
        shapefile("cay", 0, "1", "2");
        Path zip = folder.resolve("cay.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("cay.shp"));
            Files.copy(folder.resolve("cay.shp"), out);
        }
        byte[] bytes = Files.readAllBytes(zip);
        ByteBuffer end = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int directory = end.getInt(bytes.length - 6);
        // The directory says that the packed bytes are fewer than they are.
        end.putInt(directory + 20, 20);
        Files.write(zip, bytes);
        assertThatThrownBy(() -> read(zip))
                .isInstanceOf(IOException.class)
                .hasMessage("cay.zip is damaged or cut off: it ends too soon");
    }
}
