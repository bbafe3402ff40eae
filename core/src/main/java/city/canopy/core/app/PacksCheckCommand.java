package city.canopy.core.app;

import city.canopy.core.packs.PackCheck;
import city.canopy.core.packs.PackLayer;
import city.canopy.core.packs.Packs;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code canopy packs check FOLDER}: everything that is wrong with a pack, at once and without a database. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Tells everything that is wrong with a pack: file, line, remedy.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the pack can be used", "1:something is wrong with it", "2:there is no pack"})
final class PacksCheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "A pack, or a folder of packs.")
    private Path folder;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PackCheck check = Packs.check(folder);
        if (check.checked().isEmpty()) {
            throw new StartException(
                    folder + " holds no pack.yaml, and none of its folders does; name the pack's folder");
        }
        List<String> problems = new ArrayList<>();
        check.problems().forEach(problem -> problems.add(problem.getMessage()));
        for (PackLayer layer : check.packs().layers()) {
            if (check.checked().contains(layer.pack())) {
                layer.content().ifPresent(file -> problems.addAll(content(layer.name(), file)));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        problems.forEach(out::println);
        out.println(
                String.join(", ", check.checked()) + ": " + (problems.isEmpty() ? "can be used" : summary(problems)));
        out.flush();
        return problems.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static String summary(List<String> problems) {
        return problems.size() == 1
                ? "1 problem"
                : problems.size() + " problems; a later one may follow from an earlier one";
    }

    private static List<String> content(String layer, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new GeoJsonReader()
                    .read(in, layer).problems().stream()
                            .map(problem -> file + ": " + problem)
                            .toList();
        } catch (IOException e) {
            return List.of(file + ": cannot be read: " + e.getMessage() + "; mend it");
        }
    }
}
