package city.canopy.gateway.bench;

import city.canopy.gateway.lwm2m.sim.LwM2mFleet;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.MessageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A crowd of devices at one gateway, which runs in a process of its own with 1 GB of heap: how fast they register and send,
 * and what happens when the gateway is killed while they do. The fleet, in this process, has the same processors.
 */
public final class CrowdBench {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int PATIENCE_S = 300;
    private static final int RATE = 2_000;
    private static final int STORM_RATE = 1_000;
    private static final int WINDOW = 200;
    private static final int STORM_BEFORE_S = 2;

    private final Path dir;
    private final Crowd crowd;
    private final int seconds;
    private final Consumer<String> progress;
    private GatewayProcess gateway;

    /**
     * Sends at a steady rate, or as many as are answered.
     *
     * @param perS acknowledged, after they were kept
     * @param p50Ms from the call to the answer, as {@code p99Ms}
     */
    public record Sends(long asked, long acknowledged, long refused, long perS, double p50Ms, double p99Ms) {
        static Sends of(SendLoad.Outcome outcome) {
            return new Sends(
                    outcome.asked(),
                    outcome.acknowledged(),
                    outcome.refused(),
                    Math.round(outcome.perS()),
                    outcome.p50Ms(),
                    outcome.p99Ms());
        }
    }

    /**
     * All devices registered at once.
     *
     * @param seconds until the last was
     * @param retransmissions messages that were sent again meanwhile as no answer came
     * @param heapMb of the gateway after a collection, with all registered
     */
    public record Registered(double seconds, long perS, long retransmissions, long heapMb) {}

    /**
     * The gateway was killed while devices sent, was started again at once, and all registered anew. Seconds are counted
     * from the kill.
     *
     * @param sends of the whole time; those that waited are among them
     * @param listeningAgainS until the ports were open
     * @param allRegisteredS until every device was registered anew
     * @param allAnsweredS until no Send was without an answer
     * @param heapMb of the gateway after a collection, at the end
     * @param check all readings of the bench, looked for in the store
     */
    public record Storm(
            Sends sends,
            double listeningAgainS,
            double allRegisteredS,
            double allAnsweredS,
            long heapMb,
            Ledger.Check check) {}

    /**
     * What was measured.
     *
     * @param steady at a given rate
     * @param notified notifications at the same rate; acknowledged by CoAP, and looked for in the store at the end
     * @param flatOut with a number of Sends on their way
     * @param bare what that is measured by
     */
    public record Result(
            int devices,
            int dtls,
            Registered registered,
            Sends steady,
            Sends notified,
            Sends flatOut,
            Bare bare,
            Storm storm) {}

    /**
     * The same as {@link Result#flatOut}, answered at once by Californium alone.
     *
     * @param ratio of the two
     */
    public record Bare(Sends sends, double ratio) {}

    /**
     * @param dir is written into
     * @param devices how many in all
     * @param dtls how many of them over DTLS
     * @param seconds of each measurement
     * @param progress told what is being measured, a line each
     */
    public CrowdBench(Path dir, int devices, int dtls, int seconds, Consumer<String> progress) {
        this.dir = dir;
        this.crowd = new Crowd(devices, dtls);
        this.seconds = seconds;
        this.progress = progress;
    }

    /**
     * Once.
     *
     * @throws TimeoutException when devices or answers do not come within minutes
     */
    public Result run() throws IOException, InterruptedException, TimeoutException {
        Sends bare = bare();
        gateway = new GatewayProcess(BenchGateway.GATEWAY, dir, crowd, 0, 0);
        try (LwM2mFleet fleet = fleet(gateway)) {
            Registered registered = register(fleet);
            Ledger ledger = new Ledger(crowd.devices());
            SendLoad load = new SendLoad(fleet, crowd.devices(), ledger);
            progress.accept("they send, " + RATE + " a second");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            Sends steady = Sends.of(load.atRate(RATE, () -> System.nanoTime() < end));
            Sends notified = notified(fleet, ledger);
            progress.accept("they send as fast as they are answered");
            Sends flatOut = Sends.of(load.flatOut(WINDOW, seconds));
            Storm storm = storm(fleet, load, ledger);
            double ratio = Figures.hundredths((double) flatOut.perS() / bare.perS());
            return new Result(
                    crowd.devices(), crowd.dtls(), registered, steady, notified, flatOut, new Bare(bare, ratio), storm);
        } finally {
            gateway.close();
        }
    }

