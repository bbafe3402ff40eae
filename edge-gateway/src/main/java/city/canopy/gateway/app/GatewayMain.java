package city.canopy.gateway.app;

import city.canopy.devices.config.ConfigException;
import city.canopy.devices.config.ConfigReader;
import city.canopy.gateway.enrol.Enrolment;
import city.canopy.gateway.enrol.Identity;
import city.canopy.gateway.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The gateway's command line. */
@Command(
        name = "canopy-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = GatewayMain.Version.class,
        sortOptions = false,
        description = {
            "The program for a ward office: takes LwM2M and local MQTT from devices, keeps every message",
            "on disk while the uplink is away, and forwards it to the service.",
            "",
            "The first start enrols it: make the gateway in the service (POST /api/v1/gateways, or the page",
            "\"Gateways\") and give the one-time token that is shown there:",
            "",
            "  java -jar canopy-gateway.jar --service http://SERVICE:8080 --enrol TOKEN",
            ""
        })
public final class GatewayMain implements Callable<Integer> {
    /** What is given back when it cannot start; the reason has been printed. */
    static final int CANNOT_START = 2;

    private static final Duration RENEW_BEFORE = Duration.ofDays(60);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(
            names = "--config",
            paramLabel = "FILE",
            description = "gateway.yaml; every key has a default, the environment overrides it"
                    + " (CANOPY_GATEWAY_STORE_BYTES for store.bytes).")
    private Path config;

    @CommandLine.Option(names = "--service", paramLabel = "URL", description = "Overrides service.url.")
    private String service;

    @CommandLine.Option(
            names = "--enrol",
            paramLabel = "TOKEN",
            description = "The one-time token of the first start; or CANOPY_GATEWAY_SERVICE_TOKEN.")
    private String token;

    private final Map<String, String> environment;

    GatewayMain(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "city/canopy/gateway/logback.xml");
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new GatewayMain(environment));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            GatewayConfig read = new ConfigReader("CANOPY_GATEWAY", environment).read(GatewayConfig.class, config);
            System.setProperty("canopy.log", read.log().format().name());
            run(service == null ? read : withService(read, service));
            return CommandLine.ExitCode.OK;
        } catch (ConfigException
                | IllegalArgumentException
                | IllegalStateException
                | IOException
                | UncheckedIOException
                | StoreException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("canopy-gateway cannot start: " + e.getMessage());
            err.flush();
            return CANNOT_START;
        }
    }

    private static GatewayConfig withService(GatewayConfig read, String url) {
        return new GatewayConfig(
                read.data(),
                new GatewayConfig.Service(
                        url,
                        read.service().mqtt(),
                        read.service().token(),
                        read.service().retry()),
                read.store(),
                read.lwm2m(),
                read.mqtt(),
                read.http(),
                read.log());
    }

    private void run(GatewayConfig read) throws IOException, InterruptedException {
        Enrolment enrolment =
                new Enrolment(URI.create(read.service().url()), read.data().dir());
        Identity identity = identity(read, enrolment);
        CountDownLatch end = new CountDownLatch(1);
        Gateway gateway = new Gateway(read, identity);
        Gateway.Ports ports = gateway.start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            gateway.close();
                            end.countDown();
                        },
                        "shutdown"));
        tell(identity, read, ports);
        end.await();
    }

    private Identity identity(GatewayConfig read, Enrolment enrolment) throws IOException, InterruptedException {
        Optional<Identity> kept = Identity.load(read.data().dir());
        if (kept.isPresent()) {
            return renewed(kept.get(), enrolment);
        }
        String given = token != null ? token : read.service().token().value();
        if (given.isEmpty()) {
            throw new IOException("it is not enrolled yet. Make the gateway in the service, and start once with"
                    + " --enrol TOKEN (or CANOPY_GATEWAY_SERVICE_TOKEN)");
        }
        return enrolment.enrol(given);
    }

    /** A certificate that ends soon is renewed at a start; without an answer the one that there is serves on. */
    private static Identity renewed(Identity kept, Enrolment enrolment) throws InterruptedException {
        Instant ends = kept.certificate().getNotAfter().toInstant();
        if (Instant.now().plus(RENEW_BEFORE).isBefore(ends)) {
            return kept;
        }
        Logger log = LoggerFactory.getLogger(GatewayMain.class);
        try {
            Identity fresh = enrolment.renew(kept);
            log.info(
                    "the certificate was renewed until {}",
                    fresh.certificate().getNotAfter().toInstant());
            return fresh;
        } catch (IOException e) {
            log.warn("the certificate ends at {} and could not be renewed: {}", ends, e.getMessage());
            return kept;
        }
    }

    private void tell(Identity identity, GatewayConfig read, Gateway.Ports ports) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "Gateway %s, for the service at %s%n",
                identity.gateway(), read.service().url());
        out.printf("  LwM2M        coap %s, coaps %s%n", port(ports.coap()), port(ports.coaps()));
        out.printf("  MQTT         %s, TLS %s%n", port(ports.mqtt()), port(ports.mqttTls()));
        if (ports.http() >= 0) {
            out.printf("  Status page  http://%s:%d/%n", read.http().host(), ports.http());
        }
        out.flush();
    }

    private static String port(int port) {
        return port < 0 ? "off" : Integer.toString(port);
    }

    /** The version out of the jar's manifest. */
    static String version() {
        String version = GatewayMain.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** What {@code --version} says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"canopy-gateway " + version()};
        }
    }
}
