package city.canopy.core.layers.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** What is particular to GeoPackages; that nothing is lost on the way is {@link ImportExportTest}'s. */
class GeoPackageFormatTest {
    private static final WorkingPlane PLANE = WorkingPlane.centredOn(105.85, 21.47);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final GeoFeature TREE = new GeoFeature(
            "trees",
            "T1",
            new GeometryFactory().createPoint(new Coordinate(105.85, 21.47)),
            Map.of("species", "Xà cừ", "height_m", 7.5, "watered", true),
            1);

    @TempDir
    private Path folder;

    private Path written(String crs) throws IOException {
        Path file = folder.resolve("cây #1 100%.gpkg");
        new GeoPackageOutput(CLOCK).write(new LayerExtract("trees", List.of(TREE), crs), file);
        return file;
    }

    private static LayerImport.Result read(Path file, Optional<String> crs, Optional<String> table) throws IOException {
        FormatOptions options =
                new FormatOptions(table, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return LayerImport.read(
                file,
                new GeoPackageFormat(),
                new LayerImport.Wish(
                        "trees",
                        crs,
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        PLANE,
                        options,
                        FeatureCheck.NONE));
    }

    private static LayerImport.Result read(Path file) throws IOException {
        return read(file, Optional.empty(), Optional.empty());
    }

    private static void sql(Path file, String... statements) throws SQLException {
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement()) {
            for (String statement : statements) {
                s.execute(statement);
            }
        }
    }

