package city.canopy.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * An acknowledgement is a promise: whatever is killed, every acknowledged reading is there exactly once, and the
 * tickets are those of a run in which nothing was killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class CrashTest {
    private static final boolean FULL = Boolean.getBoolean("canopy.test.full");
    private static final int DEVICES = 40;
    /** One a minute, the last of them an hour ago: none is from the future. */
    private static final int MESSAGES = FULL ? 6_000 : 1_200;

    private static final long SEED = 20_261_123L;

    @TempDir
    private static Path root;

    private final Instant start = Instant.now().minus(Duration.ofMinutes(MESSAGES + 60));
    private Outcome reference;
    private volatile int allowed;

    /** What is done to the service, and must not matter. */
    private interface Harm {
        void happen() throws IOException, InterruptedException;
    }

    @BeforeAll
    void aRunInWhichNothingIsKilled() throws Exception {
        try (ServiceProcess service = given("reference")) {
            run(devices(service));
            reference = Outcome.of(service, DEVICES);
        }
        assertThat(reference.readings().values()).allMatch(count -> count == MESSAGES);
        assertThat(reference.tickets()).hasSize(DEVICES);
    }

    @Test
    void theServiceIsKilled() throws Exception {
        try (ServiceProcess service = given("service-killed")) {
            harmed(devices(service), FULL ? 200 : 20, SEED, () -> {
                service.kill();
                service.start();
            });
            assertThat(Outcome.of(service, DEVICES)).isEqualTo(reference);
        }
    }

    @Test
    void theDatabaseIsKilled() throws Exception {
        try (ServiceProcess service = given("database-killed")) {
            harmed(devices(service), FULL ? 200 : 10, SEED + 1, service::killDatabase);
            assertThat(Outcome.of(service, DEVICES)).isEqualTo(reference);
        }
    }

    @Test
    void connectionsAreCut() throws Exception {
        Random random = new Random(SEED + 3);
        try (ServiceProcess service = given("connections-cut")) {
            List<LedgerDevice> devices = devices(service);
            harmed(
                    devices,
                    FULL ? 200 : 50,
                    SEED + 2,
                    () -> devices.get(random.nextInt(DEVICES)).cut());
            assertThat(Outcome.of(service, DEVICES)).isEqualTo(reference);
        }
    }

    @Test
    void everythingIsSentTwice() throws Exception {
        try (ServiceProcess service = given("twice")) {
            run(devices(service));
            run(devices(service));
            assertThat(Outcome.of(service, DEVICES)).isEqualTo(reference);
        }
    }

    /**
     * Runs the devices and does harm so many times, each at a random moment of the work: the devices may send one share
     * of their messages between two harms, as fast as they can, and it happens once a random part of these is
     * acknowledged and the rest under way.
     */
    private void harmed(List<LedgerDevice> devices, int times, long seed, Harm harm) throws Exception {
        Random random = new Random(seed);
        allowed = 0;
        List<Thread> threads = start(devices);
        for (int i = 1; i <= times; i++) {
            allowed = MESSAGES * i / (times + 1);
            int before = total(devices);
            int moment = before + random.nextInt(Math.max(1, DEVICES * allowed - before));
            awaitAcknowledged(devices, moment);
            harm.happen();
        }
        allowed = MESSAGES;
        join(threads, devices);
    }

    private ServiceProcess given(String name) throws Exception {
        return BinStory.service(root.resolve(name), DEVICES, "");
    }

    private List<LedgerDevice> devices(ServiceProcess service) {
        List<LedgerDevice> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new LedgerDevice(
                    "d" + i,
                    BinStory.token(i),
                    BinStory.payloads(i, MESSAGES, start),
                    service::mqttPort,
                    () -> allowed));
        }
        return devices;
    }

    private static List<Thread> start(List<LedgerDevice> devices) {
        List<Thread> threads = new ArrayList<>();
        for (LedgerDevice device : devices) {
            Thread thread = new Thread(device, "ledger-device");
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void run(List<LedgerDevice> devices) throws InterruptedException {
        allowed = MESSAGES;
        join(start(devices), devices);
    }

    private static void join(List<Thread> threads, List<LedgerDevice> devices) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofMinutes(FULL ? 20 : 3).toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        for (LedgerDevice device : devices) {
            device.stop();
            assertThat(device.failure()).isNull();
        }
        assertThat(devices).allMatch(LedgerDevice::isDone);
    }

    private static int total(List<LedgerDevice> devices) {
        return devices.stream().mapToInt(LedgerDevice::acknowledged).sum();
    }

    private static void awaitAcknowledged(List<LedgerDevice> devices, int count) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (total(devices) < count) {
            assertThat(System.nanoTime())
                    .as("the line goes on after the last harm; the devices said %s", failures(devices))
                    .isLessThan(until);
            Thread.sleep(1);
        }
    }

    private static List<String> failures(List<LedgerDevice> devices) {
        return devices.stream()
                .map(LedgerDevice::failure)
                .filter(Objects::nonNull)
                .toList();
    }
}
