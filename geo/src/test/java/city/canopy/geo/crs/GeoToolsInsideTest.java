package city.canopy.geo.crs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.geotools.api.data.DataStore;
import org.geotools.api.data.DataStoreFinder;
import org.geotools.api.data.FileDataStoreFactorySpi;
import org.geotools.api.data.SimpleFeatureSource;
import org.geotools.api.data.SimpleFeatureStore;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.feature.simple.SimpleFeatureType;
import org.geotools.data.DataUtilities;
import org.geotools.data.collection.ListFeatureCollection;
import org.geotools.data.shapefile.ShapefileDataStore;
import org.geotools.data.shapefile.ShapefileDataStoreFactory;
import org.geotools.data.simple.SimpleFeatureIterator;
import org.geotools.feature.simple.SimpleFeatureBuilder;
import org.geotools.filter.text.ecql.ECQL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** That what the pom takes out of the shaded jars is whole, and nothing else came along. */
class GeoToolsInsideTest {
    @Test
    void a_shapefile_with_vietnamese_text_is_written_found_by_the_services_and_filtered(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("cay.shp");
        write(file);
        DataStore store = DataStoreFinder.getDataStore(
                Map.of("url", file.toUri().toURL(), "charset", "UTF-8", "create spatial index", false));
        assertThat(store).isInstanceOf(ShapefileDataStore.class);
        try {
            SimpleFeatureSource source = store.getFeatureSource("cay");
            try (SimpleFeatureIterator found = source.getFeatures(
                            ECQL.toFilter("loai LIKE 'Xà%' AND BBOX(the_geom, 105.8, 21.4, 105.9, 21.5)"))
                    .features()) {
                assertThat(found.next().getAttribute("loai")).isEqualTo("Xà cừ");
                assertThat(found.hasNext()).isFalse();
            }
        } finally {
            store.dispose();
        }
    }

    private static void write(Path file) throws Exception {
        SimpleFeatureType type = DataUtilities.createType("cay", "the_geom:Point:srid=4326,loai:String,height:Double");
        SimpleFeature one = SimpleFeatureBuilder.build(
                type,
                new Object[] {new GeometryFactory().createPoint(new Coordinate(105.85, 21.47)), "Xà cừ", 12.5},
                "1");
        SimpleFeature two = SimpleFeatureBuilder.build(
                type,
                new Object[] {new GeometryFactory().createPoint(new Coordinate(105.95, 21.47)), "Xà cừ", 3.0},
                "2");
        DataStore store = new ShapefileDataStoreFactory()
                .createNewDataStore(Map.of("url", file.toUri().toURL(), "charset", "UTF-8"));
        try {
            store.createSchema(type);
            ((SimpleFeatureStore) store.getFeatureSource("cay"))
                    .addFeatures(new ListFeatureCollection(type, List.of(one, two)));
        } finally {
            store.dispose();
        }
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void the_shapefile_factory_is_registered_for_files_too() {
        assertThat(java.util.ServiceLoader.load(FileDataStoreFactorySpi.class))
                .anyMatch(factory -> factory instanceof ShapefileDataStoreFactory);
    }

    @Test
    void no_logger_and_no_foreign_xml_or_collection_library_is_inside() throws IOException {
        for (String foreign : List.of(
                "org/slf4j/LoggerFactory.class",
                "com/google/common/collect/ImmutableList.class",
                "javax/xml/bind/JAXBContext.class",
                "org/locationtech/geomesa/accumulo/data/AccumuloDataStore.class",
                "org/ehcache/Cache.class")) {
            assertThat(places(foreign)).as(foreign).isEmpty();
        }
        assertThat(places("org/locationtech/jts/geom/Geometry.class")).hasSize(1);
        assertThat(places("org/geotools/referencing/CRS.class")).hasSize(1);
        assertThat(places("META-INF/services/org.geotools.filter.FunctionFactory"))
                .hasSize(1);
    }

    private static List<URL> places(String resource) throws IOException {
        return Collections.list(GeoToolsInsideTest.class.getClassLoader().getResources(resource));
    }
}
