package city.canopy.core.app;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code canopy serve}: the service for a city. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "The service; no simulation.")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        CoreConfig config = options.read();
        LogFormats.apply(config.log());
        Console console = new Console(spec.commandLine().getOut());
        Service service = Service.start(config, Service.Mode.SERVE);
        console.ready(service);
        service.whyLoopbackOnly().ifPresent(console::line);
        runUntilStopped(service, console);
        return CommandLine.ExitCode.OK;
    }

    /** Waits for Ctrl-C or SIGTERM, and then for the service to stop in good order. */
    static void runUntilStopped(AutoCloseable service, Console console) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            console.line("stopping: what is under way is finished first");
                            try {
                                service.close();
                            } catch (Exception e) {
                                console.line("a part did not stop cleanly: " + e.getMessage());
                            }
                            stopped.countDown();
                        },
                        "stop"));
        stopped.await();
    }
}
