package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Enrolment.NewCredential;
import city.canopy.core.registry.Registry;
import city.canopy.core.registry.RegistryException;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Many devices at once, from CSV: {@code id,profile,name,layer,feature_id,lon,lat,moving,gateway,credential,username,
 * secret}; of a psk, username is the identity and secret the key. The whole file or nothing; {@code dry_run=true} only says what would be.
 */
public final class DeviceImportRoutes implements Routes {
    /** The most rows. */
    static final int MAX_ROWS = 100_000;

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_PROBLEMS = 1_000;
    private static final Set<String> COLUMNS = Set.of(
            "id",
            "profile",
            "name",
            "layer",
            "feature_id",
            "lon",
            "lat",
            "moving",
            "gateway",
            "credential",
            "username",
            "secret");

    private final Registry registry;
    private final Audit audit;

    public DeviceImportRoutes(Registry registry, Audit audit) {
        this.registry = registry;
        this.audit = audit;
    }

    /** A row that cannot be taken. */
    private record RowProblem(long line, String id, String cause) {}

    @Override
    public void mount(Api api) {
        ObjectNode answer = Schema.object(
                "rows",
                Schema.integer(),
                "enrolled",
                Schema.integer(),
                "dry_run",
                Schema.flag(),
                "problems",
                Schema.list(Schema.object("line", Schema.integer(), "id", Schema.text(), "cause", Schema.text())),
                "devices",
                Schema.list(Schema.any()));
        api.post("/api/v1/devices/import")
                .named("importDevices", "Enrol many devices from CSV, all or none; secrets are shown once")
                .needs(Role.DISPATCHER)
                .query("dry_run", Schema.flag(), "only say what would be")
                .body("text/csv", MAX_BYTES, Schema.text())
                .answers(200, "what was, or would be, enrolled", answer)
                .answers(422, "nothing was enrolled; the problems say why", answer)
                .blocking(this::take);
    }

    private Answer take(Call call) {
        boolean dryRun = call.flag("dry_run");
        List<RowProblem> problems = new ArrayList<>();
        List<Enrolment> wishes = read(text(call.body()), problems);
        List<Optional<Enrolment.Issued>> issued = List.of();
        if (problems.isEmpty() && !dryRun) {
            issued = DeviceRoutes.attempt(() -> registry.enrol(wishes));
            audit.write(call.actor(), "device.import", wishes.size() + " devices");
        }
        ObjectNode json = Json.object()
                .put("rows", wishes.size() + problems.size())
                .put("enrolled", issued.size())
                .put("dry_run", dryRun);
        ArrayNode list = json.putArray("problems");
        problems.forEach(problem -> list.addObject()
                .put("line", problem.line())
                .put("id", problem.id())
                .put("cause", problem.cause()));
        ArrayNode devices = json.putArray("devices");
        for (int i = 0; i < issued.size(); i++) {
            ObjectNode device = devices.addObject().put("id", wishes.get(i).id().value());
            issued.get(i).ifPresent(credential -> device.set("credentials", DeviceJson.issued(credential)));
        }
        if (problems.isEmpty() || dryRun) {
            return Answer.json(json);
        }
        ObjectNode problem = new Problem(
                        422,
                        "bad_rows",
                        "Nothing was enrolled: mend the rows named in \"problems\" and send the whole file again.")
                .json();
        problem.setAll(json);
        return Answer.bytes(422, Problem.MEDIA_TYPE, Json.bytes(problem));
    }

