package city.canopy.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.MessageStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benches of the gateway, small: they measure what they say, and notice a loss. */
class GatewayBenchTest {
    @TempDir
    private Path dir;

    private final List<String> progress = new ArrayList<>();

    @Test
    void theStoreIsMeasuredBesideAForcedFile() throws Exception {
        LogBench.Result result = new LogBench(dir, 1, progress::add).run();
        assertThat(result.appendsPerS()).isPositive();
        assertThat(result.rawAppendsPerS()).isPositive();
        assertThat(result.bytesOnDisk()).isBetween((double) result.payloadBytes(), 2.0 * result.payloadBytes());
        assertThat(result.p50OneAloneMs()).isPositive().isLessThanOrEqualTo(result.p99OneAloneMs());
        assertThat(progress).hasSize(3);
    }

    @Test
    void aGatewayThatIsKilledHasEveryReadingThatItAcknowledged() throws Exception {
        CrowdBench.Result result = new CrowdBench(dir, 20, 0, 1, progress::add).run();
        assertThat(result.registered().heapMb()).isPositive();
        assertThat(result.steady().acknowledged()).isPositive();
        assertThat(result.steady().refused()).isZero();
        assertThat(result.notified().acknowledged()).isPositive();
        assertThat(result.notified().refused()).isZero();
        assertThat(result.bare().ratio()).isPositive();
        assertThat(result.storm().check().acknowledged())
                .isGreaterThanOrEqualTo(result.steady().acknowledged()
                        + result.notified().acknowledged()
                        + result.flatOut().acknowledged());
        assertThat(result.storm().check().missing()).isZero();
    }

    @Test
    void aReadingThatIsNotInTheStoreIsMissed() {
        Ledger ledger = new Ledger(2);
        for (int device : new int[] {0, 1}) {
            ledger.acknowledged(device, ledger.next(device));
        }
        try (FileStateStore state = FileStateStore.open(dir.resolve("state"));
                MessageStore store = BenchGateway.store(dir, state)) {
            keep(store, "[{\"n\":\"/3303/0/5700\",\"v\":0.0}]");
            assertThat(ledger.check(store)).isEqualTo(new Ledger.Check(2, 2, 0));
            keep(store, "[{\"bt\":1.5,\"n\":\"/3303/0/5700\",\"v\":0.0}]");
            keep(store, "[{\"bt\":1.5,\"n\":\"/3303/0/5700\",\"v\":0.0}]");
            assertThat(ledger.check(store)).isEqualTo(new Ledger.Check(2, 1, 1));
        }
    }

    private static void keep(MessageStore store, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
        store.append(new Message(new DeviceId("bench-1"), "/lwm2m", "application/senml+json", bytes))
                .join();
    }
}
