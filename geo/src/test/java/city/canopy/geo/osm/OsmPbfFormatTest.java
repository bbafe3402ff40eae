package city.canopy.geo.osm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.file.OsmTags;
import com.google.protobuf.ByteString;
import crosby.binary.Fileformat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsmPbfFormatTest {
    @TempDir
    private Path folder;

    private LayerImport.Result read(byte[] bytes, Map<String, Set<String>> tags, boolean areas) throws IOException {
        Path file = Files.write(folder.resolve("a.osm.pbf"), bytes);
        return LayerImport.read(
                file,
                new OsmPbfFormat(),
                new LayerImport.Wish(
                        "test",
                        Optional.empty(),
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(105.85, 21.47),
                        FormatOptions.NONE.with(Optional.of(new OsmTags(tags, areas))),
                        FeatureCheck.NONE));
    }

    /** A square of four nodes, its corners at these ids. */
    private static PbfFile square(PbfFile file, long first, double west, double south, double side) {
        return file.node(first, west, south)
                .node(first + 1, west + side, south)
                .node(first + 2, west + side, south + side)
                .node(first + 3, west, south + side);
    }

    @Test
    void nodesAndWaysWithTheWantedTagsComeWithTheirTagsAndIds() throws IOException {
        PbfFile file = square(new PbfFile(), 1, 105.85, 21.47, 0.01)
                .node(10, 105.8512345, 21.4712345, "natural", "tree", "species:vi", "Xà cừ")
                .node(11, 105.86, 21.48, "amenity", "bench")
                .way(100, new long[] {1, 2, 3}, "highway", "residential", "name", "Đường 30/4")
                .way(101, new long[] {1, 2, 3, 4, 1}, "highway", "pedestrian")
                .way(102, new long[] {1, 2}, "building", "yes")
                .way(103, new long[] {1, 99}, "highway", "path");
        LayerImport.Result read = read(file.bytes(), Map.of("natural", Set.of("tree"), "highway", Set.of("*")), false);
        assertThat(read.features())
                .extracting(feature -> feature.id() + " " + feature.geometry().getGeometryType())
                .containsExactly("n10 Point", "w100 LineString", "w101 LineString");
        assertThat(read.features().get(0).geometry().getCoordinate().x).isEqualTo(105.8512345);
        assertThat(read.features().get(0).properties()).isEqualTo(Map.of("natural", "tree", "species:vi", "Xà cừ"));
        assertThat(read.features().get(1).properties()).containsEntry("name", "Đường 30/4");
        assertThat(read.refused()).hasSize(1);
        assertThat(read.refused().get(0).problem().detail()).isEqualTo("a node of it is not in the file");
        LayerImport.Result areas = read(file.bytes(), Map.of("highway", Set.of("pedestrian")), true);
        assertThat(areas.features().get(0).geometry().getGeometryType()).isEqualTo("Polygon");
    }

    @Test
    void multipolygonsAreBuiltOfTheirWaysWithHoles() throws IOException {
        PbfFile file = square(
                        square(square(new PbfFile(), 1, 105.8, 21.4, 0.1), 11, 105.82, 21.42, 0.02),
                        21,
                        106.0,
                        21.4,
                        0.1)
                .way(100, new long[] {1, 2, 3})
                .way(101, new long[] {3, 4, 1})
                .way(102, new long[] {11, 12, 13, 14, 11})
                .way(103, new long[] {21, 22, 23, 24, 21})
                .multipolygon(7, new long[] {100, 101, -102, 103}, "landuse", "forest")
                .multipolygon(8, new long[] {100}, "landuse", "forest")
                .multipolygon(9, new long[] {103, 999}, "landuse", "forest")
                .multipolygon(10, new long[] {103}, "landuse", "grass");
        LayerImport.Result read = read(file.bytes(), Map.of("landuse", Set.of("forest")), true);
        assertThat(read.features()).hasSize(1);
        assertThat(read.features().get(0).id()).isEqualTo("r7");
        assertThat(read.features().get(0).geometry().getNumGeometries()).isEqualTo(2);
        assertThat(read.features().get(0).geometry().getArea()).isBetween(0.0195, 0.0197);
        assertThat(read.features().get(0).properties()).isEqualTo(Map.of("landuse", "forest"));
        assertThat(read.refused())
                .extracting(each -> each.problem().detail())
                .containsExactly("its ways make no closed rings", "its way 999 is not whole in the file");
    }

    @Test
    void whatIsDamagedOrNotUnderstoodIsSaid() throws IOException {
        Map<String, Set<String>> trees = Map.of("natural", Set.of("tree"));
        byte[] good = new PbfFile().node(1, 105.85, 21.47, "natural", "tree").bytes();
        assertThat(read(good, trees, false).features()).hasSize(1);
        assertThatThrownBy(() -> new OsmPbfFormat().read(folder.resolve("a.pbf"), FormatOptions.NONE, null))
                .hasMessageContaining("say a mapping that has tags");
        assertThatThrownBy(() -> read(new byte[0], trees, false)).hasMessageContaining("it is empty");
        assertThatThrownBy(() -> read(new byte[] {127, 0, 0, 0}, trees, false))
                .hasMessageContaining("over the format's limit");
        assertThatThrownBy(() ->
                        read(new PbfFile().requires("HistoricalInformation").bytes(), trees, false))
                .hasMessageContaining("wants its reader to understand HistoricalInformation");
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        PbfFile.write(
                bomb,
                "OSMHeader",
                Fileformat.Blob.newBuilder()
                        .setRawSize(Integer.MAX_VALUE)
                        .setZlibData(ByteString.copyFrom(new byte[] {1}))
                        .build());
        assertThatThrownBy(() -> read(bomb.toByteArray(), trees, false)).hasMessageContaining("unpacks to over 32 MiB");
    }

    @Test
    void aFileWithFlippedOrMissingBytesIsReadOrRefusedAndNothingElse() throws IOException {
        PbfFile file = square(new PbfFile(), 1, 105.85, 21.47, 0.01)
                .way(100, new long[] {1, 2, 3, 4, 1}, "landuse", "forest")
                .multipolygon(7, new long[] {100}, "landuse", "forest");
        byte[] good = file.bytes();
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int k = 0; k < random.nextInt(4) && bad.length > 0; k++) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                read(bad, Map.of("landuse", Set.of("*")), true);
            } catch (IOException e) {
                assertThat(e.getMessage()).contains("a.osm.pbf");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(900);
    }
}
