package city.canopy.geo.file;

import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/**
 * Tables of text with a header: a column of eastings and one of northings (or longitudes and latitudes), or one of
 * well-known text. Columns are parted by comma, semicolon or tab, whichever the header has most of. A column in which
 * every value is a plain number becomes numbers; one with a leading zero anywhere, as codes have, stays text.
 */
final class CsvFormat implements LayerFormat {
    private static final Set<String> X =
            Set.of("lon", "long", "lng", "longitude", "x", "kinh_do", "kinh do", "kinh độ");
    private static final Set<String> Y = Set.of("lat", "latitude", "y", "vi_do", "vi do", "vĩ độ");
    private static final Set<String> WKT = Set.of("wkt", "geometry", "geom", "the_geom");
    private static final int MAX_COLUMNS = 500;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("csv", "tsv", "txt");
    }

    /** Where the geometry stands. */
    private record Place(int x, int y, int wkt) {
        boolean isPart(int column) {
            return column == x || column == y || column == wkt;
        }
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        TextEncoding encoding = options.encoding().isPresent()
                ? TextEncoding.of(options.encoding().get())
                : TextEncoding.UTF_8;
        List<CsvRecord> rows;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file), encoding.charset().newDecoder()))) {
            in.mark(1 << 20);
            String head = in.readLine();
            if (head == null) {
                throw new IOException(file.getFileName() + " is empty");
            }
            in.reset();
            skipMark(in);
            rows = CsvReader.builder().fieldSeparator(separator(head)).ofCsvRecord(in).stream()
                    .toList();
        } catch (CsvParseException | java.io.UncheckedIOException e) {
            throw new IOException(file.getFileName() + " is no table of text: " + e.getMessage());
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException(file.getFileName() + " is not UTF-8; save it as such, or say its encoding");
        }
        List<String> names = rows.get(0).getFields().stream()
                .map(encoding::text)
                .map(String::strip)
                .toList();
        if (names.size() > MAX_COLUMNS) {
            throw new IOException(file.getFileName() + " has more than " + MAX_COLUMNS + " columns; leave some away");
        }
        Place place = place(names, options, file);
        boolean[] numbers = numbers(rows, names.size());
        for (int i = 1; i < rows.size(); i++) {
            row(rows.get(i), i, names, place, numbers, encoding, sink);
        }
    }

    private static void skipMark(BufferedReader in) throws IOException {
        in.mark(1);
        if (in.read() != '\uFEFF') {
            in.reset();
        }
    }

    private static char separator(String head) {
        char best = ',';
        for (char each : new char[] {';', '\t'}) {
            if (count(head, each) > count(head, best)) {
                best = each;
            }
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    private static Place place(List<String> names, FormatOptions options, Path file) throws IOException {
        int wkt = column(names, options.wkt(), WKT, file);
        int x = column(names, options.x(), X, file);
        int y = column(names, options.y(), Y, file);
        if (options.wkt().isPresent() || wkt >= 0 && (x < 0 || y < 0)) {
            return new Place(-1, -1, wkt);
        }
        if (x < 0 || y < 0) {
            throw new IOException(file.getFileName() + " has the columns " + String.join(", ", names)
                    + "; say which hold longitude and latitude, or well-known text");
        }
        return new Place(x, y, -1);
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

    private static boolean[] numbers(List<CsvRecord> rows, int columns) {
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            boolean some = false;
            boolean all = true;
            for (int i = 1; i < rows.size() && all; i++) {
                String text = field(rows.get(i), column);
                some |= !text.isEmpty();
                all = text.isEmpty() || text.matches("-?(0|[1-9][0-9]{0,15})([.][0-9]{1,15})?");
            }
            numbers[column] = some && all;
        }
        return numbers;
    }

    private static String field(CsvRecord row, int column) {
        return column < row.getFieldCount() ? row.getField(column).strip() : "";
    }

    private static void row(
            CsvRecord row,
            int number,
            List<String> names,
            Place place,
            boolean[] numbers,
            TextEncoding encoding,
            FileSink sink)
            throws IOException {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int column = 0; column < names.size(); column++) {
            String text = field(row, column);
            if (!place.isPart(column) && !text.isEmpty()) {
                properties.put(names.get(column), numbers[column] ? number(text) : (Object) encoding.text(text));
            }
        }
        String reference = "feature " + number + " (line " + row.getStartingLineNumber() + ")";
        try {
            sink.accept(new SourceFeature(number, null, geometry(row, place), properties));
        } catch (NumberFormatException e) {
            sink.problem(new LayerProblem(reference, Cause.BAD_COORDINATES, "its place is no pair of numbers"));
        } catch (ParseException | IllegalArgumentException e) {
            sink.problem(new LayerProblem(
                    reference, Cause.UNKNOWN_GEOMETRY, "its well-known text cannot be read: " + e.getMessage()));
        }
    }

    private static Object number(String text) {
        return text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text);
    }

    private static Geometry geometry(CsvRecord row, Place place) throws ParseException {
        if (place.wkt() >= 0) {
            String text = field(row, place.wkt());
            return text.isEmpty() ? null : new WKTReader(GEOMETRIES).read(text);
        }
        String x = field(row, place.x());
        String y = field(row, place.y());
        if (x.isEmpty() && y.isEmpty()) {
            return null;
        }
        // A comma is how Vietnam writes decimals.
        return GEOMETRIES.createPoint(
                new Coordinate(Double.parseDouble(x.replace(',', '.')), Double.parseDouble(y.replace(',', '.'))));
    }
}
