package city.canopy.core.gateways;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.model.DeviceId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each gateway's store has come, for people to see: the highest number that was committed. It is written once in a
 * while; that a message which comes twice has one effect does not hang on it, but on the time that each reading bears.
 */
public final class UplinkMarks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UplinkMarks.class);
    private static final long EVERY_S = 2;

    private record Store(DeviceId gateway, String name) {}

    private final Database database;
    private final Clock clock;
    private final Map<Store, Long> fresh = new HashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "gateway-marks"));

    public UplinkMarks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        timer.scheduleWithFixedDelay(this::writeSafely, EVERY_S, EVERY_S, TimeUnit.SECONDS);
    }

    /** All of a message is committed, this being its last envelope. Any thread; returns at once. */
    public void committed(EnvelopeId last) {
        synchronized (fresh) {
            fresh.merge(new Store(last.gateway(), last.store()), last.sequence(), Math::max);
        }
    }

    private void writeSafely() {
        try {
            write();
        } catch (DatabaseException e) {
            log.warn(
                    "how far the gateways' stores have come could not be written, it is tried again: {}",
                    e.getMessage());
        }
    }

    /** Writes what is new. */
    void write() {
        Map<Store, Long> taken;
        synchronized (fresh) {
            taken = new HashMap<>(fresh);
        }
        if (taken.isEmpty()) {
            return;
        }
        database.inTransaction(connection -> {
            try (PreparedStatement s = connection.prepareStatement("""
                    insert into gateway_store as kept (gateway, store, seq, first_seen, updated_at)
                    values (?, ?, ?, ?, ?)
                    on conflict (gateway, store) do update set
                        seq = greatest(kept.seq, excluded.seq), updated_at = excluded.updated_at""")) {
                Timestamp now = Timestamp.from(clock.instant());
                for (Map.Entry<Store, Long> each : taken.entrySet()) {
                    row(s, each, now);
                }
                s.executeBatch();
            }
            return null;
        });
        synchronized (fresh) {
            taken.forEach(fresh::remove);
        }
    }

    private static void row(PreparedStatement s, Map.Entry<Store, Long> each, Timestamp now) throws SQLException {
        s.setString(1, each.getKey().gateway().value());
        s.setString(2, each.getKey().name());
        s.setLong(3, each.getValue());
        s.setTimestamp(4, now);
        s.setTimestamp(5, now);
        s.addBatch();
    }

    /** Writes what is new, and ends. */
    @Override
    public void close() {
        timer.shutdown();
        writeSafely();
    }
}
