package city.canopy.gateway.app;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.command.CommandRouter;
import city.canopy.gateway.config.ConfigurationKeeper;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.config.PrivateFiles;
import city.canopy.gateway.enrol.Identity;
import city.canopy.gateway.enrol.ServiceTime;
import city.canopy.gateway.forward.BrokerLink;
import city.canopy.gateway.forward.Forwarder;
import city.canopy.gateway.forward.NoDelayTls;
import city.canopy.gateway.forward.PahoBrokerLink;
import city.canopy.gateway.forward.RetrySchedule;
import city.canopy.gateway.http.GatewayStatus;
import city.canopy.gateway.http.StatusServer;
import city.canopy.gateway.lwm2m.DeviceState;
import city.canopy.gateway.lwm2m.LwM2mGateway;
import city.canopy.gateway.mqtt.LocalMqttDoor;
import city.canopy.gateway.mqtt.MqttCommands;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.SegmentLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The gateway, wired and running: constructors in order, by hand. {@link #start} opens the doors, {@link #close} closes them
 * and leaves everything on disk as the next start needs it.
 */
public final class Gateway implements AutoCloseable {
    private static final long SEGMENT_BYTES = 32L << 20;
    private static final long PATIENCE_S = 30;

    private final GatewayConfig config;
    private final Identity identity;
    private final Clock clock = Clock.systemUTC();
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Directory directory = new Directory();
    private final FileStateStore state;
    private final EdgeClock edgeClock;
    private final MessageStore store;
    private final ConfigurationKeeper keeper;
    private final LwM2mGateway lwm2m;
    private final LocalMqttDoor mqtt;
    private final CommandRouter commands;
    private final BrokerLink link;
    private final Forwarder forwarder;
    private final StatusServer status;
    private final SelfReport report;
    private volatile Instant since;

    /** Where it listens; -1 where it does not. */
    public record Ports(int coap, int coaps, int mqtt, int mqttTls, int http) {}

    /** Opens the stores; {@link #start} opens the doors. */
    public Gateway(GatewayConfig config, Identity identity) {
        this.config = config;
        this.identity = identity;
        this.since = clock.instant();
        Path dir = PrivateFiles.folder(config.data().dir());
        this.state = FileStateStore.open(dir.resolve("state"));
        this.edgeClock = new EdgeClock(clock, System::nanoTime, state);
        this.store = new MessageStore(
                dir.resolve("messages"),
                new SegmentLog.Limits(SEGMENT_BYTES, config.store().bytes()),
                config.store().thin(),
                state,
                edgeClock);
        this.keeper = new ConfigurationKeeper(
                identity.gateway(), identity.configurationKey(), dir.resolve("configuration.json"), directory);
        this.lwm2m = new LwM2mGateway(config.lwm2m(), directory, store, state, clock, meters);
        this.mqtt = new LocalMqttDoor(vertx, config.mqtt(), directory, store, meters, clock);
        this.commands = new CommandRouter(
                directory, List.of(lwm2m.commands(), new MqttCommands(mqtt, state, clock)), store, clock);
        this.link = new PahoBrokerLink(
                door(identity, config.service().mqtt()),
                new RetrySchedule(new SecureRandom(), config.service().retry()));
        this.forwarder = new Forwarder(
                identity.gateway(),
                store,
                edgeClock,
                link,
                new ServiceTime(URI.create(config.service().url())));
        this.status = new StatusServer(vertx, this::status, meters, clock);
        this.report = new SelfReport(link, this::status);
        measure();
    }

    private static PahoBrokerLink.Door door(Identity identity, String elsewhere) {
        DeviceId gateway = identity.gateway();
        return new PahoBrokerLink.Door(
                elsewhere.isEmpty() ? identity.mqttUrl() : "ssl://" + elsewhere,
                new NoDelayTls(identity.tls().getSocketFactory()),
                gateway.value(),
                List.of(Topics.gatewayConfig(gateway), Topics.gatewayCommands(gateway)),
                Topics.status(gateway));
    }

    private void measure() {
        Gauge.builder(
                        "canopy.gateway.store.waiting",
                        store,
                        each -> each.status().waiting())
                .description("messages that the service has not confirmed yet")
                .register(meters);
        Gauge.builder("canopy.gateway.store.bytes", store, each -> each.status().bytes())
                .baseUnit("bytes")
                .description("what the store takes on disk")
                .register(meters);
        Gauge.builder("canopy.gateway.connected", link, each -> each.isConnected() ? 1 : 0)
                .description("whether there is a connection to the service")
                .register(meters);
        meters.more()
                .counter(
                        "canopy.gateway.store.kept",
                        List.of(),
                        store,
                        each -> each.status().appended());
        meters.more()
                .counter(
                        "canopy.gateway.store.refused",
                        List.of(),
                        store,
                        each -> each.status().refused());
        meters.more()
                .counter(
                        "canopy.gateway.store.thinned",
                        List.of(),
                        store,
                        each -> each.status().thinned());
        meters.more().counter("canopy.gateway.forwarded", List.of(), forwarder, Forwarder::forwarded);
    }

    /**
     * Opens the doors and begins to connect.
     *
     * @throws IllegalStateException when a door cannot be opened; then nothing is left open
     */
    public Ports start() {
        try {
            keeper.load();
            LocalMqttDoor.Ports local = await(mqtt.start());
            lwm2m.start(commands::reply);
            int http = config.http().port() < 0
                    ? -1
                    : await(status.start(config.http().host(), config.http().port()));
            forwarder.start();
            report.start();
            link.open(new Uplink());
            return new Ports(lwm2m.port(), lwm2m.dtlsPort(), local.mqtt(), local.tls(), http);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
                .join();
    }

    /** What happens on the way to the service. */
    private final class Uplink implements BrokerLink.Listener {
        @Override
        public void connected() {
            since = clock.instant();
            forwarder.connected();
            report.sayNow();
        }

        @Override
        public void lost(String why) {
            since = clock.instant();
            forwarder.lost();
        }

        @Override
        public void received(String topic, byte[] payload) {
            if (topic.equals(Topics.gatewayConfig(identity.gateway()))) {
                keeper.received(payload);
                report.sayNow();
            } else {
                commands.received(payload);
            }
        }
    }

    /** How it is doing. Any thread. */
    public GatewayStatus status() {
        Map<String, Long> states = lwm2m.states().stream()
                .map(DeviceState::presence)
                .map(presence -> presence.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return new GatewayStatus(
                identity.gateway().value(),
                GatewayMain.version(),
                link.isConnected(),
                since,
                forwarder.isCatchingUp(),
                keeper.version(),
                directory.size(),
                states,
                lwm2m.refusing(),
                lwm2m.refusals(),
                mqtt.connections(),
                forwarder.forwarded(),
                identity.certificate().getNotAfter().toInstant(),
                store.status());
    }

    /** Closes the doors first, so that what they have taken is on disk, then the link and the stores. */
    @Override
    public void close() {
        await(mqtt.stop().otherwiseEmpty());
        lwm2m.close();
        report.close();
        forwarder.close();
        link.close();
        await(status.stop().otherwiseEmpty());
        store.close();
        state.close();
        await(vertx.close());
        meters.close();
    }
}
