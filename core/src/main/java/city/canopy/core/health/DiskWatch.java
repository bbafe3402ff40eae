package city.canopy.core.health;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the free space of the data folder's disk, so that devices are slowed and the health page says so before
 * anything breaks. A level is left only when a tenth more than its limit is free, so that it does not flicker.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final double ROOM_TO_RECOVER = 1.1;

    /** How full the disk is. */
    public enum Level {
        ENOUGH,
        /** Devices are slowed. */
        LOW,
        /** Nothing more is taken. */
        FULL
    }

    /** A disk as far as it matters here; both in bytes. */
    public interface Disk {
        long free();

        long size();
    }

    private final Disk disk;
    private final long lowBelow;
    private final long fullBelow;
    private final Consumer<Level> listener;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "disk-watch"));
    private volatile Level level = Level.ENOUGH;

    /**
     * @param lowBelow free bytes under which devices are slowed; at most a tenth of the disk counts
     * @param fullBelow free bytes under which nothing is taken; at most a twentieth of the disk counts
     * @param listener told of each change, and once at the start
     */
    public DiskWatch(Disk disk, long lowBelow, long fullBelow, Consumer<Level> listener) {
        if (fullBelow > lowBelow) {
            throw new IllegalArgumentException("data.stop_below must not be more than data.slow_below");
        }
        this.disk = disk;
        this.lowBelow = lowBelow;
        this.fullBelow = fullBelow;
        this.listener = listener;
    }

    /** Looks now, and from then on every two seconds. */
    public void start() {
        listener.accept(level);
        look();
        timer.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at the disk once. */
    void look() {
        long free = disk.free();
        long low = Math.min(lowBelow, disk.size() / 10);
        long full = Math.min(fullBelow, disk.size() / 20);
        Level now =
                free < limit(full, Level.FULL) ? Level.FULL : free < limit(low, Level.LOW) ? Level.LOW : Level.ENOUGH;
        if (now != level) {
            log.warn("the disk of the data folder has {} MB free: {} after {}", free >> 20, now, level);
            level = now;
            listener.accept(now);
        }
    }

    /** The limit of a level: a little higher while the level, or a worse one, is in force. */
    private double limit(long bytes, Level of) {
        return level.compareTo(of) >= 0 ? bytes * ROOM_TO_RECOVER : bytes;
    }

    public Level level() {
        return level;
    }

    /** How the disk is, in words. */
    public HealthPart health() {
        long free = disk.free() >> 20;
        return switch (level) {
            case ENOUGH -> HealthPart.ok("disk");
            case LOW ->
                HealthPart.warn(
                        "disk",
                        "disk_low",
                        "Ổ đĩa sắp đầy: còn " + free
                                + " MB. Thiết bị đang được nhận chậm lại; hãy giải phóng dung lượng.",
                        "The disk is nearly full: " + free + " MB left. Devices are being slowed; make room.");
            case FULL ->
                HealthPart.fail(
                        "disk",
                        "disk_full",
                        "Ổ đĩa đã đầy: còn " + free + " MB. Không nhận thêm dữ liệu cho đến khi có dung lượng trống.",
                        "The disk is full: " + free + " MB left. Nothing more is taken until there is room.");
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
