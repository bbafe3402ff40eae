package city.canopy.gateway.lwm2m.sim;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.lwm2m.LwM2mConfig;
import city.canopy.gateway.lwm2m.LwM2mGateway;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.SegmentLog;
import city.canopy.gateway.store.StoredMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A gateway on a folder and free ports, and a fleet that goes to it. */
final class FleetWorld implements AutoCloseable {
    static final List<String> LINKS = List.of("/3/0", "/3303/0", "/3306/0");

    private final Path dir;
    private final Directory directory = new Directory();
    private final List<EdgeDevice> devices = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final long mostBytes;
    private int port;
    private int dtlsPort;
    private FileStateStore state;
    private int commands;
    private long version;
    /** Until it is done nothing is kept. */
    volatile CompletableFuture<Void> room = CompletableFuture.completedFuture(null);

    MessageStore store;
    LwM2mGateway gateway;
    SimpleMeterRegistry meters;
    LwM2mFleet fleet;

    FleetWorld(Path dir, int plain, int dtls, long mostBytes) {
        this.dir = dir;
        this.mostBytes = mostBytes;
        for (int i = 0; i < plain + dtls; i++) {
            DeviceId id = new DeviceId("dev-" + i);
            boolean secure = i >= plain;
            String key = String.format("%032x", 1000 + i);
            members.add(
                    new Member(id, secure ? Optional.of(new Member.Psk(id + "-key", key)) : Optional.empty(), LINKS));
            devices.add(new EdgeDevice(
                    id, "probe", secure ? List.of(new Credential.Psk(id + "-key", key)) : List.<Credential>of()));
        }
        push(devices);
    }

    private void push(List<EdgeDevice> known) {
        Observation temperature = new Observation(
                "/3303/0/5700",
                Optional.of(Duration.ofSeconds(10)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        directory.replace(new GatewayConfiguration(
                new DeviceId("gw"),
                ++version,
                Instant.now(),
                "00".repeat(32),
                known,
                Map.of("probe", List.of(temperature))));
    }

    void startGateway() {
        state = FileStateStore.open(dir.resolve("state"));
        EdgeClock clock = new EdgeClock(Clock.systemUTC(), System::nanoTime, state);
        SegmentLog.Limits limits = new SegmentLog.Limits(64 * 1024, mostBytes);
        store = new MessageStore(dir.resolve("store"), limits, false, state, clock);
        meters = new SimpleMeterRegistry();
        gateway = new LwM2mGateway(
                new LwM2mConfig("127.0.0.1", port, dtlsPort, null, null, 1_000, 65_536, Duration.ofSeconds(93)),
                directory,
                message -> room.thenCompose(there -> store.append(message)),
                state,
                Clock.systemUTC(),
                meters);
        gateway.start((command, reply) -> {});
        port = gateway.port();
        dtlsPort = gateway.dtlsPort();
    }

    CommandReply ask(String device, Operation operation, String path, Object value) throws InterruptedException {
        BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
        Command.LwM2m what = new Command.LwM2m(operation, path, value);
        Command command = new Command(
                "c-" + ++commands,
                new DeviceId(device),
                "test",
                Map.of(),
                Optional.of(what),
                Instant.now().plusSeconds(60));
        gateway.commands().send(command, replies::add);
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError(device + " does not answer");
        }
        return reply;
    }

    void stopGateway() {
        gateway.close();
        store.close();
        state.close();
    }

    LwM2mFleet startFleet(Duration lifetime) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        fleet = new LwM2mFleet(
                new InetSocketAddress(here, port), new InetSocketAddress(here, dtlsPort), members, lifetime);
        fleet.start();
        return fleet;
    }

    /** The gateway is told to drop a device, and then that it is there after all: its registration is gone. */
    void forget(String device) {
        DeviceId id = new DeviceId(device);
        push(devices.stream().filter(each -> !each.id().equals(id)).toList());
        until("the registration ends", () -> gateway.find(id).isEmpty());
        push(devices);
    }

    static void until(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen that " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What the gateway has kept. */
    List<StoredMessage> kept() {
        List<StoredMessage> kept = new ArrayList<>();
        try (MessageStore.Reading reading = store.reader(1)) {
            for (StoredMessage each = reading.next(); each != null; each = reading.next()) {
                kept.add(each);
            }
        }
        return kept;
    }

    @Override
    public void close() {
        if (fleet != null) {
            fleet.close();
        }
        stopGateway();
    }
}
