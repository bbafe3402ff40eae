package city.canopy.core.app;

import city.canopy.core.layers.file.LayerIntake;
import city.canopy.core.layers.file.RefusedJson;
import city.canopy.core.packs.PackMapping;
import city.canopy.core.packs.Packs;
import city.canopy.geo.attach.Duplicates;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.LayerProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code canopy import FILE --layer NAME}: a file into a layer, all of it or nothing. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a Shapefile (.shp or .zip), GeoPackage, GeoJSON, CSV, KML or OSM PBF into a layer, all of it or nothing, and says of every",
            "feature that cannot be taken why not. A service that runs on the same data sees it at once."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all of it was taken, or could be",
            "1:some features cannot be taken; nothing was, unless --accept-valid",
            "2:the file or the layer cannot be used"
        })
final class ImportCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Mixin
    private ConfigOptions options;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "What to take in.")
    private Path file;

    @Option(names = "--layer", required = true, description = "The layer; a pack must bring it.")
    private String layer;

    @Option(names = "--crs", description = "The file's coordinate system, such as EPSG:9213, where it does not say it.")
    private String crs;

    @Option(names = "--id", description = "The attribute that holds the id; without it the file's own, else numbers.")
    private String id;

    @Option(
            names = "--map",
            paramLabel = "NAME=COLUMN[:girth][:FROM>TO]",
            converter = ColumnOption.class,
            description = "An attribute of the layer and where it comes from, as often as needed:"
                    + " diameter_cm=GIRTH:girth, height_m=HEIGHT:ft>m.")
    private List<AttributeMapping.Column> columns = new ArrayList<>();

    @Option(
            names = "--mapping",
            paramLabel = "NAME",
            description = "A mapping that a pack brings; --map counts before it.")
    private String mapping;

    @Option(names = "--only-mapped", description = "Leave away the attributes that no --map names.")
    private boolean onlyMapped;

    @Option(names = "--require", split = ",", description = "Attributes that every feature must have.")
    private Set<String> required = Set.of();

    @Option(names = "--table", description = "Which layer of a file that holds several.")
    private String table;

    @Option(names = "--x", description = "The column of longitude or easting of a CSV file.")
    private String x;

    @Option(names = "--y", description = "The column of latitude or northing.")
    private String y;

    @Option(names = "--wkt", description = "The column of well-known text.")
    private String wkt;

    @Option(names = "--encoding", description = "How texts are encoded, such as UTF-8, windows-1258 or TCVN3.")
    private String encoding;

    @Option(
            names = "--accuracy",
            paramLabel = "METERS",
            description = "How far off the places may be, where no feature says it.")
    private Double accuracy;

    @Option(names = "--source", description = "Who or what the features come from, where none says it.")
    private String source;

    @Option(
            names = "--surveyed",
            paramLabel = "DAY",
            description = "The day on which they were surveyed, such as 2025-11-30.")
    private LocalDate surveyed;

    @Option(names = "--accept-valid", description = "Take those that can be, though others cannot.")
    private boolean acceptValid;

    @Option(names = "--dry-run", description = "Only say what would be.")
    private boolean dryRun;

    @Option(
            names = "--refused",
            paramLabel = "FILE",
            description = "Write what was refused, with the reason, as GeoJSON.")
    private Path refusedFile;

    @Override
    public Integer call() {
        CoreConfig config = options.read();
        Packs packs = LayerStorage.packs(config);
        LayerIntake.Request request = request(packs);
        if (!Files.exists(file)) {
            throw new StartException(file + " is not there; name another file");
        }
        LayerIntake.Outcome outcome = take(config, packs, request);
        PrintWriter out = spec.commandLine().getOut();
        report(outcome.read(), out);
        reportDuplicates(outcome.duplicates(), out);
        if (outcome.unchanged() > 0) {
            out.println(outcome.unchanged() + " features stand in the layer already as they are in the file");
        }
        out.println(summary(outcome));
        out.flush();
        return outcome.read().refusedCount() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private LayerIntake.Request request(Packs packs) {
        try {
            Optional<PackMapping> known = Optional.ofNullable(mapping).map(name -> packs.mapping(name, layer));
            return new LayerIntake.Request(
                    layer,
                    Optional.ofNullable(crs),
                    known.map(PackMapping::attributes)
                            .orElse(AttributeMapping.AS_IT_IS)
                            .with(Optional.ofNullable(id), columns, !onlyMapped),
                    required,
                    LayerIntake.constants(
                            Optional.ofNullable(accuracy), Optional.ofNullable(source), Optional.ofNullable(surveyed)),
                    new FormatOptions(
                            Optional.ofNullable(table),
                            Optional.ofNullable(x),
                            Optional.ofNullable(y),
                            Optional.ofNullable(wkt),
                            Optional.ofNullable(encoding),
                            known.flatMap(PackMapping::tags)),
                    acceptValid,
                    dryRun);
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private LayerIntake.Outcome take(CoreConfig config, Packs packs, LayerIntake.Request request) {
        Console console = new Console(spec.commandLine().getErr());
        try (LayerStorage storage = LayerStorage.open(config, packs, Clock.systemUTC())) {
            return new LayerIntake(
                            storage.layers(),
                            config.site().plane(),
                            config.site().timezone())
                    .take(file, request, "import", new Watching(console));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        } finally {
            console.clear();
        }
    }

    /** Tells a person at a terminal what is going on. */
    private record Watching(Console console) implements LayerIntake.Watch {
        private static final int STEP = 1_000;

        @Override
        public void read(int features) {
            if (features % STEP == 0) {
                console.passing(String.format(Locale.ROOT, "reading: %,d features", features));
            }
        }

        @Override
        public void comparing(int features) {
            console.passing(String.format(Locale.ROOT, "comparing %,d features with those that are there", features));
        }

        @Override
        public void writing(int features) {
            console.passing(String.format(Locale.ROOT, "writing %,d features", features));
        }
    }

    private void report(LayerImport.Result read, PrintWriter out) {
        read.refused().stream().limit(SHOWN).forEach(each -> out.println(line(each.problem())));
        if (read.refusedCount() > SHOWN) {
            Map<String, Integer> causes = new TreeMap<>();
            read.refused().forEach(each -> causes.merge(each.problem().code(), 1, Integer::sum));
            out.println("… and " + (read.refusedCount() - SHOWN) + " more; of the first "
                    + read.refused().size() + ": " + causes);
        }
        if (refusedFile != null) {
            writeRefused(read);
            out.println("refused features are in " + refusedFile);
        }
        if (read.numbered()) {
            out.println(
                    "The file has no ids: features are numbered. Name an attribute with --id, so that the same file can"
                            + " be taken in again.");
        }
    }

    private static String line(LayerProblem problem) {
        return problem.featureRef() + ": " + problem.detail() + " (" + problem.code() + "). " + problem.remedy();
    }

    private void writeRefused(LayerImport.Result read) {
        try (OutputStream out = Files.newOutputStream(refusedFile)) {
            RefusedJson.write(read.refused(), out);
        } catch (IOException e) {
            throw new StartException(refusedFile + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void reportDuplicates(Duplicates.Found found, PrintWriter out) {
        for (Duplicates.Duplicate each :
                found.first().subList(0, Math.min(SHOWN, found.first().size()))) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s may be the same tree as %s%s: the same species, %.1f m apart, and their places may be off by"
                            + " %.1f m",
                    each.id(),
                    each.other(),
                    each.standing() ? ", which stands in the layer" : " of the file",
                    each.meters(),
                    each.allowedMeters()));
        }
        if (found.count() > 0) {
            out.println(found.count() + " trees may be there already or come twice; none was left out for that");
        }
    }

    private String summary(LayerIntake.Outcome outcome) {
        int good = outcome.read().features().size();
        int refused = outcome.read().refusedCount();
        if (dryRun) {
            return good + " features could be taken into " + layer + ", " + refused + " could not";
        }
        return outcome.taken()
                ? good + " features taken into " + layer + ", " + refused + " refused"
                : "nothing was taken: " + refused + " of " + (good + refused)
                        + " features cannot be; mend them, or say --accept-valid";
    }
}
