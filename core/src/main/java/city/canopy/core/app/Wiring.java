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
import city.canopy.core.app.Service.Access;
import city.canopy.core.app.Service.Announcing;
import city.canopy.core.app.Service.LineAndDoors;
import city.canopy.core.app.Service.Mode;
import city.canopy.core.app.Service.Running;
import city.canopy.core.health.DiskWatch;
import city.canopy.core.health.Health;
import city.canopy.core.http.ApiServer;
import city.canopy.core.http.Blocking;
import city.canopy.core.http.Guard;
import city.canopy.core.http.HttpConfig;
import city.canopy.core.http.PgIdempotency;
import city.canopy.core.ingest.Backfill;
import city.canopy.core.ingest.IngestPipeline;
import city.canopy.core.ingest.Line;
import city.canopy.core.ingest.LineParts;
import city.canopy.core.ingest.PgPast;
import city.canopy.core.ingest.PgQuarantine;
import city.canopy.core.ingest.Placement;
import city.canopy.core.ingest.Quarantine;
import city.canopy.core.ingest.Replay;
import city.canopy.core.ingest.Stats;
import city.canopy.core.ingest.mqtt.MqttDoor;
import city.canopy.core.ingest.paho.PahoSource;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.Ward;
import city.canopy.core.layers.Wards;
import city.canopy.core.packs.Packs;
import city.canopy.core.registry.Registry;
import city.canopy.core.rules.Judge;
import city.canopy.core.rules.PgRuleStates;
import city.canopy.core.rules.PgRuleVersions;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.rules.RuleStates;
import city.canopy.core.rules.Surroundings;
import city.canopy.core.series.PgSeriesStore;
import city.canopy.core.series.SeriesMaintenance;
import city.canopy.core.series.SeriesQuery;
import city.canopy.core.series.Subject;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketIds;
import city.canopy.core.tickets.TicketPlaces;
import city.canopy.core.tickets.WardFinder;
import city.canopy.devices.codec.Codecs;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.PackFileException;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.geo.attach.Attacher;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.filter.Spatial;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Constructors in order, by hand: every part gets what it needs, and nothing else knows how they fit. */
final class Wiring {
    private final CoreConfig config;
    private final Mode mode;
    private final Clock clock;
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Stats stats = new Stats();

    private Storage storage;
    private PackShelf shelf;
    private Access access;
    private Announcing announcing;
    private Quarantine quarantine;
    private Placement placement;
    private Mounting.Places places;
    private TicketDesk desk;
    private LineParts parts;
    private RuleStates states;
    private Spatial spatial;
    private GatewaySide gateways;
    private MqttDoor mqtt;
    private Line line;
    private List<PahoSource> brokers = List.of();
    private Optional<String> firstPassword = Optional.empty();

    Wiring(CoreConfig config, Mode mode, Clock clock) {
        this.clock = clock;
        this.config = mode == Mode.DEMO ? config.forDemo() : config;
        this.mode = mode;
    }

    Service wire() {
        Path dir = config.data().dir();
        try {
            Files.createDirectories(dir);
            Files.deleteIfExists(dir.resolve("ports.json"));
        } catch (IOException e) {
            throw new StartException("data.dir " + dir + " cannot be written to: " + e.getMessage(), e);
        }
        shelf = shelf(dir);
        storage = Storage.open(config, clock);
        try {
            return wireOn(dir);
        } catch (RuntimeException e) {
            storage.close();
            vertx.close();
            throw e;
        }
    }

    private Service wireOn(Path dir) {
        shelf.open(this::adopt);
        Blocking blocking = new Blocking(vertx, "http", 16, 200);
        Mounting.Pools pools = Mounting.Pools.of(vertx);
        ExecutorService logins = Executors.newFixedThreadPool(2, task -> new Thread(task, "log-in"));
        access = access(dir, logins);
        announcing = announcing();
        gateways = new GatewaySide(
                config, storage, access, this::profiles, () -> mqtt, announcing.announcer()::wake, clock);
        wireLine();
        DiskWatch disk = disk(dir);
        Health health = new HealthParts(storage, line, announcing.announcer(), disk, clock).health();
        health.add(PackShelf.PART, shelf::health);
        health.add(GatewaySide.part(), gateways::health);
        brokers.forEach(broker -> health.add(broker.name(), () -> HealthParts.broker(broker)));
        shelf.watch();
        ApiServer http = http(blocking, pools, health);
        Upkeep upkeep = new Upkeep(
                new SeriesMaintenance(storage.layout()),
                quarantine,
                config.retention().quarantine(),
                access.people(),
                gateways.commands(),
                health,
                clock);
        // What changed while the service was not running, such as packs, is told as well.
        gateways.configurations().wake();
        return new Service(
                config,
                storage,
                new Running(
                        vertx,
                        access,
                        new LineAndDoors(line, mqtt, brokers, gateways, desk, this::backfill),
                        announcing,
                        http,
                        health,
                        disk,
                        List.of(shelf, upkeep, gateways, blocking, pools, logins::shutdownNow)),
                firstPassword);
    }

