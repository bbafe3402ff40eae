package city.canopy.gateway.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.lwm2m.LwM2mConfig;
import city.canopy.gateway.lwm2m.LwM2mGateway;
import city.canopy.gateway.lwm2m.sim.BareServer;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.SegmentLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * The process that a bench measures and kills: a gateway's LwM2M door on its real stores, or in its place Californium alone.
 * Says its two ports, then for each line that it reads the megabytes of its heap after a collection; ends with its input.
 */
public final class BenchGateway {
    static final String GATEWAY = "gateway";
    static final String BARE = "bare";

    private static final Duration AWAKE = Duration.ofSeconds(93);
    private static final int MAX_PAYLOAD = 65_536;

    private BenchGateway() {}

    /** Arguments: what, the folder, devices, those over DTLS, port, port of DTLS. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Crowd crowd = new Crowd(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        int port = Integer.parseInt(args[4]);
        int dtlsPort = Integer.parseInt(args[5]);
        if (args[0].equals(BARE)) {
            try (BareServer server = new BareServer(port, dtlsPort, crowd.members())) {
                answer(out, server.port(), server.dtlsPort());
            }
        } else {
            gateway(out, Path.of(args[1]), crowd, port, dtlsPort);
        }
    }

    private static void gateway(PrintStream out, Path dir, Crowd crowd, int port, int dtlsPort) throws IOException {
        Directory directory = new Directory();
        directory.replace(crowd.configuration());
        LwM2mConfig config =
                new LwM2mConfig("127.0.0.1", port, dtlsPort, null, null, crowd.devices() + 100, MAX_PAYLOAD, AWAKE);
        try (FileStateStore state = FileStateStore.open(dir.resolve("state"));
                MessageStore store = store(dir, state);
                LwM2mGateway gateway = new LwM2mGateway(
                        config, directory, store, state, Clock.systemUTC(), new SimpleMeterRegistry())) {
            gateway.start((command, reply) -> {});
            answer(out, gateway.port(), gateway.dtlsPort());
        }
    }

    static MessageStore store(Path dir, FileStateStore state) {
        return new MessageStore(
                dir.resolve("messages"),
                new SegmentLog.Limits(32L << 20, 8L << 30),
                false,
                state,
                new EdgeClock(Clock.systemUTC(), System::nanoTime, state));
    }

    private static void answer(PrintStream out, int port, int dtlsPort) throws IOException {
        out.println(port + " " + dtlsPort);
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) {
            System.gc();
            out.println(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
            out.flush();
        }
    }
}
