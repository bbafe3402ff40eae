package city.canopy.core.demo.story;

import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.city.Plot;
import city.canopy.core.demo.crew.Crew;
import city.canopy.core.series.Subject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the people of the stories do their part when the clock says so. What is due in a story's cycle is tried until the
 * ticket is there for it or the next part is due; a part that has been done changes nothing, so a demo that is started
 * again goes on in the middle.
 */
public final class Director implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Director.class);
    private static final long TICK_MS = 1_000;

    private final List<Line> lines = new ArrayList<>();
    private final Instant start;
    private final Crew crew;
    private final Runnable announced;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "demo-story"));

    /** One story at its place. */
    private record Line(Plot plot, Subject subject, Set<Integer> done, long[] cycle) {}

    /**
     * @param devices those that have a plot are directed
     * @param start the scenario's
     * @param announced told when a ticket has changed
     */
    public Director(List<DemoDevice> devices, Instant start, Crew crew, Runnable announced, Clock clock) {
        for (DemoDevice device : devices) {
            Subject subject =
                    new Subject(device.feature().layer(), device.feature().id());
            Plot.of(device).ifPresent(plot -> lines.add(new Line(plot, subject, new HashSet<>(), new long[] {-1})));
        }
        this.start = start;
        this.crew = crew;
        this.announced = announced;
        this.clock = clock;
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            step(clock.instant());
        } catch (RuntimeException e) {
            log.warn("the people of the story wait and try again: {}", e.getMessage());
        }
    }

    /** Does all that is due by this moment and has not been done in its cycle. */
    void step(Instant now) {
        for (Line line : lines) {
            step(line, now);
        }
    }

    private void step(Line line, Instant now) {
        Plot plot = line.plot();
        long told = Duration.between(start, now).plus(plot.phase()).toMillis();
        long length = plot.cycle().toMillis();
        long cycle = Math.floorDiv(told, length);
        if (cycle != line.cycle()[0]) {
            line.cycle()[0] = cycle;
            line.done().clear();
        }
        Duration since = Duration.ofMillis(Math.floorMod(told, length));
        List<Plot.Beat> beats = plot.beats();
        for (int i = 0; i < beats.size() && beats.get(i).after().compareTo(since) <= 0; i++) {
            boolean over = i + 1 < beats.size() && beats.get(i + 1).after().compareTo(since) <= 0;
            if (!line.done().contains(i) && (act(line, beats.get(i), cycle, now) || over)) {
                line.done().add(i);
            }
        }
    }

    private boolean act(Line line, Plot.Beat beat, long cycle, Instant now) {
        // A number of its own for each cycle: another citizen, and a report that is not taken for the last one.
        long number =
                Math.floorMod(start.getEpochSecond() + 7 * cycle + line.plot().ordinal(), 100_000L);
        boolean all = true;
        for (String service : line.plot().services()) {
            boolean acted = crew.act(
                    new Crew.Wish(line.subject(), service, beat.deed(), beat.words(), number), now, connection -> {});
            if (acted) {
                announced.run();
            }
            all &= acted;
        }
        return all;
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
