package city.canopy.core.app;

import city.canopy.core.packs.PackSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code canopy packs schemas FOLDER}: the JSON Schemas of a pack's files, for editors. */
@Command(
        name = "schemas",
        mixinStandardHelpOptions = true,
        description = "Writes the JSON Schemas of a pack's files into a folder, for editors.")
final class PacksSchemasCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "Where to; it is made where it is not there.")
    private Path folder;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, String> schemas = PackSchemas.all();
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> schema : schemas.entrySet()) {
                Files.writeString(folder.resolve(schema.getKey()), schema.getValue());
            }
        } catch (IOException e) {
            throw new StartException(
                    folder + " cannot be written to: " + e.getMessage() + "; name a folder that can be", e);
        }
        spec.commandLine().getOut().println(schemas.size() + " schemas in " + folder);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
