package city.canopy.core.app;

import city.canopy.core.demo.Demo;
import city.canopy.geo.crs.WorkingPlane;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code canopy demo}: everything in one process, with a generated city and a simulated fleet over real MQTT. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Everything in one process, with a generated city and a simulated fleet over real MQTT.")
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
        Console console = new Console(spec.commandLine().getOut());
        console.line("Canopy demo: starting the database and the service, data in "
                + config.data().dir());
        Service service = Service.start(config, Service.Mode.DEMO);
        announceFirstTicket(service, console);
        Demo demo;
        try {
            demo = Demo.start(
                    new Demo.Stage(
                            config.data().dir(),
                            service.layers(),
                            service.registry(),
                            service.vertx(),
                            service.mqttPort(),
                            Clock.systemUTC()),
                    config.demo().devices(),
                    config.demo().trees(),
                    config.demo().seed(),
                    WorkingPlane.centredOn(config.site().lon(), config.site().lat()));
        } catch (IllegalStateException e) {
            service.close();
            throw new StartException(e.getMessage(), e);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        console.ready(service);
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

    /** Says when the first ticket of this run changes, so that one sees it work without a browser. */
    private static void announceFirstTicket(Service service, Console console) {
        AtomicBoolean told = new AtomicBoolean();
        ObjectMapper json = new ObjectMapper();
        service.announcer().listen("first ticket", row -> {
            if (row.kind().startsWith("ticket") && told.compareAndSet(false, true)) {
                try {
                    JsonNode ticket = json.readTree(row.payload());
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
