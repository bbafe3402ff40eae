package city.canopy.geo.file;

import city.canopy.geo.layer.GeoJsonReader;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
    private static final int MAX_DEPTH = 64;
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,15})([.][0-9]{1,15})?");
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
        char separator = separator(file, encoding);
        try {
            List<String> names = new ArrayList<>();
            boolean[] numbers = new boolean[MAX_COLUMNS];
            boolean[] texts = new boolean[MAX_COLUMNS];
            forEach(file, encoding, separator, (row, number) -> {
                if (number == 0) {
                    names.addAll(names(row, encoding, file));
                } else {
                    look(row, names.size(), numbers, texts);
                }
            });
            Place place = place(names, options, file);
            boolean[] onlyNumbers = numbers(numbers, texts);
            forEach(file, encoding, separator, (row, number) -> {
                if (number > 0) {
                    row(row, number, names, place, onlyNumbers, encoding, sink);
                }
            });
        } catch (CsvParseException | java.io.UncheckedIOException e) {
            throw new IOException(file.getFileName() + " is no table of text: " + e.getMessage());
        } catch (java.nio.charset.CharacterCodingException e) {
            throw notUtf8(file);
        }
    }

    private static IOException notUtf8(Path file) {
        return new IOException(file.getFileName() + " is not UTF-8; save it as such, or say its encoding");
    }

    private interface EachRow {
        void take(CsvRecord row, int number) throws IOException;
    }

    /** Goes through all rows, the header as number 0; one is held at a time. */
    private static void forEach(Path file, TextEncoding encoding, char separator, EachRow each) throws IOException {
        try (BufferedReader in = open(file, encoding)) {
            skipMark(in);
            int number = 0;
            for (CsvRecord row : CsvReader.builder().fieldSeparator(separator).ofCsvRecord(in)) {
                if (number > GeoJsonReader.MAX_FEATURES) {
                    throw new IOException(
                            file.getFileName() + " has more than " + GeoJsonReader.MAX_FEATURES + " rows; split it");
                }
                each.take(row, number++);
            }
        }
    }

    private static BufferedReader open(Path file, TextEncoding encoding) throws IOException {
        return new BufferedReader(new InputStreamReader(
                Files.newInputStream(file), encoding.charset().newDecoder()));
    }

    private static char separator(Path file, TextEncoding encoding) throws IOException {
        char[] start = new char[1 << 16];
        int filled = 0;
        try (BufferedReader in = open(file, encoding)) {
            for (int n = in.read(start); n >= 0 && filled < start.length; ) {
                filled += n;
                n = in.read(start, filled, start.length - filled);
            }
        } catch (java.nio.charset.CharacterCodingException e) {
            throw notUtf8(file);
        }
        if (filled == 0) {
            throw new IOException(file.getFileName() + " is empty");
        }
        return separator(new String(start, 0, filled).lines().findFirst().orElse(""));
    }

    private static List<String> names(CsvRecord header, TextEncoding encoding, Path file) throws IOException {
        if (header.getFieldCount() > MAX_COLUMNS) {
            throw new IOException(file.getFileName() + " has more than " + MAX_COLUMNS + " columns; leave some away");
        }
        return header.getFields().stream()
                .map(encoding::text)
                .map(String::strip)
                .toList();
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

    /** Notes in which columns there are numbers, and in which other texts. */
    private static void look(CsvRecord row, int columns, boolean[] numbers, boolean[] texts) {
        for (int column = 0; column < columns; column++) {
            String text = field(row, column);
            if (!text.isEmpty() && !texts[column]) {
                boolean number = PLAIN_NUMBER.matcher(text).matches();
                numbers[column] |= number;
                texts[column] |= !number;
            }
        }
    }

    private static boolean[] numbers(boolean[] numbers, boolean[] texts) {
        boolean[] only = numbers.clone();
        for (int column = 0; column < only.length; column++) {
            only[column] &= !texts[column];
        }
        return only;
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

    private static Object number(String text) {
        return text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text);
    }

    private static Geometry geometry(CsvRecord row, Place place) throws ParseException {
        if (place.wkt() >= 0) {
            String text = field(row, place.wkt());
            if (depth(text) > MAX_DEPTH) {
                throw new ParseException("it is nested deeper than " + MAX_DEPTH + " levels");
            }
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
