package city.canopy.core.bench;

import city.canopy.gateway.bench.CrowdBench;
import city.canopy.gateway.bench.LogBench;
import city.canopy.gateway.lwm2m.sim.LwM2mFleet;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code canopy bench gateway}. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = {
            "The edge gateway: what its store takes, and a crowd of LwM2M devices that register, send, and go on when it is",
            "killed, with every acknowledged reading looked for afterwards. Devices and gateway share this machine."
        })
public final class GatewayBenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--devices", defaultValue = "10000", description = "How many; default ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--dtls",
            defaultValue = "1000",
            description = "How many of them over DTLS, each with a key of its own; default ${DEFAULT-VALUE}.")
    private int dtls;

    @Option(names = "--seconds", defaultValue = "20", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--dir",
            description = "Where the stores lie, on the disk to be measured; default the system's temporary folder.")
    private Path dir;

    @Override
    public Integer call() throws Exception {
        if (devices < 1 || devices > 18_000 || dtls < 0 || dtls > Math.min(devices, LwM2mFleet.MAX_DTLS)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--devices 1 to 18000, --dtls 0 to " + LwM2mFleet.MAX_DTLS
                            + " and not more than there are devices");
        }
        if (seconds < 1 || seconds > 300) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--seconds 1 to 300");
        }
        BenchReport report = new BenchReport(spec);
        try (BenchFolder folder = dir == null ? BenchFolder.make() : BenchFolder.in(Files.createDirectories(dir))) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("machine", BenchFolder.machine());
            figures.put("log", map(new LogBench(folder.path().resolve("log"), seconds, report::progress).run()));
            figures.put(
                    "crowd",
                    map(new CrowdBench(folder.path().resolve("crowd"), devices, dtls, seconds, report::progress)
                            .run()));
            report.print(figures);
        }
        return CommandLine.ExitCode.OK;
    }

    private static Map<String, Object> map(Object figures) {
        return JSON.convertValue(figures, new TypeReference<LinkedHashMap<String, Object>>() {});
    }
}