    private Sends notified(LwM2mFleet fleet, Ledger ledger) throws InterruptedException, TimeoutException {
        progress.accept("they notify what is observed, " + RATE + " a second");
        SendLoad load = new SendLoad(
                (device, reading) -> fleet.notify(device, Crowd.RESOURCE, reading, Instant.now()),
                crowd.devices(),
                ledger);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        return Sends.of(load.atRate(RATE, () -> System.nanoTime() < end));
    }

    private Registered register(LwM2mFleet fleet) throws IOException, InterruptedException, TimeoutException {
        progress.accept(crowd.devices() + " devices register, " + crowd.dtls() + " of them over DTLS");
        long start = System.nanoTime();
        fleet.start();
        await(fleet.registered());
        double took = Figures.secondsSince(start);
        return new Registered(
                took, Math.round(crowd.devices() / took), fleet.progress().retransmissions(), gateway.heapMb());
    }

    private LwM2mFleet fleet(GatewayProcess gateway) throws IOException {
        return new LwM2mFleet(gateway.coap(), gateway.coaps(), crowd.members(), LIFETIME);
    }

    private static void await(CompletableFuture<Boolean> registered) throws InterruptedException, TimeoutException {
        try {
            if (!registered.get(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the fleet was closed");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the fleet failed", e.getCause());
        }
    }

    private Sends bare() throws IOException, InterruptedException, TimeoutException {
        progress.accept("the same Sends, answered at once by Californium alone");
        try (GatewayProcess server = new GatewayProcess(BenchGateway.BARE, dir, crowd, 0, 0);
                LwM2mFleet fleet = fleet(server)) {
            fleet.start();
            await(fleet.registered());
            SendLoad load = new SendLoad(fleet, crowd.devices(), new Ledger(crowd.devices()));
            load.flatOut(WINDOW, seconds / 4.0);
            return Sends.of(load.flatOut(WINDOW, seconds));
        }
    }

    /** Reads what the gateway has left behind. */
    private Ledger.Check check(Ledger ledger) {
        progress.accept("every acknowledged reading is looked for in the store");
        try (FileStateStore state = FileStateStore.open(dir.resolve("state"));
                MessageStore store = BenchGateway.store(dir, state)) {
            return ledger.check(store);
        }
    }

    private Storm storm(LwM2mFleet fleet, SendLoad load, Ledger ledger)
            throws IOException, InterruptedException, TimeoutException {
        progress.accept("they send, and the gateway is killed and started again");
        AtomicBoolean wanted = new AtomicBoolean(true);
        CompletableFuture<SendLoad.Outcome> sending = CompletableFuture.supplyAsync(() -> {
            try {
                return load.atRate(STORM_RATE, wanted::get);
            } catch (InterruptedException | TimeoutException e) {
                throw new CompletionException(e);
            }
        });
        try {
            TimeUnit.SECONDS.sleep(STORM_BEFORE_S);
            long killed = System.nanoTime();
            gateway.kill();
            gateway = new GatewayProcess(
                    BenchGateway.GATEWAY,
                    dir,
                    crowd,
                    gateway.coap().getPort(),
                    gateway.coaps().getPort());
            double listening = Figures.secondsSince(killed);
            await(fleet.registerAnew());
            double registered = Figures.secondsSince(killed);
            wanted.set(false);
            Sends sends = Sends.of(sending.join());
            double answered = Figures.secondsSince(killed);
            long heap = gateway.heapMb();
            gateway.close();
            return new Storm(sends, listening, registered, answered, heap, check(ledger));
        } finally {
            wanted.set(false);
        }
    }
}