    private static PackShelf shelf(Path dir) {
        try {
            return new PackShelf(dir.resolve("packs"));
        } catch (PackFileException e) {
            throw StartException.ofPacks(e);
        }
    }

    private RuleBook adopt(Packs packs) {
        LayerSeed.open(storage.layers(), packs);
        if (gateways != null) {
            gateways.configurations().wake();
        }
        RuleBook rules = storage.database().inTransaction(c -> PgRuleVersions.adopt(c, packs.rules()));
        if (gateways != null) {
            // Its profiles come into force when this returns, well before the configurations are made.
            gateways.configurations().wake();
        }
        return rules;
    }

    private Profiles profiles() {
        return shelf.packs().profiles();
    }

    private People people(ServerKey key) {
        try {
            return new People(storage.database(), key, clock);
        } catch (IllegalStateException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private Access access(Path dir, ExecutorService logins) {
        ServerKey key = ServerKey.load(dir);
        DeviceCredentials credentials = new DeviceCredentials(key, clock);
        People people = people(key);
        firstPassword = people.ensureAdministrator();
        if (firstPassword.isPresent() && config.security().bootstrapToken().isSet()) {
            people.ensureBootstrapToken(config.security().bootstrapToken().value());
        }
        Registry registry = new Registry(
                storage.database(),
                key,
                credentials,
                this::profiles,
                (layer, id) -> storage.layers().names().contains(layer)
                        && storage.layers().snapshot(layer).find(id).isPresent(),
                clock);
        return new Access(key, credentials, people, new Directory(credentials, people, logins), registry);
    }

    private Announcing announcing() {
        Announcer announcer = new Announcer(storage.database(), clock);
        // Events wait until an edit of another process can be seen, a second or two; our own are seen already.
        announcer.listen("layers", told -> {
            if (told.kind().equals(PgLayers.CHANGED)) {
                storage.layers().refresh(told.key());
            }
        });
        storage.layers().listen(change -> announcer.wake());
        EventFeed feed = new EventFeed(storage.database(), announcer);
        RetainedState retained = new RetainedState(
                storage.database(), announcer, (topic, payload) -> mqtt.publish(topic, payload), clock);
        OutboundRules outbound = new OutboundRules(config.webhooks().allow());
        WebhookSender webhooks = new WebhookSender(storage.database(), announcer, outbound, clock, new SecureRandom());
        return new Announcing(
                announcer,
                feed,
                retained,
                webhooks,
                new OutboxTrimmer(storage.database(), clock, config.retention().events()),
                outbound);
    }

    private void wireLine() {
        PgLayers layers = storage.layers();
        WorkingPlane plane = config.site().plane();
        Attacher attacher = new Attacher(layers, plane);
        placement = new Placement(attacher, layers, profile -> shelf.packs().attachRules(profile));
        quarantine = new Quarantine(
                new PgQuarantine(storage.database()), config.line().quarantinePerDevice());
        Wards byPlace = new Wards(layers, config.site().timezone());
        WardFinder wards = (lon, lat) -> byPlace.find(lon, lat, clock.instant()).map(Ward::name);
        places = new Mounting.Places(attacher, byPlace, wards);
        desk = new TicketDesk(
                () -> shelf.packs().services(),
                new TicketPlaces(layers, access.registry()::current, wards),
                new TicketIds(new SecureRandom()));
        parts = new LineParts(
                storage.database(),
                access.registry()::current,
                this::profiles,
                Codecs.standard(),
                placement,
                storage.streams(),
                desk,
                new LineParts.Aftermath(
                        new PgQuarantine(storage.database()), quarantine, stats, new Telling(announcing)));
        states = new RuleStates(storage.database().read(PgRuleStates::load));
        spatial = new Spatial(layers, plane);
        Surroundings surroundings = surroundings(access.registry()::current, clock.instant());
        line = new Line(
                config.line(),
                message -> subjectHash(message.uplink().device()),
                index -> new IngestPipeline(
                        index,
                        parts,
                        new PgSeriesStore("line-" + index, storage.layout(), storage.latest(), clock),
                        new Judge(shelf::rules, states, surroundings),
                        device -> Line.partitionOf(
                                        subjectHash(device), config.line().partitions())
                                == index,
                        clock),
                clock);
        openDoors();
        readBrokers();
    }

    private Surroundings surroundings(Supplier<DeviceRegistry> devices, Instant startedAt) {
        return new Surroundings(
                storage.layers(),
                spatial,
                devices,
                this::profiles,
                new PgPast(storage.database(), storage.streams(), storage.latest()),
                config.site().timezone(),
                startedAt);
    }

    /** One more partition, on a clock of its own, which watches over other devices than those that are enrolled now. */
    private Backfill backfill(Instant from, Supplier<DeviceRegistry> watched) {
        int index = config.line().partitions();
        return new Backfill(
                past -> new IngestPipeline(
                        index,
                        parts,
                        new PgSeriesStore("backfill", storage.layout(), storage.latest(), clock),
                        new Judge(shelf::rules, states, surroundings(watched, from)),
                        device -> watched.get().find(device).isPresent(),
                        past),
                line::pace);
    }

    private int subjectHash(DeviceId id) {
        Optional<Device> device = access.registry().current().find(id);
        return device.map(placement::subject).orElseGet(() -> Subject.of(id)).hashCode();
    }

    private void openDoors() {
        mqtt = new MqttDoor(
                vertx,
                gateways.mqtt(),
                new MqttDoor.Neighbours(
                        access.directory(),
                        gateways.behind(),
                        new RetainedTopics(
                                new RetainedTickets(announcing.retained()),
                                gateways.configurations(),
                                gateways.commands()),
                        line),
                meters,
                clock);
    }

    private void readBrokers() {
        brokers = config.brokers().stream()
                .map(broker -> new PahoSource(broker, line, meters, clock))
                .toList();
    }

    private DiskWatch disk(Path dir) {
        return new DiskWatch(
                new DiskWatch.Disk() {
                    @Override
                    public long free() {
                        return dir.toFile().getUsableSpace();
                    }

                    @Override
                    public long size() {
                        return dir.toFile().getTotalSpace();
                    }
                },
                config.data().slowBelow(),
                config.data().stopBelow(),
                level -> line.pace(
                        switch (level) {
                            case ENOUGH -> Line.Pace.FULL;
                            case LOW -> Line.Pace.SLOW;
                            case FULL -> Line.Pace.STOPPED;
                        }));
    }

    private ApiServer http(Blocking blocking, Mounting.Pools pools, Health health) {
        SeriesQuery series = new SeriesQuery(storage.layout(), storage.streams(), storage.latest());
        Mounting mounting = new Mounting(
                access,
                announcing,
                gateways,
                new Mounting.Knowledge(
                        shelf::packs,
                        shelf::rules,
                        storage.layers(),
                        places,
                        series,
                        storage.streams(),
                        storage.database(),
                        config.map().basemapFile(config.data().dir())),
                new Mounting.Work(
                        desk,
                        new PgTicketStore(storage.database()),
                        quarantine,
                        new Replay(line, quarantine),
                        pools,
                        config.site().timezone(),
                        config.site().plane()),
                line,
                stats,
                clock);
        return new ApiServer(
                vertx,
                httpConfig(),
                new Guard(access.directory()),
                blocking,
                new PgIdempotency(storage.database(), access.key(), clock),
                mounting.routes(health, meters, vertx, blocking));
    }

    private HttpConfig httpConfig() {
        CoreConfig.Http http = config.http();
        String host = http.host().isEmpty() ? mode == Mode.SERVE ? "0.0.0.0" : "127.0.0.1" : http.host();
        try {
            return new HttpConfig(
                    host,
                    http.port(),
                    http.tls().cert(),
                    http.tls().key(),
                    http.trustedProxies(),
                    http.maxConnections());
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        }
    }
}
