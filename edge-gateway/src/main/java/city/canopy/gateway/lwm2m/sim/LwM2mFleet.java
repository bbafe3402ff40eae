package city.canopy.gateway.lwm2m.sim;

import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.model.DeviceId;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * Many simulated LwM2M 1.1 devices in one process, over real CoAP and real DTLS: each has a UDP port of its own, registers,
 * keeps its registration alive, sends, answers to reads and observations, remembers what is written. They are thin: SenML
 * JSON in single blocks, and notifications of what they are told alone. One thread serves all; those over DTLS need one more each. Started and closed
 * once; any thread.
 */
public final class LwM2mFleet implements AutoCloseable {
    /** The most devices over DTLS. */
    public static final int MAX_DTLS = 1_500;

    private static final int MAX_PAYLOAD = 1_024;
    private static final int DTLS_THREADS = 2;
    private static final long SEED = 20_260_101;

    private final Map<DeviceId, SimulatedDevice> devices = new LinkedHashMap<>();
    private final FleetCounts counts = new FleetCounts();
    private final FleetLoop loop;
    private final InetSocketAddress coap;
    private final InetSocketAddress coaps;
    private ProtocolScheduledExecutorService dtls;
    private volatile CompletableFuture<Boolean> registered = new CompletableFuture<>();

    /**
     * Opens nothing yet.
     *
     * @param coap the gateway for members without a key
     * @param coaps the gateway for members with one
     * @param lifetime of a registration; 2 s at least
     * @throws IllegalArgumentException when there are two members of a name, or more than {@value #MAX_DTLS} with a key
     */
    public LwM2mFleet(InetSocketAddress coap, InetSocketAddress coaps, List<Member> members, Duration lifetime)
            throws IOException {
        if (lifetime.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("a lifetime has 2 s at least, not " + lifetime);
        }
        if (members.stream().filter(member -> member.psk().isPresent()).count() > MAX_DTLS) {
            throw new IllegalArgumentException("at most " + MAX_DTLS + " members over DTLS");
        }
        this.coap = coap;
        this.coaps = coaps;
        this.loop = new FleetLoop();
        SplittableRandom random = new SplittableRandom(SEED);
        for (Member member : members) {
            SimulatedDevice device = new SimulatedDevice(member, lifetime, loop, counts, random);
            if (devices.put(member.id(), device) != null) {
                throw new IllegalArgumentException("there are two members " + member.id());
            }
        }
    }

    /**
     * Opens the ports; all register.
     *
     * @throws IOException when there are not enough ports or open files
     */
    public void start() throws IOException {
        dtls = ExecutorsUtil.newProtocolScheduledThreadPool(DTLS_THREADS, new NamedThreadFactory("lwm2m-fleet-dtls"));
        ByteBuffer buffer = UdpWire.buffer();
        for (SimulatedDevice device : devices.values()) {
            CoapLine line = device.line();
            Optional<Member.Psk> psk = device.member().psk();
            line.attach(
                    psk.isPresent()
                            ? new DtlsWire(coaps, psk.get(), loop, line::receive, dtls)
                            : new UdpWire(coap, loop, line::receive, buffer));
        }
        loop.start();
        registerAnew();
    }

    /** All register now, also those that are, as devices do after a power cut; see {@link #registered}. */
    public CompletableFuture<Boolean> registerAnew() {
        List<CompletableFuture<Boolean>> each = new ArrayList<>(devices.size());
        for (SimulatedDevice device : devices.values()) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            each.add(done);
            loop.execute(() -> device.register(done));
        }
        registered = CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(all -> each.stream().allMatch(CompletableFuture::join));
        return registered;
    }

    /** True when all have registered since the start or the last {@link #registerAnew}; false when closed before. */
    public CompletableFuture<Boolean> registered() {
        return registered;
    }

    /**
     * A device sends readings of one time. It waits while the device is not registered yet, and behind its earlier ones;
     * at most {@value SimulatedDevice#MAX_WAITING} of a device wait.
     *
     * @param byPath the values by resource, such as {@code /3303/0/5700}
     * @return true when the gateway has taken it; false when it refused it (also for want of room) or did not answer
     * @throws IllegalArgumentException when there is no such device, or the readings do not fit into one message
     */
    public CompletableFuture<Boolean> send(DeviceId id, Map<String, Double> byPath, Instant measuredAt) {
        SimulatedDevice device = get(id);
        byte[] payload = senml(byPath, measuredAt);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        counts.sends.increment();
        loop.execute(() -> {
            byPath.forEach(device.resources()::set);
            device.send(payload, done);
        });
        return done;
    }

    /**
     * A device notifies its gateway of a reading that is observed. Acknowledged says less than by a Send: CoAP does it before
     * the gateway has kept it.
     *
     * @return true when the gateway has acknowledged it; false when it did not answer, and where the gateway does not
     *     observe the resource
     * @throws IllegalArgumentException when there is no such device, or it is no reading
     */
    public CompletableFuture<Boolean> notify(DeviceId id, String path, double value, Instant measuredAt) {
        SimulatedDevice device = get(id);
        byte[] payload = senml(Map.of(path, value), measuredAt);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.execute(() -> {
            device.resources().set(path, value);
            device.notify(path, payload, done);
        });
        return done;
    }

    private static byte[] senml(Map<String, Double> byPath, Instant measuredAt) {
        StringBuilder json = new StringBuilder("[");
        for (Map.Entry<String, Double> each : byPath.entrySet()) {
            ResourcePath path = ResourcePath.find(each.getKey());
            if (path == null || !path.isResource() || !Double.isFinite(each.getValue())) {
                throw new IllegalArgumentException(each.getKey() + " = " + each.getValue() + " is no reading");
            }
            json.append(json.length() == 1 ? "{\"bt\":" + seconds(measuredAt) + "," : ",{")
                    .append("\"n\":\"")
                    .append(path)
                    .append("\",\"v\":")
                    .append(each.getValue())
                    .append('}');
        }
        byte[] payload = json.append(']').toString().getBytes(StandardCharsets.US_ASCII);
        if (byPath.isEmpty() || payload.length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a Send has one reading, and " + MAX_PAYLOAD + " bytes at most");
        }
        return payload;
    }

    /** Never in the form 1.7E9, which not everybody reads. */
    private static String seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString();
    }

    /**
     * Gives a device a value that it has without having said it.
     *
     * @param path of a resource, such as {@code /4/0/2}
     * @param value a number, truth or text
     * @throws IllegalArgumentException when there is no such device
     */
    public void give(DeviceId id, String path, Object value) {
        get(id).resources().set(path, value);
    }

    /** What a device has at a resource: given to it, sent by it, or written to it. A number, truth or text. */
    public Optional<Object> find(DeviceId id, String path) {
        return get(id).resources().find(path);
    }

    private SimulatedDevice get(DeviceId id) {
        SimulatedDevice device = devices.get(id);
        if (device == null) {
            throw new IllegalArgumentException("there is no device " + id + " in the fleet");
        }
        return device;
    }

    public Progress progress() {
        return counts.progress(devices.size());
    }

    /** Stops all devices, without a word to the gateway; what was not answered counts as refused. */
    @Override
    public void close() {
        loop.close(() -> devices.values().forEach(SimulatedDevice::close));
        if (dtls != null) {
            dtls.shutdownNow();
        }
    }
}
