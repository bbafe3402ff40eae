package city.canopy.gateway.bench;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.sim.LwM2mFleet;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets the devices of a fleet send or notify in turn, and notes what was answered. One thread. */
final class SendLoad {
    private static final long TICK_NANOS = 2_000_000;
    /** Longer than a device goes on repeating. */
    private static final int PATIENCE_S = 180;

    private static final int MOST_OPEN = 1 << 20;

    private final Way way;
    private final int devices;
    private final Ledger ledger;
    private int turn;

    /**
     * What came of it.
     *
     * @param perS Sends acknowledged a second
     * @param refused those that were refused or not answered
     */
    record Outcome(long asked, long acknowledged, long refused, double perS, double p50Ms, double p99Ms) {}

    /** A load that is on its way, or over. */
    private final class Run {
        private final Semaphore open;
        private final int permits;
        private final Samples samples = new Samples();
        private final LongAdder refused = new LongAdder();
        private final long start = System.nanoTime();
        private long asked;

        Run(int permits) {
            this.permits = permits;
            this.open = new Semaphore(permits);
        }

        void send() throws InterruptedException {
            open.acquire();
            int device = turn;
            turn = (turn + 1) % devices;
            int reading = ledger.next(device);
            long begun = System.nanoTime();
            asked++;
            way.say(Crowd.id(device), reading).thenAccept(taken -> {
                if (taken) {
                    samples.add(System.nanoTime() - begun);
                    ledger.acknowledged(device, reading);
                } else {
                    refused.increment();
                }
                open.release();
            });
        }

        /** When all have their answer. */
        Outcome end() throws InterruptedException, TimeoutException {
            if (!open.tryAcquire(permits, PATIENCE_S, TimeUnit.SECONDS)) {
                throw new TimeoutException("not every Send was answered");
            }
            return new Outcome(
                    asked,
                    samples.size(),
                    refused.sum(),
                    samples.size() * 1e9 / (System.nanoTime() - start),
                    samples.millis(0.5),
                    samples.millis(0.99));
        }
    }

    /** How a reading comes to the gateway. */
    interface Way {
        /** @return true when it was acknowledged */
        CompletableFuture<Boolean> say(DeviceId device, int reading);
    }

    SendLoad(LwM2mFleet fleet, int devices, Ledger ledger) {
        this(
                (device, reading) -> fleet.send(device, Map.of(Crowd.RESOURCE, (double) reading), Instant.now()),
                devices,
                ledger);
    }

    SendLoad(Way way, int devices, Ledger ledger) {
        this.way = way;
        this.devices = devices;
        this.ledger = ledger;
    }

    /** So many a second as long as it is wanted, whether or not they are answered; returns when all are. */
    Outcome atRate(int perSecond, BooleanSupplier wanted) throws InterruptedException, TimeoutException {
        Run run = new Run(MOST_OPEN);
        while (wanted.getAsBoolean()) {
            long due = (long) ((System.nanoTime() - run.start) / 1e9 * perSecond);
            while (run.asked < due) {
                run.send();
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        return run.end();
    }

    /** As many as are answered, with so many on their way. */
    Outcome flatOut(int window, double seconds) throws InterruptedException, TimeoutException {
        Run run = new Run(window);
        long end = run.start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            run.send();
        }
        return run.end();
    }
}
