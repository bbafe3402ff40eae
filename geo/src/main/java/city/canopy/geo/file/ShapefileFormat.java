package city.canopy.geo.file;

import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.geotools.api.data.SimpleFeatureSource;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.feature.type.AttributeDescriptor;
import org.geotools.api.feature.type.GeometryDescriptor;
import org.geotools.data.shapefile.ShapefileDataStore;
import org.geotools.data.simple.SimpleFeatureIterator;
import org.locationtech.jts.geom.Geometry;

/**
 * Shapefiles: a {@code .shp} with its siblings beside it, or all of them in a {@code .zip}. The {@code .prj} says the
 * coordinate system and the {@code .cpg} the encoding of texts; where there is no {@code .cpg} it is UTF-8 when the texts
 * are that, else windows-1252.
 */
final class ShapefileFormat implements LayerFormat {
    private static final Set<String> SIBLINGS = Set.of("shp", "shx", "dbf", "prj", "cpg");
    private static final int MAX_SAID = 64 << 10;
    /** The store tells of a missing .shx with all its stack; it does without, and so nobody needs to know. */
    private static final Logger STORE = Logger.getLogger("org.geotools.data.shapefile");

    static {
        STORE.setLevel(Level.OFF);
    }

    @Override
    public String name() {
        return "shapefile";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("shp", "zip");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        if (!file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
            readShp(file, options, sink);
            return;
        }
        try (UnpackedZip zip = UnpackedZip.of(file, SIBLINGS)) {
            String none = " holds no .shp; pack the shapefile with its siblings";
            readShp(zip.only(".shp", options.table(), none), options, sink);
        }
    }

    private static void readShp(Path shp, FormatOptions options, FileSink sink) throws IOException {
        TextEncoding encoding = encoding(shp, options);
        Path dbf = sibling(shp, ".dbf")
                .orElseThrow(() -> new IOException(
                        shp.getFileName() + " lacks its .dbf with the attributes; hand it over as well"));
        ShapeRecords.check(shp);
        DbaseLength.check(dbf);
        ShapefileDataStore store = new ShapefileDataStore(shp.toUri().toURL());
        try {
            store.setCharset(encoding.charset());
            store.setIndexed(false);
            store.setMemoryMapped(false);
            said(shp, ".prj").ifPresent(sink::declared);
            readAll(store.getFeatureSource(), encoding, sink);
        } catch (RuntimeException e) {
            // The store tells of damaged files by whatever exception its arithmetic ends in.
            String why = e.getMessage() == null ? "its parts do not fit together" : e.getMessage();
            throw new IOException(shp.getFileName() + " is damaged or cut off: " + why, e);
        } finally {
            store.dispose();
        }
    }

    private static void readAll(SimpleFeatureSource source, TextEncoding encoding, FileSink sink) throws IOException {
        try (SimpleFeatureIterator features = source.getFeatures().features()) {
            for (int number = 1; features.hasNext(); number++) {
                take(features.next(), number, encoding, sink);
            }
        }
    }

    private static void take(SimpleFeature feature, int number, TextEncoding encoding, FileSink sink)
            throws IOException {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (AttributeDescriptor attribute : feature.getFeatureType().getAttributeDescriptors()) {
            if (!(attribute instanceof GeometryDescriptor)) {
                String name = encoding.text(attribute.getLocalName());
                Object value = value(feature.getAttribute(attribute.getLocalName()), encoding);
                if (isTooLong(value)) {
                    String detail = "its attribute " + name + " is a number of more than 18 digits; make it a text";
                    sink.problem(new LayerProblem("feature " + number, Cause.BAD_PROPERTIES, detail));
                    return;
                }
                if (value != null) {
                    properties.put(name, value);
                }
            }
        }
        if (feature.getDefaultGeometry() instanceof Geometry geometry) {
            sink.accept(new SourceFeature(number, null, geometry, properties));
        } else {
            sink.problem(new LayerProblem("feature " + number, Cause.NO_GEOMETRY, "it has no shape"));
        }
    }

    /** Whether it is what the store makes of whole numbers that are too long, all of them the same. */
    private static boolean isTooLong(Object value) {
        return value instanceof Long number && (number == Long.MAX_VALUE || number == Long.MIN_VALUE);
    }

    private static Object value(Object value, TextEncoding encoding) {
        if (value instanceof String text) {
            String read = encoding.text(text).strip();
            return read.isEmpty() ? null : read;
        }
        if (value instanceof Date date) {
            return LocalDate.ofInstant(Instant.ofEpochMilli(date.getTime()), ZoneOffset.systemDefault())
                    .toString();
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number : null;
        }
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static TextEncoding encoding(Path shp, FormatOptions options) throws IOException {
        Optional<String> said = options.encoding().isPresent() ? options.encoding() : said(shp, ".cpg");
        if (said.isPresent()) {
            return TextEncoding.of(said.get());
        }
        Optional<Path> dbf = sibling(shp, ".dbf");
        return dbf.isPresent() && TextEncoding.isUtf8(dbf.get()) ? TextEncoding.UTF_8 : TextEncoding.of("windows-1252");
    }

    /** What stands in a sibling of one line, without the mark of UTF-8; empty where there is none, or nothing in it. */
    private static Optional<String> said(Path shp, String ending) throws IOException {
        Optional<Path> file = sibling(shp, ending);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            String text = new String(in.readNBytes(MAX_SAID), StandardCharsets.UTF_8);
            return Optional.of(text.replace("\uFEFF", "").strip()).filter(said -> !said.isEmpty());
        }
    }

    /** The file of the same name with another ending, in whatever case it is written. */
    private static Optional<Path> sibling(Path shp, String ending) throws IOException {
        String name = shp.getFileName().toString();
        String wanted = name.substring(0, name.length() - 4) + ending;
        Path folder = shp.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().equalsIgnoreCase(wanted))
                    .findFirst();
        }
    }
}
