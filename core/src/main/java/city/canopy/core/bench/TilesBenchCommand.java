package city.canopy.core.bench;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code canopy bench tiles}. */
@Command(
        name = "tiles",
        mixinStandardHelpOptions = true,
        description = {
            "A generated city of trees: its import, its index, an edit, pages of features, and vector tiles over the whole",
            "city, beside ST_AsMVT of a PostGIS over the same trees. Generator, service and databases share this machine;",
            "all data goes to a temporary folder, and to the table canopy_bench_trees of the PostGIS."
        })
public final class TilesBenchCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--trees", defaultValue = "250000", description = "How many; default ${DEFAULT-VALUE}.")
    private int trees;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each rate over HTTP; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--connections", defaultValue = "4", description = "HTTP connections; default ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--postgis",
            paramLabel = "jdbc:postgresql:…",
            description = "A database with PostGIS to compare with; without it there is no comparison.")
    private String postgis;

    @Option(names = "--postgis-user", description = "Its user.")
    private String user;

    @Option(
            names = "--postgis-password",
            defaultValue = "${env:CANOPY_POSTGIS_PASSWORD}",
            description = "Its password; rather by CANOPY_POSTGIS_PASSWORD.")
    private String password;

    @Override
    public Integer call() throws Exception {
        if (trees < 10 || trees > 1_000_000 || seconds < 1 || connections < 1 || connections > 64) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--trees 10 to 1000000, --seconds from 1, --connections 1 to 64");
        }
        BenchReport report = new BenchReport(spec);
        Optional<PgTiles.Address> other =
                Optional.ofNullable(postgis).map(url -> new PgTiles.Address(url, user, password));
        TilesBench bench = new TilesBench(trees, seconds, connections, other, report::progress);
        report.print(bench.run());
        return CommandLine.ExitCode.OK;
    }
}
