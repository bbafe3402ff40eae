package city.canopy.geo.file;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/**
 * In which columns of a table its geometry stands: two of numbers, or one of well-known text.
 *
 * @param x the column of the easting or longitude, or -1
 * @param y the column of the northing or latitude, or -1
 * @param wkt the column of well-known text, or -1
 */
record CsvPlace(int x, int y, int wkt) {
    private static final Set<String> X =
            Set.of("lon", "long", "lng", "longitude", "x", "easting", "kinh_do", "kinh do", "kinh độ");
    private static final Set<String> Y = Set.of("lat", "latitude", "y", "northing", "vi_do", "vi do", "vĩ độ");
    private static final Set<String> WKT = Set.of("wkt", "geometry", "geom", "the_geom");
    private static final int MAX_DEPTH = 64;
    /** PostGIS writes the code of the system before the text. */
    private static final Pattern SYSTEM = Pattern.compile("(?i)SRID\\s*=\\s*([0-9]{4,6})\\s*;");

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    /** @throws IOException when no column is said, or known by its name */
    static CsvPlace of(List<String> names, FormatOptions options, Path file) throws IOException {
        int wkt = column(names, options.wkt(), WKT, file);
        int x = column(names, options.x(), X, file);
        int y = column(names, options.y(), Y, file);
        if (options.wkt().isPresent() || wkt >= 0 && (x < 0 || y < 0)) {
            return new CsvPlace(-1, -1, wkt);
        }
        if (x < 0 || y < 0) {
            throw new IOException(file.getFileName() + " has the columns " + String.join(", ", names)
                    + "; say which hold longitude and latitude, or well-known text");
        }
        return new CsvPlace(x, y, -1);
    }

    private static int column(List<String> names, Optional<String> said, Set<String> usual, Path file)
            throws IOException {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (said.isPresent() ? name.equalsIgnoreCase(said.get()) : usual.contains(name.toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        if (said.isPresent()) {
            throw new IOException(
                    file.getFileName() + " has no column " + said.get() + "; it has " + String.join(", ", names));
        }
        return -1;
    }

    boolean isPart(int column) {
        return column == x || column == y || column == wkt;
    }

    /** The system that a row says itself, such as {@code EPSG:4326}. */
    Optional<String> system(CsvRecord row) {
        Matcher system = SYSTEM.matcher(wkt < 0 ? "" : row.getField(wkt).strip());
        return system.lookingAt() ? Optional.of("EPSG:" + system.group(1)) : Optional.empty();
    }

    /**
     * Of a row that has all columns; null where nothing stands in it.
     *
     * @throws NumberFormatException when its place is no pair of numbers
     * @throws ParseException when its text cannot be read, or is nested too deep
     */
    Geometry geometry(CsvRecord row) throws ParseException {
        if (wkt >= 0) {
            String text = row.getField(wkt).strip();
            if (depth(text) > MAX_DEPTH) {
                throw new ParseException("it is nested deeper than " + MAX_DEPTH + " levels");
            }
            Matcher system = SYSTEM.matcher(text);
            String shape = system.lookingAt() ? text.substring(system.end()) : text;
            return shape.isEmpty() ? null : new WKTReader(GEOMETRIES).read(shape);
        }
        String first = row.getField(x).strip();
        String second = row.getField(y).strip();
        if (first.isEmpty() && second.isEmpty()) {
            return null;
        }
        return GEOMETRIES.createPoint(new Coordinate(number(first), number(second)));
    }

    /** A comma is how Vietnam writes decimals. */
    private static double number(String text) {
        return Double.parseDouble(text.replace(',', '.'));
    }

    private static int depth(String wkt) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < wkt.length(); i++) {
            char c = wkt.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            deepest = Math.max(deepest, depth);
        }
        return deepest;
    }
}
