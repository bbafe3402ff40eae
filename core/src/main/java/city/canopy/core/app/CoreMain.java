package city.canopy.core.app;

import city.canopy.core.bench.BenchCommand;
import city.canopy.core.simulate.SimulateCommand;
import city.canopy.devices.config.ConfigException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line of {@code canopy.jar}. */
@Command(
        name = "canopy",
        mixinStandardHelpOptions = true,
        versionProvider = CoreMain.Version.class,
        description = "Watches a city's trees, waste points and roads, and gets the work done.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            SimulateCommand.class,
            CheckCommand.class,
            PacksCommand.class,
            BenchCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Try: java -jar canopy.jar demo"})
public final class CoreMain implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The parser with its subcommands; errors of configuration are one line, not a stack trace. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new CoreMain());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof ConfigException || e instanceof StartException) {
                PrintWriter err = command.getErr();
                err.println("canopy: " + e.getMessage());
                err.flush();
                return CommandLine.ExitCode.USAGE;
            }
            throw e;
        });
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The version out of the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"canopy " + text()};
        }

        static String text() {
            String version = CoreMain.class.getPackage().getImplementationVersion();
            return version == null ? "(not packaged)" : version;
        }
    }
}
