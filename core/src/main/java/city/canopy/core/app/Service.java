package city.canopy.core.app;

import city.canopy.core.access.DeviceCredentials;
import city.canopy.core.access.Directory;
import city.canopy.core.access.People;
import city.canopy.core.access.ServerKey;
import city.canopy.core.announce.Announcer;
import city.canopy.core.announce.EventFeed;
import city.canopy.core.announce.OutboxTrimmer;
import city.canopy.core.announce.RetainedState;
import city.canopy.core.announce.webhook.OutboundRules;
import city.canopy.core.announce.webhook.WebhookSender;
import city.canopy.core.db.Database;
import city.canopy.core.gateways.Gateways;
import city.canopy.core.health.DiskWatch;
import city.canopy.core.health.Health;
import city.canopy.core.http.ApiServer;
import city.canopy.core.ingest.Backfill;
import city.canopy.core.ingest.Line;
import city.canopy.core.ingest.mqtt.MqttDoor;
import city.canopy.core.ingest.paho.PahoSource;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.registry.Registry;
import city.canopy.core.series.SeriesLayout;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.DeviceRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: everything that runs, from {@link #start} to {@link #close}. Made by {@link Wiring}; holds what the
 * commands need to talk to it.
 */
public final class Service implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Service.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** How it is run. */
    public enum Mode {
        /** For visitors: loopback only. */
        DEMO,
        /** For a city. */
        SERVE,
        /** For measuring: loopback only, nothing printed. */
        BENCH
    }

    private final CoreConfig config;
    private final Storage storage;
    private final Running running;
    private final Optional<String> firstPassword;
    private MqttDoor.Ports ports;

    /** What was started, in the order in which it was. */
    record Running(
            Vertx vertx,
            Access access,
            LineAndDoors line,
            Announcing announcing,
            ApiServer http,
            Health health,
            DiskWatch disk,
            List<AutoCloseable> rest) {}

    /** Who may do what. */
    record Access(
            ServerKey key, DeviceCredentials credentials, People people, Directory directory, Registry registry) {}

    /** The line and its doors, the one behind them, and the way in for the past. */
    record LineAndDoors(
            Line line,
            MqttDoor mqtt,
            List<PahoSource> brokers,
            GatewaySide gateways,
            TicketDesk desk,
            BiFunction<Instant, Supplier<DeviceRegistry>, Backfill> backfills) {}

    /** Those who tell others. */
    record Announcing(
            Announcer announcer,
            EventFeed feed,
            RetainedState retained,
            WebhookSender webhooks,
            OutboxTrimmer trimmer,
            OutboundRules rules) {}

    Service(CoreConfig config, Storage storage, Running running, Optional<String> firstPassword) {
        this.config = config;
        this.storage = storage;
        this.running = running;
        this.firstPassword = firstPassword;
    }

    /**
     * Starts everything; comes back when the doors are open.
     *
     * @throws StartException saying what to do
     */
    public static Service start(CoreConfig config, Mode mode) {
        return start(config, mode, Clock.systemUTC());
    }

    /** The same by another clock than the system's. It must not go back. */
    public static Service start(CoreConfig config, Mode mode, Clock clock) {
        Service service = new Wiring(config, mode, clock).wire();
        try {
            service.open();
            return service;
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private void open() {
        running.announcing().announcer().start();
        running.announcing().retained().start();
        running.announcing().webhooks().start();
        running.announcing().trimmer().start();
        running.line().line().start();
        running.disk().start();
        running.http().start();
        try {
            ports = running.line()
                    .mqtt()
                    .start()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the MQTT door opened", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new StartException(
                    "the MQTT door does not open: " + e.getCause().getMessage() + "; set mqtt.port to a free one", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new StartException("the MQTT door did not open within 30 s", e);
        }
        running.line().brokers().forEach(PahoSource::start);
        PortsFile.write(config.data().dir(), httpPort(), ports);
    }

    public CoreConfig config() {
        return config;
    }

    public Database database() {
        return storage.database();
    }

    /** The device profiles of the packs, as they stand. */
    Profiles profiles() {
        return running.line().gateways().profiles();
    }

    /** The edge gateways: who they are and how they enrol. */
    public Gateways gateways() {
        return running.line().gateways().gateways();
    }

    public PgLayers layers() {
        return storage.layers();
    }

    public Registry registry() {
        return running.access().registry();
    }

    public People people() {
        return running.access().people();
    }

    public Vertx vertx() {
        return running.vertx();
    }

    public Announcer announcer() {
        return running.announcing().announcer();
    }

    public TicketDesk desk() {
        return running.line().desk();
    }

    public SeriesLayout series() {
        return storage.layout();
    }

    /**
     * A way into the line for what was received in the past. One at a time; to be closed before the service.
     *
     * @param from before the first message
     * @param watched whose silence is noticed, as it stands at the moment
     */
    public Backfill backfill(Instant from, Supplier<DeviceRegistry> watched) {
        return running.line().backfills().apply(from, watched);
    }

    public int httpPort() {
        return running.http().port();
    }

    public int mqttPort() {
        return ports.mqtt();
    }

    /** -1 where there is no MQTT over TLS. */
    public int mqttTlsPort() {
        return ports.tls();
    }

    /** Why HTTP listens on loopback only, where that is not what was asked for. */
    public Optional<String> whyLoopbackOnly() {
        return running.http().config().whyLoopbackOnly();
    }

    /** The administrator's password when this was the first start; told once. */
    public Optional<String> firstPassword() {
        return firstPassword;
    }

    /** Stops in good order: nothing more comes in, what is under way is committed and acknowledged. */
    @Override
    public void close() {
        PortsFile.remove(config.data().dir());
        List<AutoCloseable> steps = new ArrayList<>();
        steps.add(() -> running.line()
                .mqtt()
                .stop(DRAIN)
                .toCompletionStage()
                .toCompletableFuture()
                .get(DRAIN.toSeconds() + 5, TimeUnit.SECONDS));
        running.line().brokers().forEach(broker -> steps.add(() -> broker.stop(DRAIN)));
        steps.add(() -> {
            if (!running.line().line().drain(DRAIN)) {
                log.warn("not everything was committed within {} s; its senders will send it again", DRAIN.toSeconds());
            }
        });
        steps.add(running.http());
        steps.add(running.line().line());
        steps.add(running.disk());
        steps.add(running.announcing().webhooks());
        steps.add(running.announcing().retained());
        steps.add(running.announcing().feed());
        steps.add(running.announcing().announcer());
        steps.add(running.announcing().trimmer());
        steps.addAll(running.rest());
        steps.add(() -> running.vertx()
                .close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(15, TimeUnit.SECONDS));
        steps.add(storage);
        for (AutoCloseable step : steps) {
            try {
                step.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.warn("a part did not stop cleanly: {}", e.toString());
            }
        }
    }
}
