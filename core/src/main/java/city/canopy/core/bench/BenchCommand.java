package city.canopy.core.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code canopy bench …}: what this machine does, as JSON, with the raw limit measured in the same run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine: JSON out, with the raw limits of the same run.",
        subcommands = {
            IngestBenchCommand.class,
            AttachBenchCommand.class,
            TilesBenchCommand.class,
            GatewayBenchCommand.class
        })
public final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
