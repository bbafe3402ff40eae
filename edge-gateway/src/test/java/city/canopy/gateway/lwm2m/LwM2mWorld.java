package city.canopy.gateway.lwm2m;

import city.canopy.devices.codec.Codecs;
import city.canopy.devices.codec.Decoded;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.DeviceProfile.Target;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Message;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.leshan.client.object.Security;

/** A gateway on free ports of 127.0.0.1, its directory, and a store and a clock that a test steers. */
final class LwM2mWorld implements AutoCloseable {
    static final byte[] KEY = "a key of sixteen".getBytes(StandardCharsets.UTF_8);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Directory directory = new Directory();
    final BlockingQueue<CommandReply> resumed = new LinkedBlockingQueue<>();
    final MovingClock clock = new MovingClock();
    SteeredStore store = new SteeredStore();
    LwM2mGateway gateway;
    private final List<EdgeDevice> devices = new ArrayList<>();
    private final Map<String, List<Observation>> observe = new java.util.HashMap<>();
    private final List<TestDevice> open = new ArrayList<>();
    private Duration answer = Duration.ofSeconds(20);
    private int maxRegistrations = 1_000;
    private long version;
    private int port;
    private int dtlsPort;

    /** The real time, moved on as a test wants. */
    static final class MovingClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void forward(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    LwM2mWorld most(int registrations) {
        maxRegistrations = registrations;
        return this;
    }

    /** How long the gateway waits for the answer to a command, or a composite observation. */
    LwM2mWorld waitsFor(Duration theAnswer) {
        answer = theAnswer;
        return this;
    }

    LwM2mWorld device(String id, String profile, Credential... credentials) {
        devices.removeIf(device -> device.id().value().equals(id));
        devices.add(new EdgeDevice(new DeviceId(id), profile, List.of(credentials)));
        push();
        return this;
    }

    void remove(String id) {
        devices.removeIf(device -> device.id().value().equals(id));
        push();
    }

    LwM2mWorld observe(String profile, Observation... observations) {
        observe.put(profile, List.of(observations));
        push();
        return this;
    }

    private void push() {
        directory.replace(new GatewayConfiguration(
                new DeviceId("gw"), ++version, clock.instant(), "00".repeat(32), devices, observe));
    }

    static Observation seen(String path) {
        return new Observation(
                path, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Credential psk(String id) {
        return new Credential.Psk(id + "-key", HexFormat.of().formatHex(KEY));
    }

    LwM2mWorld start() {
        gateway = new LwM2mGateway(
                new LwM2mConfig(
                        "127.0.0.1", port, dtlsPort, null, null, maxRegistrations, 65_536, Duration.ofSeconds(3)),
                directory,
                store,
                store,
                clock,
                meters,
                answer);
        gateway.start((command, reply) -> resumed.add(reply));
        port = gateway.port();
        dtlsPort = gateway.dtlsPort();
        return this;
    }

    /** As after a power cut: what was on disk is what is there, at the same address. */
    void kill() {
        SteeredStore disk = store.copy();
        gateway.close();
        store = disk;
    }

    Security plain() {
        return Security.noSec("coap://127.0.0.1:" + port, 1);
    }

    Security psk(String identity, byte[] key) {
        return Security.psk("coaps://127.0.0.1:" + dtlsPort, 1, identity.getBytes(StandardCharsets.UTF_8), key);
    }

    String coaps() {
        return "coaps://127.0.0.1:" + dtlsPort;
    }

    String coap() {
        return "coap://127.0.0.1:" + port;
    }

    TestDevice add(TestDevice.Builder builder) {
        TestDevice device = builder.start();
        open.add(device);
        return device;
    }

    /** What the service makes of a message, as {@code quantity[.instance]=value}. */
    static List<String> readings(Message message) {
        Decoded decoded = Codecs.standard()
                .decode(
                        new Uplink(message.device(), message.contentType(), message.payload(), Instant.now()),
                        profile());
        if (decoded instanceof Decoded.Readings readings) {
            return readings.readings().stream()
                    .map(reading -> reading.quantity()
                            + (reading.instance() == 0 ? "" : "." + reading.instance())
                            + "=" + reading.value())
                    .sorted()
                    .toList();
        }
        return List.of(decoded.toString());
    }

    /** When what a message says was so. */
    static List<Instant> times(Message message) {
        Decoded decoded = Codecs.standard()
                .decode(
                        new Uplink(message.device(), message.contentType(), message.payload(), Instant.now()),
                        profile());
        return ((Decoded.Readings) decoded)
                .readings().stream().map(reading -> reading.measuredAt()).toList();
    }

    private static DeviceProfile profile() {
        Map<String, QuantitySpec> quantities = new java.util.HashMap<>();
        for (String name : List.of("air_temperature", "soil_moisture", "battery")) {
            String unit = name.equals("air_temperature") ? "Cel" : "%";
            quantities.put(name, new QuantitySpec(new Quantity(name), unit, -60, 120, Map.of("vi", name, "en", name)));
        }
        return new DeviceProfile(
                "probe",
                Map.of("vi", "Đầu dò", "en", "Probe"),
                "senml-cbor",
                quantities,
                Map.of("3304/5700", new Target("soil_moisture", 0, null)),
                Duration.ofMinutes(15),
                false);
    }

    double count(String name, String... tags) {
        return meters.get("canopy.gateway.lwm2m." + name).tags(tags).counter().count();
    }

    /** Until it is so; fails when it does not become so. */
    static void until(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen that " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        for (TestDevice each : open) {
            each.close();
        }
        gateway.close();
    }
}
