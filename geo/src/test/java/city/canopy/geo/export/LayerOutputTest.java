package city.canopy.geo.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormats;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** What Shapefiles and tables hold of a layer, and what they say that they do not. */
class LayerOutputTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);

    @TempDir
    private Path folder;

    private static GeoFeature feature(String id, String wkt, Map<String, Object> properties) throws ParseException {
        Geometry geometry = new WKTReader().read(wkt);
        return new GeoFeature("test", id, geometry, properties, 1);
    }

    private List<String> write(String format, String crs, Path file, GeoFeature... features) throws IOException {
        return LayerOutputs.standard()
                .find(format)
                .orElseThrow()
                .write(new LayerExtract("test", List.of(features), crs), file);
    }

    private LayerImport.Result read(Path file, String table) throws IOException {
        FormatOptions options = new FormatOptions(
                Optional.ofNullable(table), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return LayerImport.read(
                file,
                LayerFormats.standard().of(file).orElseThrow(),
                new LayerImport.Wish(
                        "test",
                        file.toString().endsWith("csv") ? Optional.of("EPSG:9213") : Optional.empty(),
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        PLANE,
                        options,
                        FeatureCheck.NONE));
    }

    @Test
    void aShapefileHoldsALayerOfOneKindAndSaysWhatItCutAndRenamed() throws Exception {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("diameter_at_breast_cm", 31.5);
        all.put("diameter_at_base_cm", 40L);
        all.put("loài cây", "ă".repeat(200));
        all.put("planted", "2020-02-29");
        all.put("inspected", "2020-02-29T10:00:00Z");
        all.put("alive", true);
        Path zip = folder.resolve("test.zip");
        List<String> notes = write("shp", "EPSG:9213", zip, feature("Cây 1", "POINT (105.85 21.47)", all));
        assertThat(notes)
                .containsExactly(
                        "The attribute diameter_at_breast_cm is called diameter_a.",
                        "The attribute diameter_at_base_cm is called diameter_2.",
                        "The attribute loài cây is called loai_cay.",
                        "1 texts of more than 254 bytes are cut.");
        GeoFeature read = read(zip, null).features().get(0);
        assertThat(read.id()).isEqualTo("Cây 1");
        assertThat(read.geometry().getCoordinate().x).isCloseTo(105.85, within(1e-7));
        assertThat(read.geometry().getCoordinate().y).isCloseTo(21.47, within(1e-7));
        assertThat(read.properties())
                .containsEntry("diameter_a", 31.5)
                .containsEntry("diameter_2", 40L)
                .containsEntry("loai_cay", "ă".repeat(127))
                .containsEntry("planted", "2020-02-29")
                .containsEntry("inspected", "2020-02-29T10:00:00Z")
                .containsEntry("alive", true);
        try (ZipFile entries = new ZipFile(zip.toFile())) {
            assertThat(entries.stream().map(Object::toString))
                    .containsExactly("test.cpg", "test.dbf", "test.prj", "test.shp", "test.shx", "NOTES.txt");
        }
    }

    @Test
    void aLayerOfSeveralKindsBecomesSeveralShapefilesAndCollectionsAreLeftOut() throws Exception {
        Path zip = folder.resolve("test.zip");
        GeoFeature collection = feature(
                "c", "GEOMETRYCOLLECTION (POINT (105.85 21.47), LINESTRING (105.85 21.47, 105.86 21.47))", Map.of());
        List<String> notes = write(
                "shp",
                "EPSG:4326",
                zip,
                feature("p", "POINT (105.85 21.47)", Map.of()),
                feature("l", "LINESTRING (105.85 21.47, 105.86 21.47)", Map.of()),
                feature("a", "POLYGON ((105.85 21.47, 105.86 21.47, 105.86 21.48, 105.85 21.47))", Map.of()),
                collection);
        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).contains("there is a Shapefile for each");
        assertThat(notes.get(1)).startsWith("1 features are collections").contains("left out");
        for (String[] each : new String[][] {{"test_points", "p"}, {"test_lines", "l"}, {"test_polygons", "a"}}) {
            assertThat(read(zip, each[0]).features()).extracting(GeoFeature::id).containsExactly(each[1]);
        }
        assertThatThrownBy(() -> write("shp", "EPSG:4326", zip, collection))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all are collections of geometries; export it as gpkg or geojson");
    }

    @Test
    void aTableOfPointsHasTwoColumnsAndAnyOtherWellKnownText() throws Exception {
        Path csv = folder.resolve("test.csv");
        GeoFeature point = feature("00518", "POINT (105.85 21.47)", Map.of("name", "Sấu, \"to\"", "id", "x"));
        assertThat(write("csv", "EPSG:9213", csv, point))
                .containsExactly("The attribute id stands in the column id_2.");
        assertThat(Files.readString(csv)).startsWith("id,x,y,").contains("00518,432443.4897");
        GeoFeature read = read(csv, null).features().get(0);
        assertThat(read.id()).isEqualTo("00518");
        assertThat(read.geometry().getCoordinate().x).isCloseTo(105.85, within(1e-7));
        assertThat(read.properties()).containsEntry("name", "Sấu, \"to\"");
        write("csv", "EPSG:4326", csv, feature("l", "LINESTRING (105.85 21.47, 105.86 21.47)", Map.of()));
        assertThat(Files.readString(csv).lines())
                .containsExactly("id,wkt", "l,\"LINESTRING (105.85 21.47, 105.86 21.47)\"");
    }

    @Test
    void geoJsonIsInLongitudeAndLatitudeAndASystemMustBeKnown() throws Exception {
        Path file = folder.resolve("test.geojson");
        GeoFeature point = feature("p", "POINT (105.85 21.47)", Map.of());
        assertThatThrownBy(() -> write("geojson", "EPSG:9213", file, point))
                .hasMessageContaining("GeoJSON is in longitude and latitude");
        assertThatThrownBy(() -> write("csv", "EPSG:999999", file, point)).isInstanceOf(UnknownCrsException.class);
    }
}
