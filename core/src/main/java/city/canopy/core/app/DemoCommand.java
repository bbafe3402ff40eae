package city.canopy.core.app;

import city.canopy.core.demo.Demo;
import city.canopy.core.demo.past.History;
import city.canopy.geo.crs.WorkingPlane;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code canopy demo}: everything in one process, with a generated city and a simulated fleet over real MQTT and LwM2M. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Everything in one process, with a generated city and a simulated fleet over real MQTT and LwM2M.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        CoreConfig config = options.read();
        LogFormats.apply(config.log());
        LogFormats.withoutRequests();
        Demo.Wish wish = wish(config);
        Console console = new Console(spec.commandLine().getOut());
        console.line("Canopy demo: starting the database and the service, data in "
                + config.data().dir());
        Service service = Service.start(config, Service.Mode.DEMO);
        announceFirstTicket(service, console, Instant.now());
        DemoGateway gateway = new DemoGateway(service, Clock.systemUTC());
        Demo demo;
        try {
            demo = Demo.start(stage(service, gateway), wish, progress(console));
        } catch (IllegalStateException e) {
            service.close();
            throw new StartException(e.getMessage(), e);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        console.ready(service);
        console.line("The gateway takes LwM2M on port " + gateway.ports().coap() + " (CoAP) and "
                + gateway.ports().coaps() + " (DTLS); its page: http://127.0.0.1:"
                + gateway.ports().http() + "/");
        console.line("The ward outlines are real; streets, trees, bins, sensors and their readings are generated.");
        console.line("Stop with Ctrl-C; start again and it goes on where it was.");
        ServeCommand.runUntilStopped(
                () -> {
                    demo.close();
                    service.close();
                },
                console);
        return CommandLine.ExitCode.OK;
    }

    /** What a running service lends to its demo. */
    static Demo.Stage stage(Service service) {
        return stage(service, new DemoGateway(service, Clock.systemUTC()));
    }

    private static Demo.Stage stage(Service service, DemoGateway gateway) {
        return new Demo.Stage(
                service.config().data().dir(),
                service.layers(),
                service.registry(),
                service.vertx(),
                service.mqttPort(),
                Clock.systemUTC(),
                new History.Ways(
                        service.database(),
                        service.registry(),
                        service.series(),
                        service.desk(),
                        service::backfill,
                        service.announcer()::wake),
                gateway);
    }

    /** @throws StartException when the past would be longer than readings are kept */
    static Demo.Wish wish(CoreConfig config) {
        if (config.retention().readings().toDays() < config.demo().historyDays()) {
            throw new StartException(
                    "demo.history_days " + config.demo().historyDays() + " is longer than" + " retention.readings "
                            + config.retention().readings() + ": shorten the one or lengthen the other");
        }
        return new Demo.Wish(
                config.demo().devices(),
                config.demo().trees(),
                config.demo().seed(),
                config.demo().historyDays(),
                WorkingPlane.centredOn(config.site().lon(), config.site().lat()),
                config.site().timezone());
    }

    private static DoubleConsumer progress(Console console) {
        Console.Progress bar = console.progress("The city's past");
        return bar::reached;
    }

    /** Says when the first ticket of this run comes, so that one sees it work without a browser; the past's are none. */
    private static void announceFirstTicket(Service service, Console console, Instant since) {
        AtomicBoolean told = new AtomicBoolean();
        ObjectMapper json = new ObjectMapper();
        service.announcer().listen("first ticket", row -> {
            if (row.kind().startsWith("ticket") && !told.get()) {
                try {
                    JsonNode ticket = json.readTree(row.payload());
                    if (Instant.parse(ticket.path("updated_at").asText()).isBefore(since)
                            || !told.compareAndSet(false, true)) {
                        return;
                    }
                    console.line(
                            "First ticket: " + ticket.path("title").path("vi").asText() + " / "
                                    + ticket.path("title").path("en").asText() + " ("
                                    + ticket.path("layer").asText() + " "
                                    + ticket.path("feature_id").asText() + ")");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
    }
}
