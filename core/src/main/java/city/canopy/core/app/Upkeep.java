package city.canopy.core.app;

import city.canopy.core.access.People;
import city.canopy.core.commands.Commands;
import city.canopy.core.health.Health;
import city.canopy.core.ingest.Quarantine;
import city.canopy.core.series.SeriesMaintenance;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done now and then: partitions ahead, roll-ups, retention, commands and sessions that are over. One thread. */
final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    private static final long HEALTH_EVERY_S = 15;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "upkeep"));

    Upkeep(
            SeriesMaintenance series,
            Quarantine quarantine,
            Duration kept,
            People people,
            Commands commands,
            Health health,
            Clock clock) {
        // So that a state is known from when it began, and not from when somebody first asked.
        timer.scheduleWithFixedDelay(() -> run("health", health::check), 0, HEALTH_EVERY_S, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> run("the series", () -> series.run(clock.instant())), 20, 60, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> run(
                        "quarantine",
                        () -> quarantine.dropBefore(clock.instant().minus(kept))),
                30,
                60,
                TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> run("commands", () -> {
                    commands.run();
                    return null;
                }),
                2,
                2,
                TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> run("sessions", () -> {
                    people.sweep();
                    return null;
                }),
                5,
                10,
                TimeUnit.MINUTES);
    }

    private static void run(String what, java.util.concurrent.Callable<?> work) {
        try {
            work.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("the upkeep of {} failed and is tried again: {}", what, e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
