package city.canopy.core.app;

import city.canopy.core.access.People;
import city.canopy.core.access.ServerKey;
import city.canopy.core.packs.Packs;
import city.canopy.devices.profile.PackFileException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code canopy check}: is it well? Run it while the service is stopped, or against an outside database at any time. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks configuration, packs and database, and says how the time series are kept.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CoreConfig config = options.read();
        out.println("configuration: can be read; data.dir is " + config.data().dir());
        try {
            Packs packs = Packs.load(Optional.of(config.data().dir().resolve("packs")));
            out.println(
                    "packs: " + packs.list().size() + " with " + packs.rules().size() + " rules and "
                            + packs.profiles().list().size() + " device profiles");
        } catch (PackFileException e) {
            throw StartException.ofPacks(e);
        }
        try (Storage storage = Storage.open(config, Clock.systemUTC())) {
            out.println("database: " + (config.database().isEmbedded() ? "embedded PostgreSQL" : "PostgreSQL")
                    + ", migrated");
            out.println("time series: " + storage.layout().describe());
            People people =
                    new People(storage.database(), ServerKey.load(config.data().dir()), Clock.systemUTC());
            if (people.bootstrapTokenLives()) {
                out.println("warning: the token of security.bootstrap_token is still valid; revoke it when you have"
                        + " set up (DELETE /api/v1/tokens/{id})");
            }
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
