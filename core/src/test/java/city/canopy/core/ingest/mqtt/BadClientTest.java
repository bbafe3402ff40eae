package city.canopy.core.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bad client harms nobody else: while it does its worst, the others' p99 from publish to PUBACK keeps to a bound and
 * the heap stays flat. The whole service with its own PostgreSQL; {@code -Dcanopy.test.full=true} has more of
 * everything.
 *
 * <p>The bound is three times the p99 of the calm devices alone, and no less than {@link #FLOOR}. Attackers, devices,
 * service and database share two cores here, and a commit waits for the disk: a bound nearer to the few milliseconds of
 * a machine at rest would measure the machine. A client that could make the others wait behind it shows as seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadClientTest {
    private static final boolean FULL = Boolean.getBoolean("canopy.test.full");
    private static final Duration TIME = Duration.ofSeconds(FULL ? 20 : 3);
    private static final Duration FLOOR = Duration.ofMillis(500);
    private static final long FLAT_BYTES = 48 << 20;

    private CalmFleet fleet;
    private Duration bound;
    private long heap;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        fleet = new CalmFleet(folder, FULL ? 100 : 20);
        fleet.p99(TIME);
        Duration alone = fleet.p99(TIME);
        bound = alone.multipliedBy(3).compareTo(FLOOR) > 0 ? alone.multipliedBy(3) : FLOOR;
        heap = usedHeap();
        report("alone", alone, 0, 0);
    }

    @AfterAll
    void stop() throws IOException {
        fleet.close();
    }

    @Test
    void aFloodOfQosOne() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.floodOfQosOne(0, 10));
            assertNobodyIsHarmed("QoS 1 flood", bad);
            assertThat(bad.cut()).isZero();
        }
    }

    @Test
    void aFloodOfLargeMessages() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.floodOfQosOne(1, 200_000));
            assertNobodyIsHarmed("200 kB QoS 1 flood", bad);
        }
    }

    @Test
    void aFloodOfQosZero() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.floodOfQosZero(2));
            assertNobodyIsHarmed("QoS 0 flood", bad);
        }
    }

    @Test
    void aReaderThatDoesNotRead() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.reader());
            assertNobodyIsHarmed("slow reader", bad);
        }
    }

    @Test
    void packetsOf256Megabytes() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.giant(3));
            assertNobodyIsHarmed("256 MB packets", bad);
            assertThat(bad.cut()).isPositive();
        }
    }

    @Test
    void garbage() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.garbage(4, 4711));
            assertNobodyIsHarmed("garbage", bad);
        }
    }

    @Test
    void wrongTokens() throws Exception {
        try (BadClients bad = new BadClients()) {
            bad.start(fleet.port(), bad.wrongToken());
            assertNobodyIsHarmed("wrong tokens", bad);
            assertThat(bad.done()).isGreaterThan(FULL ? 5000 : 500);
        }
    }

    @Test
    void thousandsOfSilentConnections() throws Exception {
        List<Socket> silent = BadClients.silent(fleet.port(), FULL ? 5000 : 1000);
        try {
            long opened = System.nanoTime();
            RawClient.v3(fleet.port(), "newcomer", CalmFleet.token("bad-5")).close();
            assertThat(Duration.ofNanos(System.nanoTime() - opened)).isLessThan(Duration.ofSeconds(FULL ? 6 : 3));
            Duration p99 = fleet.p99(TIME);
            report("silent connections", p99, silent.size(), 0);
            assertThat(p99).isLessThan(bound);
            for (Socket socket : silent) {
                socket.setSoTimeout(10_000);
                assertThat(isEnded(socket)).isTrue();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - opened))
                    .isLessThan(TIME.plus(CalmFleet.CONNECT_TIMEOUT).plusSeconds(5));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private void assertNobodyIsHarmed(String what, BadClients bad) throws Exception {
        Duration p99 = fleet.p99(TIME);
        long used = usedHeap();
        report(what, p99, bad.done(), bad.cut());
        assertThat(bad.done()).as("what was done").isPositive();
        assertThat(p99).as("p99 of the others").isLessThan(bound);
        assertThat(used - heap).as("growth of the heap under way").isLessThan(FLAT_BYTES);
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void report(String what, Duration p99, long done, long cut) {
        System.out.printf(
                "%s: p99 %d ms (bound %d ms), done %d, cut off %d%n",
                what, p99.toMillis(), bound.toMillis(), done, cut);
    }
}
