package city.canopy.geo.export;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.geotools.api.data.FeatureWriter;
import org.geotools.api.data.Transaction;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.feature.simple.SimpleFeatureType;
import org.geotools.data.shapefile.ShapefileDataStore;
import org.geotools.feature.simple.SimpleFeatureTypeBuilder;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.MultiLineString;
import org.locationtech.jts.geom.MultiPoint;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/**
 * Shapefiles in a {@code .zip}, texts in UTF-8. A Shapefile holds geometries of one kind, so a layer of several becomes
 * several; what cannot be held is said, and written into the zip as {@code NOTES.txt}.
 */
final class ShapefileOutput implements LayerOutput {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    /** What one Shapefile holds. */
    private enum Shape {
        POINTS(Point.class),
        MULTIPOINTS(MultiPoint.class),
        LINES(MultiLineString.class),
        POLYGONS(MultiPolygon.class);

        private final Class<? extends Geometry> type;

        Shape(Class<? extends Geometry> type) {
            this.type = type;
        }

        /** Null for collections of several kinds. */
        static Shape of(Geometry geometry) {
            if (geometry instanceof Point) {
                return POINTS;
            }
            if (geometry instanceof MultiPoint) {
                return MULTIPOINTS;
            }
            if (geometry instanceof LineString || geometry instanceof MultiLineString) {
                return LINES;
            }
            return geometry instanceof Polygon || geometry instanceof MultiPolygon ? POLYGONS : null;
        }

        String ending() {
            return "_" + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Override
    public String name() {
        return "shp";
    }

    @Override
    public String ending() {
        return "zip";
    }

    @Override
    public String mediaType() {
        return "application/zip";
    }

    @Override
    public List<String> write(LayerExtract extract, Path file) throws IOException {
        Path folder = Files.createTempDirectory("canopy-export-");
        try {
            List<String> notes = writeAll(extract, folder);
            zip(folder, notes, file);
            return notes;
        } finally {
            for (Path path : list(folder)) {
                Files.delete(path);
            }
            Files.delete(folder);
        }
    }

    private static List<String> writeAll(LayerExtract extract, Path folder) throws IOException {
        Map<Shape, Integer> shapes = new EnumMap<>(Shape.class);
        int collections = 0;
        for (GeoFeature feature : extract.features()) {
            Shape shape = Shape.of(feature.geometry());
            if (shape == null) {
                collections++;
            } else {
                shapes.merge(shape, 1, Integer::sum);
            }
        }
        if (shapes.isEmpty()) {
            throw new IOException("the layer " + extract.layer() + " has no feature that a Shapefile can hold"
                    + (collections == 0 ? "" : ": all are collections of geometries")
                    + "; export it as gpkg or geojson");
        }
        ShapefileFields fields = new ShapefileFields(extract);
        for (Shape shape : shapes.keySet()) {
            String name = extract.layer() + (shapes.size() == 1 ? "" : shape.ending());
            writeOne(extract, shape, fields, folder.resolve(name + ".shp"));
        }
        List<String> notes = new ArrayList<>(fields.notes());
        if (shapes.size() > 1) {
            notes.add("The layer has geometries of several kinds: there is a Shapefile for each.");
        }
        if (collections > 0) {
            notes.add(collections + " features are collections of geometries, which a Shapefile cannot hold: they are"
                    + " left out. Export as gpkg or geojson to have them.");
        }
        if (extract.hasHeights()) {
            notes.add("Heights are left out.");
        }
        return notes;
    }

    private static void writeOne(LayerExtract extract, Shape shape, ShapefileFields fields, Path shp)
            throws IOException {
        SimpleFeatureTypeBuilder type = new SimpleFeatureTypeBuilder();
        String name = shp.getFileName().toString();
        type.setName(name.substring(0, name.length() - 4));
        type.setCRS(Crs.get(extract.crs()));
        type.add("the_geom", shape.type);
        type.add("id", String.class);
        fields.fields().forEach(field -> type.add(field.name(), field.type()));
        SimpleFeatureType schema = type.buildFeatureType();
        ShapefileDataStore store = new ShapefileDataStore(shp.toUri().toURL());
        try {
            store.setCharset(StandardCharsets.UTF_8);
            store.setIndexed(false);
            store.setIndexCreationEnabled(false);
            store.createSchema(schema);
            try (FeatureWriter<SimpleFeatureType, SimpleFeature> out =
                    store.getFeatureWriterAppend(schema.getTypeName(), Transaction.AUTO_COMMIT)) {
                for (GeoFeature feature : extract.features()) {
                    if (Shape.of(feature.geometry()) == shape) {
                        write(feature, fields, out);
                    }
                }
            }
        } finally {
            store.dispose();
        }
        Files.writeString(shp.resolveSibling(name.replace(".shp", ".cpg")), "UTF-8", StandardCharsets.US_ASCII);
    }

    private static void write(
            GeoFeature feature, ShapefileFields fields, FeatureWriter<SimpleFeatureType, SimpleFeature> out)
            throws IOException {
        SimpleFeature row = out.next();
        row.setDefaultGeometry(many(feature.geometry()));
        row.setAttribute("id", fields.cut(feature.id()));
        for (ShapefileFields.Field field : fields.fields()) {
            row.setAttribute(field.name(), fields.value(field, feature));
        }
        out.write();
    }

    /** Lines and areas always in their multiple form. */
    private static Geometry many(Geometry geometry) {
        if (geometry instanceof LineString line) {
            return GEOMETRIES.createMultiLineString(new LineString[] {line});
        }
        return geometry instanceof Polygon polygon ? GEOMETRIES.createMultiPolygon(new Polygon[] {polygon}) : geometry;
    }

    private static void zip(Path folder, List<String> notes, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Path path : list(folder)) {
                // The store's own index of ids, of no use to anybody else.
                if (path.toString().endsWith(".fix")) {
                    continue;
                }
                zip.putNextEntry(new ZipEntry(path.getFileName().toString()));
                Files.copy(path, zip);
                zip.closeEntry();
            }
            if (!notes.isEmpty()) {
                zip.putNextEntry(new ZipEntry("NOTES.txt"));
                zip.write((String.join("\n", notes) + "\n").getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
