package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.file.ColumnText;
import city.canopy.core.layers.file.LayerIntake;
import city.canopy.core.layers.file.RefusedJson;
import city.canopy.core.packs.PackMapping;
import city.canopy.core.packs.Packs;
import city.canopy.geo.attach.Duplicates;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Envelope;

/**
 * A file into a layer, all of it or nothing: {@code canopy import} for those who are not at the machine. One file at a
 * time is read, others wait.
 */
public final class LayerImportRoutes implements Routes {
    /** The largest file, in bytes. */
    public static final int MAX_BYTES = 256 << 20;

    /** So many features are looked at for what attributes a file has, so many of these are told, with so much of a value. */
    private static final int LOOKED_AT = 1_000;

    private static final int MAX_COLUMNS = 200;
    private static final int EXAMPLE_LENGTH = 60;

    private final LayerIntake intake;
    private final PgLayers layers;
    private final Supplier<Packs> packs;
    private final Audit audit;
    private final Blocking reading;

    /** @param reading the pool of one thread that reads files; not closed here */
    public LayerImportRoutes(
            LayerIntake intake, PgLayers layers, Supplier<Packs> packs, Audit audit, Blocking reading) {
        this.intake = intake;
        this.layers = layers;
        this.packs = packs;
        this.audit = audit;
        this.reading = reading;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/mappings")
                .named("listMappings", "How files of several kinds become layers, as the packs say")
                .needs(Role.VIEWER)
                .answers(200, "the mappings", Schema.object("items", Schema.list(Schema.any())))
                .blocking(call -> mappings());
        api.post("/api/v1/layers/{layer}/imports")
                .named("importLayer", "Take a file into a layer, all or nothing; what is refused is named one by one")
                .needs(Role.ADMINISTRATOR)
                .query("filename", Schema.text(), "the file's name; its ending says what it is")
                .query("crs", Schema.text(), "its coordinate system, such as EPSG:9213, where it does not say it")
                .query("id", Schema.text(), "the attribute that holds the id")
                .query("mapping", Schema.text(), "a mapping that a pack brings")
                .query("map", Schema.text(), "NAME=COLUMN[:girth][:FROM>TO], separated by commas")
                .query("only_mapped", Schema.flag(), "leave away the attributes that are not mapped")
                .query("require", Schema.text(), "attributes that every feature must have, separated by commas")
                .query("table", Schema.text(), "which table of a file with several")
                .query("x", Schema.text(), "the column of longitude or easting of a table of text")
                .query("y", Schema.text(), "the column of latitude or northing")
                .query("wkt", Schema.text(), "the column of well-known text")
                .query("encoding", Schema.text(), "how texts are encoded, such as TCVN3")
                .query("accuracy", Schema.number(), "how far off the places may be, in metres")
                .query("source", Schema.text(), "who or what the features come from")
                .query("surveyed", Schema.text(), "the day of the survey, such as 2025-11-30")
                .query("accept_valid", Schema.flag(), "take those that can be, though others cannot")
                .query("dry_run", Schema.flag(), "only tell what would be")
                .fileBody(MAX_BYTES)
                .bodyWithin(Duration.ofMinutes(15))
                .answers(200, "what was, or would be, taken, and what not", Schema.any())
                .answers(422, "nothing was taken; it says why", Schema.any())
                .blocking(reading, this::take);
    }

