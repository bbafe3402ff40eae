package city.canopy.core.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code canopy packs}: what helps those who write packs. */
@Command(
        name = "packs",
        mixinStandardHelpOptions = true,
        description = "Helps to write packs.",
        subcommands = {PacksCheckCommand.class, PacksSchemasCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class PacksCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
