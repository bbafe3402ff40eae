package city.canopy.core.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code canopy bench attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        description = {
            "Which tree is a place nearest to: answers a second on one core over a generated city, checked against all",
            "distances, beside the same question put to the tree of JTS."
        })
public final class AttachBenchCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--trees", defaultValue = "250000", description = "How many; default ${DEFAULT-VALUE}.")
    private int trees;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        if (trees < 10 || trees > 1_000_000 || seconds < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--trees 10 to 1000000, --seconds from 1");
        }
        BenchReport report = new BenchReport(spec);
        AttachBench bench = new AttachBench(trees, seconds, report::progress);
        report.print(bench.run());
        return CommandLine.ExitCode.OK;
    }
}
