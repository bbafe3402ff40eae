package city.canopy.core.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code canopy bench ingest}. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "From a QoS 1 publish to its PUBACK and to the ticket event, with the packs' rules on.",
            "Generator, service and database share this machine; all data goes to a temporary folder."
        })
public final class IngestBenchCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--seconds", defaultValue = "20", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--connections", defaultValue = "1000", description = "MQTT connections; default ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--window",
            defaultValue = "20",
            description = "Messages in flight on each; default ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--flat-minutes",
            defaultValue = "0",
            description = "Minutes at full load while the heap is watched; default ${DEFAULT-VALUE}, none.")
    private int flatMinutes;

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || connections < 1 || connections > 10_000 || window < 1 || window > 200 || flatMinutes < 0) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--seconds from 1, --connections 1 to 10000, --window 1 to 200");
        }
        BenchReport report = new BenchReport(spec);
        IngestBench bench = new IngestBench(seconds, connections, window, flatMinutes, report::progress);
        report.print(bench.run());
        return CommandLine.ExitCode.OK;
    }
}
