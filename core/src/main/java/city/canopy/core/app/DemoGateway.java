package city.canopy.core.app;

import city.canopy.core.demo.Edge;
import city.canopy.core.gateways.Gateways;
import city.canopy.devices.config.Secret;
import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ObjectSpec;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.sim.Report;
import city.canopy.devices.sim.Scenario;
import city.canopy.gateway.app.Gateway;
import city.canopy.gateway.app.GatewayConfig;
import city.canopy.gateway.enrol.Enrolment;
import city.canopy.gateway.enrol.Identity;
import city.canopy.gateway.lwm2m.LwM2mConfig;
import city.canopy.gateway.lwm2m.sim.LwM2mFleet;
import city.canopy.gateway.lwm2m.sim.Member.Psk;
import city.canopy.gateway.mqtt.LocalMqttConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway inside the demo, enrolled like any other, and the simulated devices behind it, which speak LwM2M to it over real
 * CoAP and DTLS.
 */
final class DemoGateway implements Edge {
    /** The strength of the radio's signal, in dBm. */
    private static final String SIGNAL = "/4/0/2";
    /** The resource that is on or off in the objects of actuators. */
    private static final String ON_OFF = "/5850";
    /** So many reports are looked through for the first of each device. */
    private static final int LOOK_AHEAD = 20_000;

    private static final Logger log = LoggerFactory.getLogger(DemoGateway.class);
    private static final DeviceId NAME = new DeviceId("demo-gateway");
    private static final String TITLE = "UBND phường Sông Công";
    private static final String HOST = "127.0.0.1";
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_MS = 200;
    private static final long STORE_BYTES = 1L << 30;
    private static final int FREE = 0;
    private static final int OFF = -1;

    private final Path dir;
    private final CoreConfig.Lwm2m ports;
    private final URI service;
    private final int mqttPort;
    private final Gateways gateways;
    private final Supplier<Profiles> profiles;
    private final Clock clock;
    /** What was written to devices, by device and path. Of the speaking thread alone. */
    private final Map<String, Double> told = new HashMap<>();

    private Gateway gateway;
    private Gateway.Ports open;
    private LwM2mFleet fleet;
    private Thread speaking;
    private volatile boolean closed;

    DemoGateway(Service service, Clock clock) {
        this.dir = service.config().data().dir();
        this.ports = service.config().lwm2m();
        this.service = URI.create("http://" + HOST + ":" + service.httpPort());
        this.mqttPort = service.mqttTlsPort();
        this.gateways = service.gateways();
        this.profiles = service::profiles;
        this.clock = clock;
    }

    @Override
    public DeviceId open() {
        try {
            Path data = dir.resolve("gateway");
            Optional<Identity> kept = Identity.load(data);
            Identity identity = kept.isPresent() ? kept.get() : enrol(data);
            gateway = new Gateway(config(data), identity);
            open = gateway.start();
        } catch (IOException e) {
            throw new IllegalStateException("the demo's gateway cannot be enrolled: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the demo's gateway was enrolled", e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "the demo's gateway cannot be opened: " + e.getMessage()
                            + "; are its ports taken? Set lwm2m.port and lwm2m.dtls_port to 0 for free ones",
                    e);
        }
        PortsFile.add(dir, open.coap(), open.coaps());
        return NAME;
    }

    private Identity enrol(Path data) throws IOException, InterruptedException {
        Gateways.Token token =
                gateways.find(NAME).isPresent() ? gateways.renewToken(NAME) : gateways.create(NAME, TITLE);
        return new Enrolment(service, data).enrol(token.value());
    }

    private GatewayConfig config(Path data) {
        return new GatewayConfig(
                new GatewayConfig.Data(data),
                new GatewayConfig.Service(
                        service.toString(), HOST + ":" + mqttPort, new Secret(""), Duration.ofSeconds(5)),
                new GatewayConfig.Store(STORE_BYTES, false),
                new LwM2mConfig(
                        HOST, ports.port(), ports.dtlsPort(), null, null, 20_000, 65_536, Duration.ofSeconds(93)),
                new LocalMqttConfig(HOST, FREE, OFF, null, null, 5_000, 131_072, 100),
                new GatewayConfig.Http(HOST, FREE),
                new GatewayConfig.Log(GatewayConfig.Log.Format.TEXT));
    }

    /** Where it listens; after {@link #open}. */
    Gateway.Ports ports() {
        return open;
    }