    @Test
    void changesThatAnotherProgramHasNotWrittenIntoTheFileAreNotPassedOver() throws Exception {
        Path file = written("EPSG:4326");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = other.createStatement()) {
            s.execute("pragma journal_mode = wal");
            s.execute("update gpkg_contents set description = 'changed'");
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cây #1 100%.gpkg has changes that are in cây #1 100%.gpkg-wal only; close it in the"
                            + " program that has it open, then hand it over");
        }
        assertThat(read(file).features()).hasSize(1);
    }

    @Test
    void aFileHasAnIndexThatIsWholeAndThatOthersCanKeep() throws Exception {
        List<GeoFeature> trees = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            Coordinate at = new Coordinate(105.8 + i * 1e-4, 21.47);
            trees.add(new GeoFeature("trees", "T" + i, new GeometryFactory().createPoint(at), Map.of(), 1));
        }
        Path file = folder.resolve("trees.gpkg");
        new GeoPackageOutput(CLOCK).write(new LayerExtract("trees", trees, "EPSG:4326"), file);
        assertThat(texts(file, "select rtreecheck('rtree_trees_geom')")).containsExactly("ok");
        assertThat(texts(
                        file,
                        "select t.id from rtree_trees_geom r join trees t on t.fid = r.id"
                                + " where r.maxx > 105.89995 and r.minx < 105.90015 order by t.fid"))
                .containsExactly("T1000", "T1001");
        assertThat(texts(file, "select count(*) from rtree_trees_geom")).containsExactly("2500");
        assertThat(texts(file, "select extension_name from gpkg_extensions where table_name = 'trees'"))
                .containsExactly("gpkg_rtree_index");
        assertThat(texts(file, "select name from sqlite_master where type = 'trigger' order by name"))
                .containsExactly(
                        "rtree_trees_geom_delete",
                        "rtree_trees_geom_insert",
                        "rtree_trees_geom_update1",
                        "rtree_trees_geom_update2",
                        "rtree_trees_geom_update3",
                        "rtree_trees_geom_update4");
        assertThat(read(file).features()).hasSize(2_500);
    }

    private static List<String> texts(Path file, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(query)) {
            while (r.next()) {
                found.add(r.getString(1));
            }
        }
        return found;
    }

    @Test
    void aFileInVn2000IsReadByTheSystemThatItDeclares() throws Exception {
        Path file = written("EPSG:9213");
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select min_x, min_y, srs_id, last_change from gpkg_contents")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getDouble(1)).isCloseTo(432_443.490, within(0.003));
            assertThat(r.getDouble(2)).isCloseTo(2_375_127.423, within(0.003));
            assertThat(r.getInt(3)).isEqualTo(9213);
            assertThat(r.getString(4)).isEqualTo("2026-01-02T03:04:05Z");
        }
        GeoFeature tree = read(file).features().get(0);
        assertThat(tree.id()).isEqualTo("T1");
        assertThat(tree.geometry().getCoordinate().x).isCloseTo(105.85, within(1e-7));
        assertThat(tree.geometry().getCoordinate().y).isCloseTo(21.47, within(1e-7));
        assertThat(tree.properties()).isEqualTo(TREE.properties());
    }

    @Test
    void anUndefinedSystemIsAskedFor() throws Exception {
        Path file = written("EPSG:4326");
        sql(file, "update gpkg_geometry_columns set srs_id = 0");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("does not say its coordinate system");
        assertThat(read(file, Optional.of("EPSG:4326"), Optional.empty()).features())
                .hasSize(1);
        sql(
                file,
                "update gpkg_geometry_columns set srs_id = 990001",
                "insert into gpkg_spatial_ref_sys select 'own', 990001, 'CITY', 1, definition, ''"
                        + " from gpkg_spatial_ref_sys where srs_id = 4326");
        assertThat(read(file).features()).hasSize(1);
    }

    @Test
    void oneOfSeveralTablesIsChosenAndOthersProgramsColumnsAreRead() throws Exception {
        Path file = written("EPSG:4326");
        sql(
                file,
                "create table benches (ogc_fid integer primary key, shape point, \"Tên\" text, seats mediumint,"
                        + " photo blob, twice integer generated always as (seats * 2) virtual)",
                "insert into benches (ogc_fid, shape, \"Tên\", seats, photo) select 7, geom, 'Ghế đá', 3, x'00' from trees",
                "insert into gpkg_contents (table_name, data_type, identifier, last_change, srs_id)"
                        + " values ('benches', 'features', 'b', '2026-01-01T00:00:00Z', 4326)",
                "insert into gpkg_geometry_columns values ('benches', 'shape', 'POINT', 4326, 0, 0)");
        assertThatThrownBy(() -> read(file))
                .hasMessageContaining("holds the tables benches, trees; say which one as its table");
        GeoFeature bench =
                read(file, Optional.empty(), Optional.of("benches")).features().get(0);
        assertThat(bench.id()).isEqualTo("7");
        assertThat(bench.properties()).isEqualTo(Map.of("Tên", "Ghế đá", "seats", 3L));
    }

    @Test
    void aGeometryThatIsDamagedIsRefusedAlone() throws Exception {
        Path file = written("EPSG:4326");
        // A program that does not know the functions of GeoPackages cannot keep the index.
        sql(
                file,
                "drop trigger rtree_trees_geom_insert",
                "insert into trees (id, geom) values ('T2', null), ('T3', x'0102'), ('T4', x'4750000100000000'),"
                        + " ('T5', x'475000210000000001'), ('T6', x'47500001000000000101000000')");
        LayerImport.Result read = read(file);
        assertThat(read.features()).hasSize(1);
        assertThat(read.refused())
                .extracting(each ->
                        each.problem().featureRef() + " " + each.problem().code())
                .containsExactly(
                        "feature 2 (id T2) no_geometry",
                        "feature 3 bad_geometry",
                        "feature 4 bad_geometry",
                        "feature 5 bad_geometry",
                        "feature 6 bad_geometry");
    }

    @Test
    void nothingInAFileIsCarriedOut() throws Exception {
        Path file = written("EPSG:4326");
        sql(
                file,
                "alter table trees rename to real_trees",
                "create view trees as with recursive n(i) as (select 1 union all select i + 1 from n)"
                        + " select i as fid, geom, id from n, real_trees");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("holds no table of features; views are not read");
        assertThatThrownBy(() -> read(Files.writeString(folder.resolve("a.gpkg"), "SQLite format 3")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.gpkg is no GeoPackage: it does not begin as one");
        Path empty = folder.resolve("b.gpkg");
        sql(empty, "create table t (i)");
        assertThatThrownBy(() -> read(empty)).hasMessageContaining("is no GeoPackage that can be read");
    }
}
