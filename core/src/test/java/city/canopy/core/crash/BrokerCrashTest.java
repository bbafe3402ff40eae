package city.canopy.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.ingest.paho.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A city's own broker before the line: what that broker acknowledged to its publishers is there exactly once and has led
 * to the same tickets, though the service is killed and the broker ended again and again.
 */
class BrokerCrashTest {
    private static final boolean FULL = Boolean.getBoolean("canopy.test.full");
    private static final int DEVICES = 8;
    private static final int MESSAGES = FULL ? 3_000 : 600;
    private static final int HARMS = FULL ? 30 : 6;
    private static final long SEED = 20_261_127L;

    @TempDir
    private Path root;

    private final Instant start = Instant.now().minus(Duration.ofMinutes(MESSAGES + 60));

    @Test
    void serviceAndBrokerAreEndedInTurn() throws Exception {
        Outcome reference = throughTheServicesOwnDoor();
        Path data = Files.createDirectories(root.resolve("broker"));
        try (TestBroker broker = new TestBroker(data).start();
                ServiceProcess service =
                        BinStory.service(root.resolve("service"), DEVICES, """
                        brokers:
                          - {name: city, url: "%s", client_id: canopy, topics: ["canopy/v1/devices/+/telemetry"]}
                        """.formatted(broker.url()))) {
            awaitSession(service);
            BrokerPublisher publisher = new BrokerPublisher(broker.url(), stories());
            Thread publishing = new Thread(publisher, "publisher");
            publishing.start();
            Random random = new Random(SEED);
            for (int i = 1; i <= HARMS; i++) {
                int moment = random.nextInt(1, DEVICES * MESSAGES / HARMS) + DEVICES * MESSAGES * (i - 1) / HARMS;
                await("the publisher goes on", () -> publisher.acknowledged() >= moment);
                if (i % 2 == 0) {
                    broker.stop();
                    broker.start();
                } else {
                    service.kill();
                    service.start();
                }
            }
            publishing.join(Duration.ofMinutes(5).toMillis());
            assertThat(publisher.acknowledged()).isEqualTo(DEVICES * MESSAGES);
            await(
                    "everything that the broker took is stored",
                    () -> service.get("/api/v1/stats").at("/in_all/stored").asLong() >= (long) DEVICES * MESSAGES);
            assertThat(Outcome.of(service, DEVICES)).isEqualTo(reference);
        }
    }

    private Outcome throughTheServicesOwnDoor() throws Exception {
        try (ServiceProcess service = BinStory.service(root.resolve("reference"), DEVICES, "")) {
            List<Thread> threads = new ArrayList<>();
            List<LedgerDevice> devices = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                List<String> payloads = BinStory.payloads(i, MESSAGES, start);
                devices.add(new LedgerDevice("d" + i, BinStory.token(i), payloads, service::mqttPort, () -> MESSAGES));
                threads.add(new Thread(devices.get(i), "ledger-device"));
                threads.get(i).start();
            }
            for (Thread thread : threads) {
                thread.join(Duration.ofMinutes(3).toMillis());
            }
            assertThat(devices).allMatch(LedgerDevice::isDone);
            Outcome outcome = Outcome.of(service, DEVICES);
            assertThat(outcome.tickets()).hasSize(DEVICES);
            return outcome;
        }
    }

    private Map<String, List<String>> stories() {
        Map<String, List<String>> stories = new TreeMap<>();
        for (int i = 0; i < DEVICES; i++) {
            stories.put("canopy/v1/devices/d" + i + "/telemetry", BinStory.payloads(i, MESSAGES, start));
        }
        return stories;
    }

    /** A broker keeps messages only for a session that is there. */
    private static void awaitSession(ServiceProcess service) throws Exception {
        await("the service has subscribed at the broker", () -> service.metric("canopy_broker_connects_total") >= 1);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            Thread.sleep(20);
        }
    }
}
