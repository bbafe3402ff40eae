package city.canopy.geo.file;

import city.canopy.geo.layer.GeoJsonReader;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.locationtech.jts.io.ParseException;

/**
 * Tables of text with a header: a column of eastings and one of northings (or longitudes and latitudes), or one of
 * well-known text. Columns are parted by comma, semicolon or tab, whichever the header has most of. A column in which
 * every value is a plain number becomes numbers; one with a leading zero anywhere, as codes have, stays text. It is UTF-8,
 * UTF-16 where it begins with the mark of that, or what is said. Rows in which nothing stands are passed over.
 */
final class CsvFormat implements LayerFormat {
    private static final int MAX_COLUMNS = 500;
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,15})([.][0-9]{1,15})?");

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("csv", "tsv", "txt");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        TextEncoding encoding = options.encoding().isPresent()
                ? TextEncoding.of(options.encoding().get())
                : isUtf16(file) ? TextEncoding.of("UTF-16") : TextEncoding.UTF_8;
        try {
            new Table(file, encoding, options, sink).read();
        } catch (CsvParseException | UncheckedIOException e) {
            throw new IOException(file.getFileName() + " is no table of text: " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw new IOException(file.getFileName() + " is not UTF-8; save it as such, or say its encoding");
        }
    }

    private static boolean isUtf16(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            int first = in.read();
            int second = in.read();
            return first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE;
        }
    }

    private interface EachRow {
        void take(CsvRecord row, int number) throws IOException;
    }

    /** The reading of one file: once to see its header and which columns hold numbers, and once more for its features. */
    private static final class Table {
        private final Path file;
        private final TextEncoding encoding;
        private final FormatOptions options;
        private final FileSink sink;
        private final List<String> names = new ArrayList<>();
        private final boolean[] numbers = new boolean[MAX_COLUMNS];
        private final boolean[] texts = new boolean[MAX_COLUMNS];
        private CsvPlace place;
        private String system;

        Table(Path file, TextEncoding encoding, FormatOptions options, FileSink sink) {
            this.file = file;
            this.encoding = encoding;
            this.options = options;
            this.sink = sink;
        }

        void read() throws IOException {
            char separator = separator();
            forEach(separator, (row, number) -> {
                if (number == 0) {
                    readHeader(row);
                } else {
                    look(row);
                }
            });
            place = CsvPlace.of(names, options, file);
            forEach(separator, (row, number) -> {
                if (number > 0) {
                    take(row, number);
                }
            });
        }

        private BufferedReader open() throws IOException {
            return new BufferedReader(new InputStreamReader(
                    Files.newInputStream(file), encoding.charset().newDecoder()));
        }

        private char separator() throws IOException {
            char[] start = new char[1 << 16];
            int filled = 0;
            try (BufferedReader in = open()) {
                for (int n = in.read(start); n >= 0 && filled < start.length; ) {
                    filled += n;
                    n = in.read(start, filled, start.length - filled);
                }
            }
            if (filled == 0) {
                throw new IOException(file.getFileName() + " is empty");
            }
            String head = new String(start, 0, filled).lines().findFirst().orElse("");
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

        /** Goes through all rows, the header as number 0; one is held at a time. */
        private void forEach(char separator, EachRow each) throws IOException {
            CsvReader.CsvReaderBuilder rows = CsvReader.builder()
                    .fieldSeparator(separator)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false);
            try (BufferedReader in = open()) {
                skipMark(in);
                int number = 0;
                for (CsvRecord row : rows.ofCsvRecord(in)) {
                    if (number > GeoJsonReader.MAX_FEATURES) {
                        throw new IOException(file.getFileName() + " has more than " + GeoJsonReader.MAX_FEATURES
                                + " rows; split it");
                    }
                    if (row.getFields().stream().anyMatch(text -> !text.isBlank())) {
                        each.take(row, number++);
                    }
                }
            }
        }

        private static void skipMark(BufferedReader in) throws IOException {
            in.mark(1);
            if (in.read() != '\uFEFF') {
                in.reset();
            }
        }

        private void readHeader(CsvRecord header) throws IOException {
            if (header.getFieldCount() > MAX_COLUMNS) {
                throw new IOException(
                        file.getFileName() + " has more than " + MAX_COLUMNS + " columns; leave some away");
            }
            for (String field : header.getFields()) {
                String text = encoding.text(field).strip();
                String name = text.isEmpty() ? "column_" + (names.size() + 1) : text;
                if (names.contains(name)) {
                    throw new IOException(
                            file.getFileName() + " has two columns named " + name + "; rename one of them");
                }
                names.add(name);
            }
        }

        /** Notes in which columns there are numbers, and in which other texts. */
        private void look(CsvRecord row) {
            for (int column = 0; column < Math.min(names.size(), row.getFieldCount()); column++) {
                String text = row.getField(column).strip();
                if (!text.isEmpty() && !texts[column]) {
                    boolean number = PLAIN_NUMBER.matcher(text).matches();
                    numbers[column] |= number;
                    texts[column] |= !number;
                }
            }
        }

        private void take(CsvRecord row, int number) throws IOException {
            String reference = "feature " + number + " (line " + row.getStartingLineNumber() + ")";
            try {
                if (!isWhole(row)) {
                    sink.problem(new LayerProblem(
                            reference,
                            Cause.BAD_PROPERTIES,
                            "its row has " + row.getFieldCount() + " columns, but the header has " + names.size()));
                } else if (isInSystem(row)) {
                    sink.accept(new SourceFeature(number, null, place.geometry(row), properties(row)));
                } else {
                    sink.problem(new LayerProblem(
                            reference, Cause.FOREIGN_CRS, "it is not in " + system + ", as others before it are"));
                }
            } catch (NumberFormatException e) {
                sink.problem(new LayerProblem(reference, Cause.BAD_COORDINATES, "its place is no pair of numbers"));
            } catch (ParseException | IllegalArgumentException e) {
                sink.problem(new LayerProblem(
                        reference, Cause.UNKNOWN_GEOMETRY, "its well-known text cannot be read: " + e.getMessage()));
            }
        }

        /** Whether a row is in the system of the first one that says it, or says none. */
        private boolean isInSystem(CsvRecord row) {
            Optional<String> said = place.system(row);
            if (said.isPresent() && system == null) {
                system = said.get();
                sink.declared(system);
            }
            return said.isEmpty() || said.get().equals(system);
        }

        /** Whether it has all columns, and nothing beyond them. */
        private boolean isWhole(CsvRecord row) {
            List<String> fields = row.getFields();
            return fields.size() >= names.size()
                    && fields.subList(names.size(), fields.size()).stream().allMatch(String::isBlank);
        }

        private Map<String, Object> properties(CsvRecord row) {
            Map<String, Object> properties = new LinkedHashMap<>();
            for (int column = 0; column < names.size(); column++) {
                String text = row.getField(column).strip();
                if (!place.isPart(column) && !text.isEmpty()) {
                    boolean number = numbers[column] && !texts[column];
                    properties.put(names.get(column), number ? number(text) : (Object) encoding.text(text));
                }
            }
            return properties;
        }

        private static Object number(String text) {
            return text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text);
        }
    }
}
