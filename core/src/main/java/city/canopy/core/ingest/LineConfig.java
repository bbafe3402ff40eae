package city.canopy.core.ingest;

import city.canopy.devices.config.Key;
import java.time.Duration;

/** How the line cuts its batches, and its bounds. */
public record LineConfig(
        @Key(
                value = "2",
                doc = "How many partitions work side by side, 1 to 64; each is a thread and a database connection.")
        int partitions,

        @Key(value = "2000", doc = "The most messages of one batch, 1 to 4096.")
        int batchMessages,

        @Key(value = "PT0.005S", doc = "How long a batch waits to fill after its first message, at most PT1S.")
        Duration batchDelay,

        @Key(
                value = "67108864",
                doc = "Bytes that may wait in the line, payloads and 256 bytes for each message; over it the doors stop"
                        + " reading.")
        long pendingBytes,

        @Key(
                value = "1000",
                doc = "Rows that one device may add to quarantine in a day; over it they are only counted.")
        int quarantinePerDevice) {

    public LineConfig {
        within("partitions", partitions, 1, 64);
        within("batch_messages", batchMessages, 1, 4096);
        within("pending_bytes", pendingBytes, 1 << 20, 1L << 36);
        within("quarantine_per_device", quarantinePerDevice, 0, 1_000_000);
        if (batchDelay.isNegative() || batchDelay.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("batch_delay must be PT0S to PT1S, not " + batchDelay);
        }
    }

    private static void within(String key, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(key + " must be " + low + " to " + high + ", not " + value);
        }
    }
}
