package city.canopy.core.app;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.file.GeoPackageFormat;
import city.canopy.core.packs.Packs;
import city.canopy.devices.profile.PackFileException;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormat;
import city.canopy.geo.file.LayerFormats;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
            "Takes a Shapefile (.shp or .zip), GeoPackage, GeoJSON, CSV or KML into a layer, all of it or nothing, and says of every",
            "feature that cannot be taken why not. The service must not be running on the same data."
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
        LayerImport.Result read = read(config);
        PrintWriter out = spec.commandLine().getOut();
        report(read, out);
        boolean taken = read.refusedCount() == 0 || acceptValid;
        if (taken && !dryRun) {
            write(config, read.features());
        }
        out.println(summary(read, taken));
        out.flush();
        return read.refusedCount() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private LayerImport.Result read(CoreConfig config) {
        LayerFormats formats = LayerFormats.standard().and(new GeoPackageFormat());
        LayerFormat format = formats.of(file)
                .orElseThrow(() -> new StartException(
                        file + " is of no kind that is known by its name; there are " + formats.list()));
        LayerImport.Wish wish = new LayerImport.Wish(
                layer,
                Optional.ofNullable(crs),
                new AttributeMapping(Optional.ofNullable(id), columns, !onlyMapped),
                required,
                Map.of(),
                WorkingPlane.centredOn(config.site().lon(), config.site().lat()),
                new FormatOptions(
                        Optional.ofNullable(table),
                        Optional.ofNullable(x),
                        Optional.ofNullable(y),
                        Optional.ofNullable(wkt),
                        Optional.ofNullable(encoding)),
                FeatureCheck.NONE);
        try {
            return LayerImport.read(file, format, wish);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new StartException(file + " is not there; name another file", e);
        } catch (IOException e) {
            throw new StartException(e.getMessage(), e);
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
        List<GeoFeature> features = new ArrayList<>();
        for (LayerImport.Refused each : read.refused()) {
            each.geometry().ifPresent(geometry -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                properties.put("feature", each.problem().featureRef());
                properties.put("code", each.problem().code());
                properties.put("detail", each.problem().detail());
                properties.put("remedy", each.problem().remedy());
                features.add(new GeoFeature("refused", Integer.toString(features.size() + 1), geometry, properties, 1));
            });
        }
        try (OutputStream out = Files.newOutputStream(refusedFile)) {
            GeoJsonWriter.write(features, out);
        } catch (IOException e) {
            throw new StartException(refusedFile + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(CoreConfig config, List<GeoFeature> features) {
        try (Storage storage = Storage.open(config, Clock.systemUTC())) {
            LayerSeed.open(storage.layers(), packs(config));
            PgLayers layers = storage.layers();
            if (layers.findDefinition(layer).isEmpty()) {
                throw new StartException("there is no layer " + layer + "; there are "
                        + String.join(
                                ", ",
                                layers.listDefinitions().stream()
                                        .map(LayerDefinition::name)
                                        .toList()));
            }
            layers.load(layer, features, "import");
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static Packs packs(CoreConfig config) {
        try {
            return Packs.load(Optional.of(config.data().dir().resolve("packs")));
        } catch (PackFileException e) {
            throw StartException.ofPacks(e);
        }
    }

    private String summary(LayerImport.Result read, boolean taken) {
        int good = read.features().size();
        if (dryRun) {
            return good + " features could be taken into " + layer + ", " + read.refusedCount() + " could not";
        }
        return taken
                ? good + " features taken into " + layer + ", " + read.refusedCount() + " refused"
                : "nothing was taken: " + read.refusedCount() + " of " + (good + read.refusedCount())
                        + " features cannot be; mend them, or say --accept-valid";
    }
}
