package city.canopy.core.db;

import java.time.Duration;
import java.util.Objects;

/**
 * How large the embedded PostgreSQL may grow. Whatever stands here, {@code fsync}, {@code synchronous_commit} and
 * {@code full_page_writes} are on.
 *
 * @param port the TCP port on 127.0.0.1; 0 takes a free one at each start
 * @param sharedBuffersMb its page cache, 16 to 65,536 MB
 * @param maxWalSizeMb how much log may gather between two checkpoints, 64 to 1,048,576 MB
 * @param maxConnections how many sessions it takes, 10 to 1,000
 * @param startTimeout how long a start may last, recovery after a crash included
 */
public record EmbeddedConfig(
        int port, int sharedBuffersMb, int maxWalSizeMb, int maxConnections, Duration startTimeout) {
    public EmbeddedConfig {
        Objects.requireNonNull(startTimeout, "startTimeout");
        check("port", port, 0, 65_535);
        check("shared_buffers (MB)", sharedBuffersMb, 16, 65_536);
        check("max_wal_size (MB)", maxWalSizeMb, 64, 1_048_576);
        check("max_connections", maxConnections, 10, 1_000);
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException("the start timeout must be positive, not " + startTimeout);
        }
    }

    /** 256 MB of cache, 4 GB of log, 60 sessions, two minutes to start, a free port. */
    public static EmbeddedConfig defaults() {
        return new EmbeddedConfig(0, 256, 4096, 60, Duration.ofMinutes(2));
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
