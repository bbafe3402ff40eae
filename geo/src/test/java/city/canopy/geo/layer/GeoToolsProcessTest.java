package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.WorkingPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.geotools.api.feature.Feature;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.data.simple.SimpleFeatureCollection;
import org.geotools.data.simple.SimpleFeatureIterator;
import org.geotools.feature.FeatureCollection;
import org.geotools.feature.FeatureIterator;
import org.geotools.filter.text.ecql.ECQL;
import org.geotools.process.vector.AggregateProcess;
import org.geotools.process.vector.BufferFeatureCollection;
import org.geotools.process.vector.CentroidProcess;
import org.geotools.process.vector.ClipProcess;
import org.geotools.process.vector.LRSMeasureProcess;
import org.geotools.process.vector.QueryProcess;
import org.geotools.process.vector.ReprojectProcess;
import org.geotools.process.vector.TransformProcess;
import org.geotools.process.vector.UniqueProcess;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;

/** GeoTools' own processes on our layers, as anybody would call them. */
class GeoToolsProcessTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Point PLACE = GEOMETRIES.createPoint(new Coordinate(105.855, 21.4701));
    private final CanopyDataStore store = new CanopyDataStore(
            new MemoryLayers()
                    .with(
                            "trees",
                            MemoryLayers.feature(
                                    "trees", "a", "POINT(105.85 21.47)", Map.of("species", "Xà cừ", "height", 12.5)),
                            MemoryLayers.feature(
                                    "trees", "b", "POINT(105.86 21.47)", Map.of("species", "Phượng", "height", 7.0)))
                    .with(
                            "roads",
                            MemoryLayers.feature(
                                    "roads",
                                    "r",
                                    "LINESTRING(105.85 21.47,105.86 21.47)",
                                    Map.of("from", 0.0, "to", 1000.0))),
            WorkingPlane.centredOn(105.84, 21.47));

    private SimpleFeatureCollection layer(String name) throws IOException {
        return store.getFeatureSource(name).getFeatures();
    }

    private static List<SimpleFeature> list(SimpleFeatureCollection found) {
        List<SimpleFeature> all = new ArrayList<>();
        try (SimpleFeatureIterator each = found.features()) {
            while (each.hasNext()) {
                all.add(each.next());
            }
        }
        return all;
    }

    private static List<Object> values(SimpleFeatureCollection found, String attribute) {
        return list(found).stream().map(each -> each.getAttribute(attribute)).toList();
    }

    private static Feature first(FeatureCollection<?, ?> found) {
        try (FeatureIterator<?> each = found.features()) {
            return each.next();
        }
    }

    @Test
    void attributesAreComputedChosenAndCounted() throws Exception {
        SimpleFeatureCollection twice =
                new TransformProcess().execute(layer("trees"), "id=species\ntwice=height * 2\ngeometry=geometry");
        assertThat(values(twice, "twice")).containsExactly(25.0, 14.0);
        SimpleFeatureCollection low =
                new QueryProcess().execute(layer("trees"), List.of("species"), ECQL.toFilter("height < 10"));
        assertThat(values(low, "species")).containsExactly("Phượng");
        assertThat(values(new UniqueProcess().execute(layer("trees"), "species", null), "value"))
                .containsExactlyInAnyOrder("Xà cừ", "Phượng");
        assertThat(new AggregateProcess()
                        .execute(layer("trees"), "height", Set.of(AggregateProcess.AggregationFunction.Sum), true, null)
                        .getSum())
                .isEqualTo(19.5);
    }

    @Test
    void shapesAreMadeOfShapes() throws Exception {
        Point middle = (Point)
                list(new CentroidProcess().execute(layer("roads"))).get(0).getDefaultGeometry();
        assertThat(middle.getX()).isCloseTo(105.855, within(1e-9));
        Geometry west = GEOMETRIES.toGeometry(new Envelope(105.8, 105.855, 21.4, 21.5));
        Geometry clipped = (Geometry) list(new ClipProcess().execute(layer("roads"), west, false))
                .get(0)
                .getDefaultGeometry();
        assertThat(clipped.getLength()).isCloseTo(0.005, within(1e-9));
        assertThat(list(new BufferFeatureCollection().execute(layer("trees"), 0.001, null)))
                .allMatch(each -> ((Geometry) each.getDefaultGeometry()).getArea() > 3e-6);
        Point metres = (Point) list(new ReprojectProcess().execute(layer("trees"), null, Crs.get("EPSG:9213")))
                .get(0)
                .getDefaultGeometry();
        assertThat(metres.getX()).isCloseTo(432_443.49, within(0.01));
    }

    @Test
    void aPlaceAlongALineIsFound() throws Exception {
        Feature measured = first(new LRSMeasureProcess().execute(layer("roads"), "from", "to", PLACE, null));
        assertThat((Double) measured.getProperty("lrs_measure").getValue()).isCloseTo(500.0, within(1e-6));
    }
}