    /** Spreadsheets put a byte order mark in front. */
    private static String text(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private List<Enrolment> read(String text, List<RowProblem> problems) {
        List<Enrolment> wishes = new ArrayList<>();
        Set<DeviceId> seen = new HashSet<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (NamedCsvRecord row : rows) {
                if (wishes.isEmpty() && problems.isEmpty()) {
                    checkHeader(row);
                }
                if (wishes.size() >= MAX_ROWS) {
                    throw ProblemException.unacceptable("too_many_rows", "A file has at most " + MAX_ROWS + " rows.");
                }
                if (problems.size() < MAX_PROBLEMS) {
                    row(row, wishes, seen, problems);
                }
            }
        } catch (CsvParseException e) {
            throw ProblemException.unacceptable("not_csv", "The file cannot be read as CSV: " + e.getMessage());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return wishes;
    }

    private static void checkHeader(NamedCsvRecord row) {
        for (String column : row.getHeader()) {
            if (!COLUMNS.contains(column)) {
                throw ProblemException.unacceptable(
                        "unknown_column",
                        "There is no column \"" + column + "\"; there may be: "
                                + String.join(", ", COLUMNS.stream().sorted().toList()) + ".");
            }
        }
        if (!row.getHeader().contains("id") || !row.getHeader().contains("profile")) {
            throw ProblemException.unacceptable("missing_column", "The columns id and profile must be there.");
        }
    }

    private void row(NamedCsvRecord row, List<Enrolment> wishes, Set<DeviceId> seen, List<RowProblem> problems) {
        String id = row.findField("id").orElse("");
        try {
            Enrolment wish = wish(row, id);
            registry.check(wish);
            if (!seen.add(wish.id())) {
                throw new IllegalArgumentException("the id stands in an earlier row already");
            }
            wishes.add(wish);
        } catch (IllegalArgumentException | RegistryException e) {
            problems.add(new RowProblem(row.getStartingLineNumber(), id, e.getMessage()));
        }
    }

    private static Enrolment wish(NamedCsvRecord row, String id) {
        return new Enrolment(
                new DeviceId(id),
                field(row, "profile").orElse(""),
                field(row, "name"),
                binding(row),
                field(row, "gateway").map(DeviceId::new),
                credential(row));
    }

    private static Binding binding(NamedCsvRecord row) {
        Optional<String> layer = field(row, "layer");
        Optional<String> feature = field(row, "feature_id");
        Optional<String> lon = field(row, "lon");
        Optional<String> lat = field(row, "lat");
        if (layer.isPresent() != feature.isPresent()) {
            throw new IllegalArgumentException("layer and feature_id belong together");
        }
        if (lon.isPresent() != lat.isPresent()) {
            throw new IllegalArgumentException("lon and lat belong together");
        }
        if (layer.isPresent() && lon.isPresent()) {
            throw new IllegalArgumentException("a device is bound to a feature or stands at a place, not both");
        }
        if (layer.isPresent()) {
            return new Binding.ToFeature(layer.get(), feature.get());
        }
        if (lon.isPresent()) {
            return new Binding.At(new Position(degrees("lon", lon.get()), degrees("lat", lat.get())));
        }
        return field(row, "moving").filter("true"::equals).isPresent() ? new Binding.Moving() : new Binding.Unplaced();
    }

    private static double degrees(String column, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(column + " is a number in degrees, not \"" + text + "\"", e);
        }
    }

    private static Optional<NewCredential> credential(NamedCsvRecord row) {
        Optional<String> kind = field(row, "credential");
        Optional<String> secret = field(row, "secret");
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (kind.get()) {
                    case "token" -> new NewCredential.Token(secret);
                    case "password" ->
                        new NewCredential.Password(
                                field(row, "username")
                                        .orElseThrow(() -> new IllegalArgumentException("a password needs a username")),
                                secret);
                    case "x509" ->
                        new NewCredential.Certificate(secret.orElseThrow(() -> new IllegalArgumentException(
                                "for x509 the column secret holds the certificate's SHA-256")));
                    case "psk" -> new NewCredential.Psk(field(row, "username"), secret);
                    default -> throw new IllegalArgumentException("credential is token, password, x509 or psk");
                });
    }

    private static Optional<String> field(NamedCsvRecord row, String column) {
        return row.findField(column).map(String::strip).filter(text -> !text.isEmpty());
    }
}