    private Answer mappings() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (PackMapping each : packs.get().mappings()) {
            items.addObject()
                    .put("id", each.id())
                    .put("pack", each.pack())
                    .put("layer", each.layer())
                    .set("title", TraceJson.texts(each.title()));
        }
        return Answer.json(json);
    }

    private Answer take(Call call) throws IOException {
        String layer = call.path("layer");
        if (!layers.names().contains(layer)) {
            throw ProblemException.notFound("There is no layer " + layer + ".");
        }
        String name = filename(call);
        LayerIntake.Request request = request(call, layer);
        Path folder = Files.createTempDirectory("canopy-import-");
        try {
            Path file = Files.move(call.bodyFile(), folder.resolve(name));
            LayerIntake.Outcome outcome = intake.take(file, request, call.actor());
            if (outcome.taken()) {
                audit.write(
                        call.actor(),
                        "layer.import",
                        layer + ": " + outcome.read().features().size() + " features of " + name + ", "
                                + outcome.read().refusedCount() + " refused");
            }
            return answer(call, layer, request, outcome);
        } catch (IOException e) {
            throw ProblemException.unacceptable("unusable_file", e.getMessage() + ".");
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("not_taken", e.getMessage() + ".");
        } finally {
            Files.deleteIfExists(folder.resolve(name));
            Files.delete(folder);
        }
    }

    /** The bare name, of letters that no file system minds. */
    private static String filename(Call call) {
        String given = call.query("filename")
                .orElseThrow(() -> ProblemException.badRequest(
                        "missing_parameter", "Give the file's name as \"filename\", such as trees.gpkg."));
        String bare = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1)
                .replaceAll("[^\\p{L}\\p{M}\\p{N} ._()-]", "_");
        String short100 = bare.substring(Math.max(0, bare.length() - 100));
        return short100.startsWith(".") || short100.isBlank() ? "file" + short100.strip() : short100;
    }

    private LayerIntake.Request request(Call call, String layer) {
        try {
            Optional<PackMapping> mapping =
                    call.query("mapping").map(id -> packs.get().mapping(id, layer));
            List<AttributeMapping.Column> columns =
                    parts(call, "map").stream().map(ColumnText::parse).toList();
            return new LayerIntake.Request(
                    layer,
                    call.query("crs"),
                    mapping.map(PackMapping::attributes)
                            .orElse(AttributeMapping.AS_IT_IS)
                            .with(call.query("id"), columns, !call.flag("only_mapped")),
                    Set.copyOf(parts(call, "require")),
                    LayerIntake.constants(
                            call.query("accuracy").map(LayerImportRoutes::meters),
                            call.query("source"),
                            call.query("surveyed").map(LayerImportRoutes::day)),
                    new FormatOptions(
                            call.query("table"),
                            call.query("x"),
                            call.query("y"),
                            call.query("wkt"),
                            call.query("encoding"),
                            mapping.flatMap(PackMapping::tags)),
                    call.flag("accept_valid"),
                    call.flag("dry_run"));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("bad_parameter", e.getMessage() + ".");
        }
    }

    private static List<String> parts(Call call, String name) {
        return call.query(name).stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    private static double meters(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"accuracy\" is a number of metres, not " + text, e);
        }
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"surveyed\" is a day such as 2025-11-30, not " + text, e);
        }
    }

    /** What is wrong with each feature and what to do, in the language of who asks. */
    private static JsonNode refused(Call call, JsonNode collection) {
        if (call.inVietnamese()) {
            for (JsonNode feature : collection.path("features")) {
                ObjectNode properties = (ObjectNode) feature.path("properties");
                for (String member : List.of("detail", "remedy")) {
                    properties.put(
                            member,
                            RefusalTexts.vietnamese().of(properties.path(member).asText()));
                }
            }
        }
        return collection;
    }

    private static Answer answer(Call call, String layer, LayerIntake.Request request, LayerIntake.Outcome outcome)
            throws IOException {
        ObjectNode json = Json.object()
                .put("layer", layer)
                .put("dry_run", request.dryRun())
                .put("taken", outcome.taken())
                .put("features", outcome.read().features().size())
                .put("refused", outcome.read().refusedCount())
                .put("unchanged", outcome.unchanged())
                .put("numbered", outcome.read().numbered());
        json.set("columns", columns(outcome.read().features()));
        json.set("box", box(outcome.read().features()));
        ObjectNode duplicates = json.putObject("duplicates");
        duplicates.put("count", outcome.duplicates().count());
        ArrayNode items = duplicates.putArray("items");
        outcome.duplicates().first().forEach(each -> items.add(json(each)));
        ByteArrayOutputStream refused = new ByteArrayOutputStream();
        RefusedJson.write(outcome.read().refused(), refused);
        json.set("refused_features", refused(call, Json.read(refused.toByteArray())));
        if (outcome.taken() || request.dryRun()) {
            return Answer.json(json);
        }
        ObjectNode problem = new Problem(
                        422,
                        "refused_features",
                        "Nothing was taken: mend the features named in \"refused_features\" and send the file again, or"
                                + " send it with accept_valid=true.")
                .json();
        problem.setAll(json);
        return Answer.bytes(422, Problem.MEDIA_TYPE, Json.bytes(problem));
    }

    /** What the first features say, each attribute with the first of its values, so that a person can map them. */
    private static ArrayNode columns(List<GeoFeature> features) {
        Map<String, String> examples = new LinkedHashMap<>();
        for (GeoFeature feature : features.subList(0, Math.min(features.size(), LOOKED_AT))) {
            feature.properties().forEach((name, value) -> {
                if (value != null && examples.size() < MAX_COLUMNS) {
                    examples.computeIfAbsent(name, unused -> begin(value.toString()));
                }
            });
        }
        ArrayNode columns = Json.array();
        examples.forEach(
                (name, example) -> columns.addObject().put("name", name).put("example", example));
        return columns;
    }

    /** Cut between two characters, also those that Java keeps as two. */
    private static String begin(String text) {
        return text.codePointCount(0, text.length()) <= EXAMPLE_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, EXAMPLE_LENGTH));
    }

    /** West, south, east, north of all that can be taken; empty where there is nothing. */
    private static ArrayNode box(List<GeoFeature> features) {
        Envelope all = new Envelope();
        features.forEach(feature -> all.expandToInclude(feature.geometry().getEnvelopeInternal()));
        ArrayNode box = Json.array();
        if (!all.isNull()) {
            box.add(all.getMinX()).add(all.getMinY()).add(all.getMaxX()).add(all.getMaxY());
        }
        return box;
    }

    private static ObjectNode json(Duplicates.Duplicate duplicate) {
        return Json.object()
                .put("id", duplicate.id())
                .put("other", duplicate.other())
                .put("standing", duplicate.standing())
                .put("meters", Math.round(duplicate.meters() * 100) / 100.0)
                .put("allowed_meters", duplicate.allowedMeters());
    }
}
