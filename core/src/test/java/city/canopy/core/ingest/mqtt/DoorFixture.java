package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.MqttLogin;
import city.canopy.core.access.Principal;
import city.canopy.core.access.Role;
import city.canopy.core.ingest.SteeredIntake;
import city.canopy.devices.model.DeviceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A real door on a free port, before a line that the test steers. A token is the name of who holds it. */
final class DoorFixture implements AutoCloseable {
    static final String DEVICE = "probe-1";
    static final String TELEMETRY = "canopy/v1/devices/probe-1/telemetry";
    static final String STATUS = "canopy/v1/devices/probe-1/status";

    final Vertx vertx = Vertx.vertx();
    final SteeredIntake line = new SteeredIntake();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Map<String, byte[]> retained = new ConcurrentHashMap<>();
    /** The answer to every look-up, where a test gives it at its own time. */
    volatile CompletableFuture<List<RetainedState.Retained>> lookUp;
    /** How often retained state has been looked up. */
    final AtomicInteger lookUps = new AtomicInteger();

    final MqttDoor door;
    final MqttDoor.Ports ports;

    DoorFixture() {
        this(MqttConfig.onFreePort());
    }

    DoorFixture(MqttLimits limits) {
        this(with(MqttConnections.defaults(), limits));
    }

    DoorFixture(MqttConnections connections) {
        this(with(connections, MqttLimits.defaults()));
    }

    DoorFixture(MqttConfig config) {
        this(config, DoorFixture::login, true);
    }

    DoorFixture(MqttConfig config, MqttLogin login, boolean groupsAcknowledgements) {
        MqttDoor.Neighbours neighbours =
                new MqttDoor.Neighbours(login, (device, gateway) -> isBehind(device, gateway), this::find, line);
        door = new MqttDoor(vertx, config, neighbours, meters, Clock.systemUTC(), groupsAcknowledgements);
        ports = door.start()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static MqttConfig with(MqttConnections connections, MqttLimits limits) {
        return new MqttConfig("127.0.0.1", 0, -1, MqttConfig.MqttTls.off(), connections, limits);
    }

    static MqttLimits inFlight(int messages, int bytes) {
        return new MqttLimits(262_144, 128, messages, bytes, 1 << 20, 1000, 50);
    }

    static MqttConnections connections(int most, Duration connectTimeout) {
        return new MqttConnections(most, most, 50, 100_000, connectTimeout);
    }

    private static boolean isBehind(DeviceId device, String gateway) {
        return device.value().startsWith("behind-" + gateway + "-");
    }

    private CompletionStage<List<RetainedState.Retained>> find(String filter) {
        lookUps.incrementAndGet();
        if (lookUp != null) {
            return lookUp;
        }
        return CompletableFuture.supplyAsync(() -> retained.entrySet().stream()
                .filter(e -> city.canopy.devices.envelope.TopicFilter.matches(filter, e.getKey()))
                .map(e -> new RetainedState.Retained(e.getKey(), e.getValue()))
                .toList());
    }

    /** {@code probe-…} is a device, {@code gw-…} a gateway, {@code chirpstack} an integration, {@code an} a person. */
    static CompletionStage<Optional<Principal>> login(
            String username, byte[] password, X509Certificate certificate, String address) {
        String name = certificate != null && username == null
                ? certificate.getSubjectX500Principal().getName().replace("CN=", "")
                : username;
        return CompletableFuture.completedStage(Optional.ofNullable(name).map(DoorFixture::principal));
    }

    private static Principal principal(String name) {
        if (name.startsWith("probe-")) {
            return new Principal.OfDevice(new DeviceId(name));
        } else if (name.startsWith("gw-")) {
            return new Principal.OfGateway(name);
        } else if (name.equals("chirpstack")) {
            return new Principal.OfIntegration(name, List.of("application/+/device/+/event/#", "frigate/#"));
        } else if (name.equals("an")) {
            return new Principal.OfUser("u1", name, Role.VIEWER);
        }
        return null;
    }

    int port() {
        return ports.mqtt();
    }

    /** The value of a counter or gauge, all tags taken together. */
    double meter(String name) {
        return meters.find(name).counters().stream().mapToDouble(c -> c.count()).sum()
                + meters.find(name).functionCounters().stream()
                        .mapToDouble(c -> c.count())
                        .sum()
                + meters.find(name).gauges().stream()
                        .mapToDouble(g -> g.value())
                        .sum();
    }

    double disconnects(Cause cause) {
        return meters.get("canopy.mqtt.disconnects")
                .tag("cause", cause.label())
                .counter()
                .count();
    }

    /** Waits until something is so, ten seconds at most. */
    static void await(String what, BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
