package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest {
    @TempDir
    Path dir;

    @Test
    void valuesOutliveARestart() {
        try (FileStateStore store = FileStateStore.open(dir)) {
            store.put("registrations", "bin-1", new byte[] {1}).join();
            store.put("registrations", "bin-2", new byte[] {2}).join();
            store.put("commands", "bin-1", new byte[] {3}).join();
            store.remove("registrations", "bin-2").join();
            store.put("registrations", "bin-1", new byte[] {4}).join();
        }
        try (FileStateStore store = FileStateStore.open(dir)) {
            assertThat(store.find("registrations", "bin-1")).contains(new byte[] {4});
            assertThat(store.list("registrations")).containsOnlyKeys("bin-1");
            assertThat(store.find("commands", "bin-1")).contains(new byte[] {3});
            assertThat(store.find("nothing", "there")).isEmpty();
        }
    }

    @Test
    void aLogOfOldValuesIsWrittenAnew() {
        Map<String, Byte> expected = new HashMap<>();
        Random random = new Random(7);
        try (FileStateStore store = FileStateStore.open(dir)) {
            for (int i = 0; i < 3_000; i++) {
                String name = "name-" + random.nextInt(40);
                byte[] value = new byte[20_000];
                value[0] = (byte) i;
                CompletableFuture<Void> kept = store.put("space", name, value);
                expected.put(name, value[0]);
                if (i % 50 == 0) {
                    kept.join();
                }
            }
            store.put("space", "last", new byte[1]).join();
            expected.put("last", (byte) 0);
            assertThat(store.bytes()).isLessThan(50L << 20);
        }
        try (FileStateStore store = FileStateStore.open(dir)) {
            Map<String, Byte> found = new HashMap<>();
            store.list("space").forEach((name, value) -> found.put(name, value[0]));
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void tooLargeAValueIsRefused() {
        try (FileStateStore store = FileStateStore.open(dir)) {
            assertThatThrownBy(() -> store.put("s", "n", new byte[StateStore.MAX_VALUE + 1])
                            .join())
                    .hasCauseInstanceOf(StoreException.class);
            assertThat(store.find("s", "n")).isEmpty();
        }
    }
}
