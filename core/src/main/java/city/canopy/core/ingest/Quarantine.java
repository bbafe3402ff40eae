package city.canopy.core.ingest;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where refused messages are kept. One device may add so many rows a day; over that its messages are only counted, so
 * that one broken device cannot fill the disk. The quota is kept in memory and begins anew at a restart.
 */
public final class Quarantine {
    private final PgQuarantine store;
    private final int perDevice;
    private final ConcurrentHashMap<String, AtomicInteger> today = new ConcurrentHashMap<>();
    private volatile LocalDate day = LocalDate.MIN;

    /** @param perDevice the most rows that one device may add in a day (UTC) */
    public Quarantine(PgQuarantine store, int perDevice) {
        this.store = store;
        this.perDevice = perDevice;
    }

    /** Whether this message may still get a row; counts it if so. Any thread. */
    boolean admits(Inbound message) {
        LocalDate now = message.uplink().receivedAt().atOffset(ZoneOffset.UTC).toLocalDate();
        if (!now.equals(day)) {
            today.clear();
            day = now;
        }
        return today.computeIfAbsent(message.uplink().device().value(), d -> new AtomicInteger())
                        .incrementAndGet()
                <= perDevice;
    }

    /**
     * A page of the list, the newest first.
     *
     * @param device only this device's, if given
     * @param code only with this code, if given
     * @param before only rows with a smaller id; {@link Long#MAX_VALUE} for the first page
     * @param limit 1 to 1000
     */
    public List<QuarantineRow> list(Optional<String> device, Optional<String> code, long before, int limit) {
        return store.list(device, code, before, limit);
    }

    public Optional<QuarantineRow> find(long id) {
        return store.find(id);
    }

    /**
     * Drops what has not come again since a moment, replayed or not; a bounded number at a time.
     *
     * @return how many were dropped
     */
    public int dropBefore(Instant moment) {
        return store.dropBefore(moment);
    }
}
