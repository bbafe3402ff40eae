package city.canopy.core.app;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.file.LayerFiles;
import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.export.LayerOutput;
import city.canopy.geo.export.LayerOutputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code canopy export --layer NAME --format FORMAT}: a layer into a file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a layer into a GeoPackage, GeoJSON, a table of text (CSV) or a Shapefile, and says what the file",
            "cannot hold. The service may be running on the same data."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it was written", "2:the layer or the file cannot be used"})
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--layer", required = true, description = "Which layer.")
    private String layer;

    @Option(names = "--format", required = true, description = "gpkg, geojson, csv or shp.")
    private String format;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to; LAYER.gpkg and so on when not said.")
    private Path file;

    @Option(
            names = "--crs",
            description = "The coordinate system, such as EPSG:9213; longitude and latitude when not said.",
            defaultValue = LayerExtract.LON_LAT)
    private String crs;

    @Override
    public Integer call() {
        LayerOutputs outputs = LayerFiles.outputs(Clock.systemUTC());
        LayerOutput output = outputs.find(format)
                .orElseThrow(
                        () -> new StartException("there is no format " + format + "; there are " + outputs.list()));
        CoreConfig config = options.read();
        Path target = file == null ? Path.of(layer + "." + output.ending()) : file;
        PrintWriter out = spec.commandLine().getOut();
        try (LayerStorage storage = LayerStorage.open(config, LayerStorage.packs(config), Clock.systemUTC())) {
            LayerExtract extract = extract(storage.layers());
            List<String> notes = output.write(extract, target);
            notes.forEach(out::println);
            out.println(extract.size() + " features of " + layer + " are in " + target);
        } catch (IOException | IllegalStateException | UnknownCrsException e) {
            throw new StartException(e.getMessage(), e);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private LayerExtract extract(PgLayers layers) {
        if (!layers.names().contains(layer)) {
            throw new StartException("there is no layer " + layer + "; there are "
                    + String.join(
                            ", ",
                            layers.listDefinitions().stream()
                                    .map(LayerDefinition::name)
                                    .toList()));
        }
        return new LayerExtract(layer, layers.snapshot(layer).features(), crs);
    }
}
