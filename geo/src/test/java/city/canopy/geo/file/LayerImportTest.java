package city.canopy.geo.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.geotools.api.data.SimpleFeatureStore;
import org.geotools.api.feature.simple.SimpleFeatureType;
import org.geotools.data.DataUtilities;
import org.geotools.data.shapefile.ShapefileDataStore;
import org.geotools.feature.simple.SimpleFeatureBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

class LayerImportTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);
    /** VN-2000, 106°30', k 0.9999, as ESRI's programs write it: without the shift of the datum. */
    private static final String THAI_NGUYEN =
            "PROJCS[\"VN_2000_TM3_10630\",GEOGCS[\"GCS_VN_2000\",DATUM[\"D_Vietnam_2000\","
                    + "SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
                    + "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
                    + "PARAMETER[\"Central_Meridian\",106.5],PARAMETER[\"Scale_Factor\",0.9999],PARAMETER[\"Latitude_Of_Origin\",0.0],"
                    + "UNIT[\"Meter\",1.0]]";

    @TempDir
    private Path folder;

    private LayerImport.Result read(Path file) throws IOException {
        return read(file, Optional.empty(), AttributeMapping.AS_IT_IS, FormatOptions.NONE);
    }

    private static LayerImport.Result read(
            Path file, Optional<String> crs, AttributeMapping mapping, FormatOptions options) throws IOException {
        return read(file, crs, mapping, options, count -> {});
    }

    private static LayerImport.Result read(
            Path file, Optional<String> crs, AttributeMapping mapping, FormatOptions options, IntConsumer seen)
            throws IOException {
        LayerFormat format = LayerFormats.standard().of(file).orElseThrow();
        return LayerImport.read(
                file,
                format,
                new LayerImport.Wish("trees", crs, mapping, Set.of(), Map.of(), PLANE, options, FeatureCheck.NONE),
                seen);
    }

    @Test
    void whoWaitsIsToldHowManyFeaturesHaveBeenRead() throws IOException {
        Path trees = file("trees.csv", "id,lon,lat\nA,105.85,21.47\nB,205.85,21.47\nC,105.86,21.47\n");
        List<Integer> told = new ArrayList<>();
        read(trees, Optional.of("EPSG:4326"), AttributeMapping.AS_IT_IS, FormatOptions.NONE, told::add);
        assertThat(told).containsExactly(1, 2, 3);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<String> refusals(LayerImport.Result result) {
        return result.refused().stream()
                .map(each -> each.problem().featureRef() + " " + each.problem().code())
                .toList();
    }

    /** Writes points with a name each, in this charset, as a program of the city would. */
    private Path shapefile(String name, Charset charset, Map<Coordinate, String> trees) throws Exception {
        Path shp = folder.resolve(name + ".shp");
        ShapefileDataStore store = new ShapefileDataStore(shp.toUri().toURL());
        SimpleFeatureType type = DataUtilities.createType(name, "the_geom:Point,loai_cay:String,cao:Double");
        store.setCharset(charset);
        store.createSchema(type);
        SimpleFeatureBuilder builder = new SimpleFeatureBuilder(type);
        SimpleFeatureStore rows = (SimpleFeatureStore) store.getFeatureSource();
        var list = new org.geotools.feature.DefaultFeatureCollection();
        trees.forEach((place, tree) -> {
            builder.add(new GeometryFactory().createPoint(place));
            builder.add(tree);
            builder.add(7.5);
            list.add(builder.buildFeature(null));
        });
        rows.addFeatures(list);
        store.dispose();
        Files.deleteIfExists(folder.resolve(name + ".prj"));
        return shp;
    }

    @Test
    void aShapefileInVn2000StandsWhereItIsToACentimetreAndKeepsItsLetters() throws Exception {
        Path shp =
                shapefile("cay", StandardCharsets.UTF_8, Map.of(new Coordinate(432_443.490, 2_375_127.423), "Xà cừ"));
        file("cay.prj", THAI_NGUYEN);
        file("cay.cpg", "UTF-8");
        LayerImport.Result read = read(shp);
        assertThat(refusals(read)).isEmpty();
        GeoFeature tree = read.features().get(0);
        assertThat(tree.geometry().getCoordinate().x).isCloseTo(105.85, within(1e-7));
        assertThat(tree.geometry().getCoordinate().y).isCloseTo(21.47, within(1e-7));
        assertThat(tree.properties()).containsEntry("loai_cay", "Xà cừ").containsEntry("cao", 7.5);
        assertThat(read.numbered()).isTrue();
    }

    @Test
    void aShapefileWithoutAPrjIsAskedFor() throws Exception {
        Path shp = shapefile("cay", StandardCharsets.UTF_8, Map.of(new Coordinate(432_443.490, 2_375_127.423), "Bàng"));
        assertThatThrownBy(() -> read(shp))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not say its coordinate system; say it, such as EPSG:9213");
        assertThat(read(shp, Optional.of("EPSG:9213"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)
                        .features())
                .hasSize(1);
        file("cay.cpg", "klingon");
        assertThatThrownBy(() -> read(shp)).hasMessageContaining("klingon is not known");
    }

    @Test
    void oldVietnameseEncodingsAreReadWhereTheyAreDeclared() throws Exception {
        // "Phượng vĩ" in TCVN 5712 VN3, byte for byte.
        String tcvn3 = "Ph\u00ad\u00eeng v\u00dc";
        Path shp = shapefile("cay", StandardCharsets.ISO_8859_1, Map.of(new Coordinate(105.85, 21.47), tcvn3));
        file("cay.cpg", "TCVN3");
        assertThat(read(shp, Optional.of("EPSG:4326"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)
                        .features()
                        .get(0)
                        .properties())
                .containsEntry("loai_cay", "Phượng vĩ");
        Path other = shapefile(
                "cu",
                Charset.forName("windows-1258"),
                Map.of(
                        new Coordinate(105.85, 21.47),
                        "Bằng lăng tím".replace("ằ", "ă\u0300").replace("í", "i\u0301")));
        file("cu.cpg", "1258");
        assertThat(read(other, Optional.of("EPSG:4326"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)
                        .features()
                        .get(0)
                        .properties())
                .containsEntry("loai_cay", "Bằng lăng tím");
    }

    @Test
    void aZipIsUnpackedWithoutLeavingItsFolder() throws Exception {
        shapefile("cay", StandardCharsets.UTF_8, Map.of(new Coordinate(105.85, 21.47), "Sấu"));
        Path zip = folder.resolve("cay.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String ending : List.of(".shp", ".shx", ".dbf")) {
                out.putNextEntry(new ZipEntry("../../../outside/cay" + ending));
                out.write(Files.readAllBytes(folder.resolve("cay" + ending)));
            }
        }
        assertThat(read(zip, Optional.of("EPSG:4326"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)
                        .features())
                .hasSize(1);
        assertThat(folder.resolve("../../../outside")).doesNotExist();
        assertThatThrownBy(() -> read(Files.write(folder.resolve("broken.zip"), new byte[] {1, 2, 3})))
                .hasMessageContaining("broken.zip is no zip file");
    }

    @Test
    void aTableIsReadByItsHeaderOrByWhatIsSaid() throws Exception {
        Path table = file(
                "cay.csv",
                "\uFEFFkinh độ;vĩ độ;ma;loai\n105,85;21,47;00518;Bàng\n105.86;21.48;00519;\"Sấu; to\"\nx;1;3;4\n;;5;6\n");
        LayerImport.Result read = read(
                table,
                Optional.of("EPSG:4326"),
                new AttributeMapping(Optional.of("ma"), List.of(), true),
                FormatOptions.NONE);
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("00518", "00519");
        assertThat(read.features().get(1).properties())
                .containsEntry("loai", "Sấu; to")
                .containsEntry("ma", "00519");
        assertThat(refusals(read))
                .containsExactly("feature 3 (line 4) bad_coordinates", "feature 4 (id 5) no_geometry");
        Path wkt = file("duong.csv", "hinh,ten\n\"LINESTRING (105.85 21.47, 105.86 21.47)\",A\nPOINT (,B\n");
        FormatOptions options = new FormatOptions(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("hinh"), Optional.empty());
        LayerImport.Result lines = read(wkt, Optional.of("EPSG:4326"), AttributeMapping.AS_IT_IS, options);
        assertThat(lines.features()).hasSize(1);
        assertThat(refusals(lines)).containsExactly("feature 2 (line 3) unknown_geometry");
        assertThatThrownBy(() -> read(wkt)).hasMessageContaining("has the columns hinh, ten; say which hold");
    }

    @Test
    void attributesAreMappedWithTheirUnitsAndWords() throws Exception {
        Path table = file("baum.csv", "X,Y,baum,umfang,art\n105.85,21.47,7,314.159265358979,Ahorn\n");
        AttributeMapping mapping = new AttributeMapping(
                Optional.of("baum"),
                List.of(
                        new AttributeMapping.Column("diameter_cm", "umfang", 1 / Math.PI, Map.of()),
                        new AttributeMapping.Column("species", "art", 1, Map.of("Ahorn", "Phong"))),
                false);
        assertThat(read(table, Optional.of("EPSG:4326"), mapping, FormatOptions.NONE)
                        .features()
                        .get(0)
                        .properties())
                .isEqualTo(Map.of("diameter_cm", 100.0, "species", "Phong"));
    }

    @Test
    void numbersAreReadAlikeWhereACommaIsWritten() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("vi-VN"));
        try {
            attributesAreMappedWithTheirUnitsAndWords();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aTextBecomesANumberWhereTheLayerHasOne() throws Exception {
        Path file = file("cay.csv", "id;lon;lat;height_m;note\na;105,85;21,47;7,5;7,5\nb;105,85;21,47;high;3\n");
        LayerImport.Result read = read(
                file,
                Optional.of("EPSG:4326"),
                AttributeMapping.AS_IT_IS.withNumbers(Set.of("height_m")),
                FormatOptions.NONE);
        assertThat(read.features().get(0).properties())
                .containsEntry("height_m", 7.5)
                .containsEntry("note", "7,5");
        assertThat(read.features().get(1).properties()).containsEntry("height_m", "high");
    }

    @ParameterizedTest
    @ValueSource(strings = {"urn:ogc:def:crs:EPSG::9213", "EPSG:9213", "http://www.opengis.net/def/crs/EPSG/0/9213"})
    void geoJsonOfBeforeItsStandardSaysItsSystem(String name) throws Exception {
        String features = "\"features\":[{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{},\"geometry\":"
                + "{\"type\":\"Point\",\"coordinates\":[432443.49,2375127.423]}}]";
        String crs = "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" + name + "\"}}";
        for (String members : List.of(crs + "," + features, features + "," + crs)) {
            Path file = file("cay.geojson", "{\"type\":\"FeatureCollection\"," + members + "}");
            LayerImport.Result read = read(file);
            assertThat(refusals(read)).isEmpty();
            assertThat(read.features().get(0).geometry().getCoordinate().x).isCloseTo(105.85, within(1e-7));
        }
        Path silent = file("cay.geojson", "{\"type\":\"FeatureCollection\"," + features + "}");
        assertThat(refusals(read(silent))).containsExactly("feature 1 (id a) out_of_range");
        assertThat(read(silent, Optional.of("EPSG:9213"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)
                        .features())
                .hasSize(1);
        Path unknown = file(
                "cay.geojson",
                "{\"type\":\"FeatureCollection\"," + crs.replace("9213", "99999") + "," + features + "}");
        assertThatThrownBy(() -> read(unknown)).hasMessageContaining("no coordinate system \"EPSG:99999\"");
    }

    @Test
    void everyKindOfWrongFeatureIsNamed() throws Exception {
        Path file = file(
                "cay.csv",
                "lon,lat,id\n105.85,21.47,a\n21.47,105.85,b\n400,500,c\n10,50,d\n105.85,21.47,a\nNaN,21,e\n105.85,21.47,\n");
        LayerImport.Result read = read(
                file,
                Optional.of("EPSG:4326"),
                new AttributeMapping(Optional.of("id"), List.of(), true),
                FormatOptions.NONE);
        assertThat(refusals(read))
                .containsExactly(
                        "feature 2 (id b) swapped_axes",
                        "feature 3 (id c) out_of_range",
                        "feature 4 (id d) outside_area",
                        "feature 5 (id a) duplicate_id",
                        "feature 6 (id e) bad_coordinates",
                        "feature 7 no_id");
        assertThat(read.refused().get(2).geometry()).isPresent();
        assertThat(read.refusedCount()).isEqualTo(6);
    }

    @Test
    void swappedAxesAreToldWhereverBothNumbersCouldBeRight() throws Exception {
        Path metres = file("toado.csv", "X,Y\n2375127.423,432443.49\n432443.49,2375127.423\n432443.49,1375127.423\n");
        assertThat(refusals(read(metres, Optional.of("EPSG:9213"), AttributeMapping.AS_IT_IS, FormatOptions.NONE)))
                .containsExactly("feature 1 (id 1) swapped_axes", "feature 3 (id 3) outside_area");
        Path degrees = file("konstanz.csv", "lon,lat\n47.66,9.17\n9.17,47.66\n");
        LayerImport.Wish wish = new LayerImport.Wish(
                "trees",
                Optional.of("EPSG:4326"),
                AttributeMapping.AS_IT_IS,
                Set.of(),
                Map.of(),
                WorkingPlane.centredOn(9.17, 47.66),
                FormatOptions.NONE,
                FeatureCheck.NONE);
        assertThat(refusals(LayerImport.read(degrees, new CsvFormat(), wish)))
                .containsExactly("feature 1 (id 1) swapped_axes");
    }

    @Test
    void placemarksOfKmlComeWithTheirDataAndNoEntityIsFollowed() throws Exception {
        Path kml = file("diem.kml", """
                <kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
                <Placemark id="p1"><name>Chợ Bình Sơn</name><ExtendedData><Data name="kind"><value>bin</value></Data>
                <SchemaData><SimpleData name="capacity_l">660</SimpleData></SchemaData></ExtendedData>
                <Point><coordinates> 105.85,21.47,0 </coordinates></Point></Placemark>
                <Placemark id="p2"><MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
                105.85,21.47 105.86,21.47 105.86,21.48 105.85,21.47</coordinates></LinearRing></outerBoundaryIs></Polygon>
                <LineString><coordinates>105.85,21.47 105.86,21.47</coordinates></LineString></MultiGeometry></Placemark>
                <Placemark id="p3"><Point><coordinates>here</coordinates></Point></Placemark>
                </Folder></Document></kml>
                """);
        LayerImport.Result read = read(kml);
        assertThat(read.features()).extracting(GeoFeature::id).containsExactly("p1", "p2");
        assertThat(read.features().get(0).properties())
                .isEqualTo(Map.of("name", "Chợ Bình Sơn", "kind", "bin", "capacity_l", "660"));
        assertThat(read.features().get(1).geometry().getNumGeometries()).isEqualTo(2);
        assertThat(refusals(read)).containsExactly("feature 3 bad_coordinates");
        Path secret = file("secret.txt", "the secret");
        Path attack = file(
                "xxe.kml",
                "<!DOCTYPE kml [<!ENTITY x SYSTEM \"" + secret.toUri()
                        + "\">]><kml><Placemark id=\"a\"><name>&x;</name>"
                        + "<Point><coordinates>105.85,21.47</coordinates></Point></Placemark></kml>");
        assertThatThrownBy(() -> read(attack))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("xxe.kml is no KML");
    }

    @Test
    void theFormatIsToldByTheName() {
        assertThat(LayerFormats.standard().of(Path.of("Cay.SHP")).orElseThrow().name())
                .isEqualTo("shapefile");
        assertThat(LayerFormats.standard().of(Path.of("cay.docx"))).isEmpty();
        assertThat(LayerFormats.standard().list()).contains("kml (.kml, .kmz)");
    }
}
