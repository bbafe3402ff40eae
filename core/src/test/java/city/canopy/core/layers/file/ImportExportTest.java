package city.canopy.core.layers.file;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.export.LayerOutput;
import city.canopy.geo.export.LayerOutputs;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormats;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.locationtech.jts.geom.Coordinate;

/** What is taken in, written out and taken in again is the same, over layers of all kinds. */
class ImportExportTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final LayerFormats FORMATS = LayerFormats.standard().and(new GeoPackageFormat());
    private static final LayerOutputs OUTPUTS = LayerOutputs.standard().and(new GeoPackageOutput(CLOCK));

    @TempDir
    private Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static List<GeoFeature> read(Path file) throws IOException {
        LayerImport.Result read = LayerImport.read(
                file,
                FORMATS.of(file).orElseThrow(),
                new LayerImport.Wish(
                        "test",
                        Optional.empty(),
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        PLANE,
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
        assertThat(read.refused()).isEmpty();
        return read.features();
    }

    private Path write(List<GeoFeature> features, String format) throws IOException {
        LayerOutput output = OUTPUTS.find(format).orElseThrow();
        Path file = folder.resolve("out." + output.ending());
        assertThat(output.write(new LayerExtract("test", features, "EPSG:4326"), file))
                .isEmpty();
        return file;
    }

    /** Features as they come from a file: the generated ones written as plain GeoJSON and taken in. */
    private List<GeoFeature> imported(long seed) throws IOException {
        Path source = folder.resolve("source.geojson");
        try (OutputStream out = Files.newOutputStream(source)) {
            GeoJsonWriter.writeExactly(RandomLayer.of(seed, 30), out);
        }
        return read(source);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aGeoPackageGivesBackWhatWasWritten(long seed) throws IOException {
        List<GeoFeature> before = imported(seed);
        assertThat(before).hasSize(30);
        assertSame(read(write(before, "gpkg")), before);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void geoJsonGivesBackWhatWasWritten(long seed) throws IOException {
        List<GeoFeature> before = imported(seed);
        assertSame(read(write(before, "geojson")), before);
    }

    /** Nothing is lost on the first way in either: what the generator made is what the layer has. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theFirstImportKeepsIdsShapesAndValues(long seed) throws IOException {
        List<GeoFeature> made = RandomLayer.of(seed, 30);
        List<GeoFeature> before = imported(seed);
        for (int i = 0; i < made.size(); i++) {
            assertThat(before.get(i).id()).isEqualTo(made.get(i).id());
            assertThat(before.get(i)
                            .geometry()
                            .norm()
                            .equalsExact(made.get(i).geometry().norm()))
                    .isTrue();
            Map<String, Object> values = new HashMap<>();
            made.get(i).properties().forEach((name, value) -> values.put(name, plain(value)));
            values.values().removeIf(java.util.Objects::isNull);
            Map<String, Object> read = new HashMap<>();
            before.get(i).properties().forEach((name, value) -> read.put(name, plain(value)));
            assertThat(read).isEqualTo(values);
        }
    }

    /** Numbers by their value alone. */
    private static Object plain(Object value) {
        return value instanceof Number number ? (Double) (number.doubleValue() + 0.0) : value;
    }

    private static void assertSame(List<GeoFeature> read, List<GeoFeature> before) {
        assertThat(read)
                .extracting(GeoFeature::id)
                .isEqualTo(before.stream().map(GeoFeature::id).toList());
        for (int i = 0; i < read.size(); i++) {
            GeoFeature was = before.get(i);
            assertThat(read.get(i).properties()).as(was.id()).isEqualTo(was.properties());
            assertThat(read.get(i).geometry().equalsExact(was.geometry()))
                    .as("%s became %s", was.geometry(), read.get(i).geometry())
                    .isTrue();
            Coordinate[] now = read.get(i).geometry().getCoordinates();
            Coordinate[] then = was.geometry().getCoordinates();
            for (int k = 0; k < now.length; k++) {
                assertThat(Double.compare(now[k].getZ(), then[k].getZ())).isZero();
            }
        }
    }
}
