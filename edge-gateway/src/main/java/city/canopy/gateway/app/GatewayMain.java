package city.canopy.gateway.app;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The gateway's command line. This version answers what it is and what it will do; it takes no traffic yet. */
@Command(
        name = "canopy-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = GatewayMain.Version.class,
        description = {
            "The program for a ward office: it will take LwM2M and local MQTT from devices,",
            "keep every message on disk while the uplink is away, and forward it to the service.",
            "",
            "This version takes no traffic: it answers --version and --help only.",
            "Devices that speak MQTT or HTTP connect to the service itself (canopy.jar serve)."
        })
public final class GatewayMain implements Callable<Integer> {
    /** What is given back when there is nothing that could be run. */
    static final int NOTHING_TO_RUN = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new GatewayMain());
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        err.println("canopy-gateway takes no traffic in this version; see --help for what it will do.");
        err.flush();
        return NOTHING_TO_RUN;
    }

    /** The version out of the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = GatewayMain.class.getPackage().getImplementationVersion();
            return new String[] {"canopy-gateway " + (version == null ? "(not packaged)" : version)};
        }
    }
}