    @Override
    public synchronized void speak(List<Member> members, Scenario scenario) {
        if (closed) {
            return;
        }
        Map<DeviceId, Map<String, String>> paths = new HashMap<>();
        members.forEach(member -> paths.put(member.id(), paths(member.profile())));
        try {
            fleet = new LwM2mFleet(
                    new InetSocketAddress(HOST, open.coap()),
                    new InetSocketAddress(HOST, open.coaps()),
                    members.stream()
                            .map(member -> simulated(member, paths.get(member.id())))
                            .toList(),
                    LIFETIME);
        } catch (IOException e) {
            throw new IllegalStateException("the simulated LwM2M devices cannot be opened: " + e.getMessage(), e);
        }
        speaking = new Thread(() -> speak(scenario, paths, members.size()), "demo-lwm2m");
        speaking.start();
    }

    private static city.canopy.gateway.lwm2m.sim.Member simulated(Member member, Map<String, String> paths) {
        TreeSet<String> links = new TreeSet<>();
        paths.values().forEach(path -> links.add(path.substring(0, path.lastIndexOf('/'))));
        return new city.canopy.gateway.lwm2m.sim.Member(
                member.id(), member.key().map(key -> new Psk(member.id().value(), key)), List.copyOf(links));
    }

    private void speak(Scenario scenario, Map<DeviceId, Map<String, String>> paths, int count) {
        try {
            awaitKnown(count);
            give(scenario, paths);
            fleet.start();
            Iterator<Report> reports = scenario.from(clock.instant());
            while (!closed) {
                Report report = reports.next();
                for (long wait = until(report.sendAt()); wait > 0 && !closed; wait = until(report.sendAt())) {
                    TimeUnit.MILLISECONDS.sleep(Math.min(wait, LOOK_MS));
                }
                send(report, paths.get(report.device()));
            }
        } catch (InterruptedException e) {
            log.debug("the simulated LwM2M devices fall silent");
        } catch (IOException e) {
            log.error("the simulated LwM2M devices cannot be opened: {}", e.getMessage());
        }
    }

    /** Whoever observes a device finds its first values there, and how well it is heard, before it has said anything. */
    private void give(Scenario scenario, Map<DeviceId, Map<String, String>> paths) {
        paths.keySet().forEach(id -> fleet.give(id, SIGNAL, -70.0 - Math.floorMod(id.hashCode(), 30)));
        Set<DeviceId> left = new HashSet<>(paths.keySet());
        Iterator<Report> reports = scenario.from(clock.instant());
        for (int i = 0; i < LOOK_AHEAD && !left.isEmpty(); i++) {
            Report report = reports.next();
            if (left.remove(report.device())) {
                values(report, paths.get(report.device()))
                        .forEach((path, value) ->
                                fleet.give(report.device(), path, path.endsWith(ON_OFF) ? value != 0 : value));
            }
        }
    }

    /** The gateway hears of its devices a moment after they are enrolled. */
    private void awaitKnown(int count) throws InterruptedException {
        Instant patience = clock.instant().plus(KNOWN_WITHIN);
        while (!closed && gateway.status().devices() < count && clock.instant().isBefore(patience)) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    private long until(Instant moment) {
        return Duration.between(clock.instant(), moment).toMillis();
    }

    private static Map<String, Double> values(Report report, Map<String, String> paths) {
        Map<String, Double> values = new LinkedHashMap<>();
        report.values().forEach((quantity, value) -> {
            if (paths.containsKey(quantity)) {
                values.put(paths.get(quantity), value);
            }
        });
        return values;
    }

    private void send(Report report, Map<String, String> paths) {
        Map<String, Double> values = values(report, paths);
        // What it was told to do counts: a valve is open when somebody has opened it.
        for (String path : paths.values()) {
            fleet.find(report.device(), path)
                    .filter(Boolean.class::isInstance)
                    .ifPresent(written -> told.put(report.device() + path, Boolean.TRUE.equals(written) ? 1.0 : 0.0));
            values.computeIfPresent(path, (same, value) -> told.getOrDefault(report.device() + path, value));
        }
        if (!closed && !values.isEmpty()) {
            fleet.send(report.device(), values, report.measuredAt());
        }
    }

    /** Where a profile's quantities are in LwM2M: by its own keys, else by the registry of objects. */
    private Map<String, String> paths(String name) {
        DeviceProfile profile = profiles.get().find(name).orElseThrow();
        Map<String, String> paths = new HashMap<>();
        for (ObjectSpec object : LwM2mObjects.standard().list()) {
            for (Map.Entry<Integer, ResourceSpec> resource : object.resources().entrySet()) {
                resource.getValue()
                        .quantity()
                        .filter(profile.quantities()::containsKey)
                        .ifPresent(quantity -> paths.put(quantity, "/" + object.id() + "/0/" + resource.getKey()));
            }
        }
        profile.keys().forEach((key, target) -> {
            String[] parts = key.split("/");
            if (parts.length == 2) {
                paths.put(target.quantity(), "/" + parts[0] + "/0/" + parts[1]);
            }
        });
        return paths;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (speaking != null) {
            speaking.interrupt();
            try {
                speaking.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            fleet.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }
}
