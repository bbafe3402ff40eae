package city.canopy.core.ingest.paho;

import city.canopy.core.ingest.Door;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.Intake;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from a broker that the city already has: one consumer, a fixed client id and a session that the broker keeps, so
 * that what was not acknowledged comes again after either side was killed. A message is acknowledged when the line says
 * that it is committed, in order of arrival. When the line is full the broker is simply not read from; that lasting
 * longer than the keep-alive costs a reconnect, not a message.
 *
 * <p>The promise begins where the broker hands over. What a topic of the broker is about is the device that it names;
 * the broker's own device list is trusted for that. Any thread.
 */
public final class PahoSource implements Door, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PahoSource.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final BrokerConfig config;
    private final Intake intake;
    private final Clock clock;
    private final Counter messages;
    private final Counter ignored;
    private final Counter connects;
    private final ExecutorService acknowledger;
    private final Thread keeper;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean stopping;
    private volatile BrokerLink link;
    private volatile String trouble = "not connected yet";

    public PahoSource(BrokerConfig config, Intake intake, MeterRegistry meters, Clock clock) {
        this.config = config;
        this.intake = intake;
        this.clock = clock;
        messages = counter(meters, "canopy.broker.messages", "Messages taken in from a broker");
        ignored = counter(meters, "canopy.broker.ignored", "Messages of a broker that no configured topic asks for");
        connects = counter(meters, "canopy.broker.connects", "Connections made to a broker");
        Gauge.builder("canopy.broker.connected", this, source -> source.trouble == null ? 1 : 0)
                .description("Whether a broker is connected")
                .tag("broker", config.name())
                .register(meters);
        acknowledger = Executors.newSingleThreadExecutor(work -> daemon(work, "broker-" + config.name() + "-ack"));
        keeper = daemon(this::keepConnected, "broker-" + config.name());
    }

    private Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("broker", config.name())
                .register(meters);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public String name() {
        return "broker:" + config.name();
    }

    /** Connects, and goes on trying for as long as it takes; returns at once. */
    public void start() {
        keeper.start();
    }

    /** Why nothing comes from the broker; empty while it is connected. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void keepConnected() {
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            BrokerLink next = new BrokerLink(config, this);
            link = next;
            try {
                next.open();
                connects.increment();
                LOG.info("Broker {} is connected", config.name());
                trouble = null;
                pause = FIRST_PAUSE;
                trouble = next.awaitEnd();
            } catch (MqttException | IOException e) {
                trouble = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                trouble = "stopped";
                return;
            } finally {
                next.cut();
            }
            if (!stopping) {
                LOG.warn("Broker {} is not connected, next attempt in {}: {}", config.name(), pause, trouble);
                pause = pauseAfter(pause);
            }
        }
    }

    /** Waits, and says how long to wait the next time. */
    private Duration pauseAfter(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            // Only close() interrupts, after it has set stopping.
            Thread.currentThread().interrupt();
        }
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    @Override
    public void committed(List<Inbound> batch) {
        underWay.addAndGet(-batch.size());
        List<Inbound> safe = List.copyOf(batch);
        try {
            acknowledger.execute(() -> settle(safe));
        } catch (RejectedExecutionException e) {
            // Closed meanwhile: not acknowledged, so the broker sends it again and the line knows it.
            LOG.debug("{} messages were committed after broker {} was left", batch.size(), config.name());
        }
    }

    private void settle(List<Inbound> batch) {
        Set<BrokerLink> links = new LinkedHashSet<>();
        for (Inbound message : batch) {
            BrokerLink.Owed owed = (BrokerLink.Owed) message.sender();
            owed.link().settled(owed);
            links.add(owed.link());
        }
        links.forEach(BrokerLink::acknowledge);
    }

    /** Settles a message that does not go through the line, in its order. */
    void ignore(BrokerLink.Owed owed) {
        ignored.increment();
        try {
            acknowledger.execute(() -> {
                owed.link().settled(owed);
                owed.link().acknowledge();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("A message of broker {} came after it was left", config.name());
        }
    }

    /** Offers a message; counts what the line took. */
    boolean offer(Inbound message) {
        if (stopping) {
            return false;
        }
        underWay.incrementAndGet();
        if (intake.offer(message)) {
            messages.increment();
            return true;
        }
        underWay.decrementAndGet();
        return false;
    }

    Intake intake() {
        return intake;
    }

    Clock clock() {
        return clock;
    }

    boolean isStopping() {
        return stopping;
    }

    /**
     * Takes nothing more, waits until what was taken is committed and acknowledged, and leaves; the broker keeps what
     * comes meanwhile. The line must still run.
     *
     * @param within how long to wait; what is not committed by then comes again later
     */
    public void stop(Duration within) throws InterruptedException {
        stopping = true;
        long until = System.nanoTime() + within.toNanos();
        while (underWay.get() > 0 && System.nanoTime() - until < 0) {
            Thread.sleep(5);
        }
        acknowledger.shutdown();
        acknowledger.awaitTermination(Math.max(100, within.toMillis()), TimeUnit.MILLISECONDS);
        BrokerLink last = link;
        if (last != null) {
            last.leave();
        }
        close();
    }

    /** Leaves at once, as a crash would: what is not acknowledged comes again. */
    @Override
    public void close() {
        stopping = true;
        acknowledger.shutdownNow();
        keeper.interrupt();
        BrokerLink last = link;
        if (last != null) {
            last.cut();
        }
    }
}
