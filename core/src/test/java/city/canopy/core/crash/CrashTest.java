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
    private static final long SEED = 20_261_123L;

    @TempDir
    private static Path root;

    private final Instant start = Instant.now().minus(Duration.ofDays(2));
    private Outcome reference;
    private int messages;

    /** What a run left behind, as text that can be compared. */
    private record Outcome(Map<String, Integer> readings, List<String> tickets) {}

    @BeforeAll
    void aRunInWhichNothingIsKilled() throws Exception {
        messages = FULL ? 6_000 : 1_200;
        try (ServiceProcess service = given("reference")) {
            List<LedgerDevice> devices = devices(service, 0);
            run(devices);
            reference = outcome(service);
        }
        assertThat(reference.readings().values()).allMatch(count -> count == messages);
        assertThat(reference.tickets()).hasSize(DEVICES);
    }

    @Test
    void theServiceIsKilled() throws Exception {
        int kills = FULL ? 200 : 20;
        Random random = new Random(SEED);
        try (ServiceProcess service = given("service-killed")) {
            List<LedgerDevice> devices = devices(service, 1);
            List<Thread> threads = start(devices);
            for (int i = 0; i < kills && !allDone(devices); i++) {
                Thread.sleep(100 + random.nextInt(700));
                service.kill();
                service.start();
            }
            join(threads, devices);
            assertThat(outcome(service)).isEqualTo(reference);
        }
    }

    @Test
    void theDatabaseIsKilled() throws Exception {
        int kills = FULL ? 200 : 10;
        Random random = new Random(SEED + 1);
        try (ServiceProcess service = given("database-killed")) {
            List<LedgerDevice> devices = devices(service, 1);
            List<Thread> threads = start(devices);
            for (int i = 0; i < kills && !allDone(devices); i++) {
                int before = total(devices);
                service.killDatabase();
                Thread.sleep(200 + random.nextInt(300));
                awaitProgress(devices, before);
            }
            join(threads, devices);
            assertThat(outcome(service)).isEqualTo(reference);
        }
    }

    @Test
    void connectionsAreCut() throws Exception {
        int cuts = FULL ? 200 : 50;
        Random random = new Random(SEED + 2);
        try (ServiceProcess service = given("connections-cut")) {
            List<LedgerDevice> devices = devices(service, 1);
            List<Thread> threads = start(devices);
            for (int i = 0; i < cuts && !allDone(devices); i++) {
                Thread.sleep(random.nextInt(40));
                devices.get(random.nextInt(DEVICES)).cut();
            }
            join(threads, devices);
            assertThat(outcome(service)).isEqualTo(reference);
        }
    }

    @Test
    void everythingIsSentTwice() throws Exception {
        try (ServiceProcess service = given("twice")) {
            run(devices(service, 0));
            run(devices(service, 0));
            assertThat(outcome(service)).isEqualTo(reference);
        }
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

    private List<LedgerDevice> devices(ServiceProcess service, long pauseMillis) {
        List<LedgerDevice> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new LedgerDevice("d" + i, token(i), payloads(i), service::mqttPort, pauseMillis));
        }
        return devices;
    }

    /** A bin that fills, is emptied, and whose sensor wavers around both thresholds. */
    private List<String> payloads(int device) {
        Random random = new Random(SEED * 31 + device);
        List<String> payloads = new ArrayList<>(messages);
        double level = random.nextInt(60);
        for (int i = 0; i < messages; i++) {
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

    private static void run(List<LedgerDevice> devices) throws InterruptedException {
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

    private static boolean allDone(List<LedgerDevice> devices) {
        return devices.stream().allMatch(LedgerDevice::isDone);
    }

    private static int total(List<LedgerDevice> devices) {
        return devices.stream().mapToInt(LedgerDevice::acknowledged).sum();
    }

    private static void awaitProgress(List<LedgerDevice> devices, int before) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (total(devices) <= before && !allDone(devices)) {
            assertThat(System.nanoTime())
                    .as("the line goes on after the database died")
                    .isLessThan(until);
            Thread.sleep(20);
        }
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
