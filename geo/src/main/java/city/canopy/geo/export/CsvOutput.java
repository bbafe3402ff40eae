package city.canopy.geo.export;

import city.canopy.geo.layer.GeoFeature;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.io.WKTWriter;

/**
 * A table of text in UTF-8: the id, the place, then the attributes. The place of points is two columns, {@code lon} and
 * {@code lat} or {@code x} and {@code y}; of all else one of well-known text, {@code wkt}.
 */
final class CsvOutput implements LayerOutput {
    private static final Set<String> POINT = Set.of("Point");

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String ending() {
        return "csv";
    }

    @Override
    public String mediaType() {
        return "text/csv; charset=utf-8";
    }

    @Override
    public List<String> write(LayerExtract extract, Path file) throws IOException {
        boolean points = extract.shapes().equals(POINT);
        boolean degrees = extract.crs().equals(LayerExtract.LON_LAT);
        List<String> header = new ArrayList<>(List.of("id"));
        header.addAll(points ? degrees ? List.of("lon", "lat") : List.of("x", "y") : List.of("wkt"));
        List<String> attributes =
                extract.attributes().stream().map(LayerExtract.Attribute::name).toList();
        List<String> notes = new ArrayList<>();
        for (String attribute : attributes) {
            String column = attribute;
            while (header.contains(column)) {
                column += "_2";
            }
            if (!column.equals(attribute)) {
                notes.add("The attribute " + attribute + " stands in the column " + column + ".");
            }
            header.add(column);
        }
        if (extract.hasHeights()) {
            notes.add("Heights are left out.");
        }
        WKTWriter wkt = new WKTWriter(2);
        try (CsvWriter csv = CsvWriter.builder().build(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            csv.writeRecord(header);
            for (GeoFeature feature : extract.features()) {
                csv.writeRecord(row(feature, points, attributes, wkt));
            }
        }
        return notes;
    }

    private static List<String> row(GeoFeature feature, boolean points, List<String> attributes, WKTWriter wkt) {
        List<String> row = new ArrayList<>(attributes.size() + 3);
        row.add(feature.id());
        Geometry geometry = feature.geometry();
        if (points) {
            Point point = (Point) geometry;
            row.add(Double.toString(point.getX()));
            row.add(Double.toString(point.getY()));
        } else {
            row.add(wkt.write(geometry));
        }
        for (String attribute : attributes) {
            Object value = feature.properties().get(attribute);
            row.add(value == null ? "" : value.toString());
        }
        return row;
    }
}
