package city.canopy.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
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

    /** What a run left behind, as text that can be compared. */
    private record Outcome(Map<String, Integer> readings, List<String> tickets) {}

    /** What is done to the service, and must not matter. */
    private interface Harm {
        void happen() throws IOException, InterruptedException;
    }

    @BeforeAll
    void aRunInWhichNothingIsKilled() throws Exception {
        try (ServiceProcess service = given("reference")) {
            run(devices(service));
            reference = outcome(service);
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
            assertThat(outcome(service)).isEqualTo(reference);
        }
    }

    @Test
    void theDatabaseIsKilled() throws Exception {
        try (ServiceProcess service = given("database-killed")) {
            harmed(devices(service), FULL ? 200 : 10, SEED + 1, service::killDatabase);
            assertThat(outcome(service)).isEqualTo(reference);
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
            assertThat(outcome(service)).isEqualTo(reference);
        }
    }

    @Test
    void everythingIsSentTwice() throws Exception {
        try (ServiceProcess service = given("twice")) {
            run(devices(service));
            run(devices(service));
            assertThat(outcome(service)).isEqualTo(reference);
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
        Path folder = Files.createDirectories(root.resolve(name));
        CrashPack.write(folder.resolve("packs").resolve("crash"), DEVICES);
        ServiceProcess service = new ServiceProcess(folder);
        service.start();
        StringBuilder csv = new StringBuilder("id,profile,layer,feature_id,credential,secret\n");
        for (int i = 0; i < DEVICES; i++) {
            csv.append("d%d,crash-bin,crash_bins,B%d,token,%s\n".formatted(i, i, token(i)));
        }
        service.call("POST", "/api/v1/devices/import", "text/csv", csv.toString());
        return service;
    }

    private static String token(int device) {
        return "crash-test-device-token-" + (1000 + device);
    }

    private List<LedgerDevice> devices(ServiceProcess service) {
        List<LedgerDevice> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new LedgerDevice("d" + i, token(i), payloads(i), service::mqttPort, () -> allowed));
        }
        return devices;
    }

    /** A bin that fills, is emptied, and whose sensor wavers around both thresholds. */
    private List<String> payloads(int device) {
        Random random = new Random(SEED * 31 + device);
        List<String> payloads = new ArrayList<>(MESSAGES);
        double level = random.nextInt(60);
        for (int i = 0; i < MESSAGES; i++) {
            level = level > 95
                    ? random.nextInt(20)
                    : Math.max(0, Math.min(100, level + random.nextGaussian() * 3 + 0.5));
            payloads.add("{\"ts\":%d,\"values\":{\"fill_level\":%.1f}}"
                    .formatted(start.plusSeconds(60L * i).toEpochMilli(), level));
        }
        return payloads;
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

    private Outcome outcome(ServiceProcess service) throws IOException, InterruptedException {
        Map<String, Integer> readings = new TreeMap<>();
        for (int i = 0; i < DEVICES; i++) {
            int count = 0;
            String next = "/api/v1/devices/d" + i + "/readings?quantity=fill_level&order=asc&limit=1000";
            String before = "";
            while (next != null) {
                JsonNode page = service.get(next);
                for (JsonNode item : page.get("items")) {
                    String at = item.get("measured_at").asText();
                    assertThat(Instant.parse(at))
                            .as("each moment once")
                            .isAfter(before.isEmpty() ? Instant.EPOCH : Instant.parse(before));
                    before = at;
                    count++;
                }
                next = page.hasNonNull("next") ? page.get("next").asText() : null;
            }
            readings.put("d" + i, count);
        }
        List<String> tickets = new ArrayList<>();
        String next = "/api/v1/tickets?limit=500";
        while (next != null) {
            JsonNode page = service.get(next);
            for (JsonNode ticket : page.get("items")) {
                StringBuilder line = new StringBuilder();
                line.append(ticket.get("layer").asText())
                        .append('/')
                        .append(ticket.get("feature_id").asText());
                line.append(' ').append(ticket.get("service").asText());
                line.append(' ').append(ticket.get("status").asText());
                for (JsonNode witness : ticket.get("witnesses")) {
                    line.append(' ').append(witness.get("at").asText());
                }
                tickets.add(line.toString());
            }
            next = page.hasNonNull("next") ? page.get("next").asText() : null;
        }
        tickets.sort(String::compareTo);
        return new Outcome(readings, tickets);
    }
}
