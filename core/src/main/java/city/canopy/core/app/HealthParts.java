package city.canopy.core.app;

import city.canopy.core.announce.Announcer;
import city.canopy.core.health.DiskWatch;
import city.canopy.core.health.Health;
import city.canopy.core.health.HealthPart;
import city.canopy.core.ingest.Line;
import city.canopy.core.ingest.paho.PahoSource;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How each part of the service says that it is well. */
final class HealthParts {
    private static final Duration WAITING_LONG = Duration.ofSeconds(10);
    private static final Duration LAGGING = Duration.ofSeconds(30);

    private final Storage storage;
    private final Line line;
    private final Announcer announcer;
    private final DiskWatch disk;
    private final Clock clock;

    HealthParts(Storage storage, Line line, Announcer announcer, DiskWatch disk, Clock clock) {
        this.storage = storage;
        this.line = line;
        this.announcer = announcer;
        this.disk = disk;
        this.clock = clock;
    }

    Health health() {
        Health health = new Health(clock);
        health.add("database", this::database);
        health.add("line", this::line);
        health.add("announcer", this::announcer);
        health.add("disk", disk::health);
        return health;
    }

    private HealthPart database() {
        if (!storage.isUp()) {
            return HealthPart.fail(
                    "database",
                    "database_restarting",
                    "PostgreSQL đã dừng và đang được khởi động lại.",
                    "PostgreSQL has stopped and is being started again.");
        }
        storage.database().read(c -> {
            try (Statement s = c.createStatement()) {
                return s.execute("select 1");
            }
        });
        return HealthPart.ok("database");
    }

    private HealthPart line() {
        Optional<String> trouble = line.trouble();
        if (trouble.isPresent()) {
            return HealthPart.fail(
                    "line",
                    "storing_fails",
                    "Chưa ghi được dữ liệu, đang thử lại; thiết bị chờ xác nhận: " + trouble.get(),
                    "Nothing can be stored at the moment, it is being tried again and devices wait: " + trouble.get());
        }
        Optional<Instant> oldest = line.oldestWaiting();
        Duration waiting =
                oldest.map(at -> Duration.between(at, clock.instant())).orElse(Duration.ZERO);
        if (waiting.compareTo(WAITING_LONG) > 0) {
            return HealthPart.warn(
                    "line",
                    "line_slow",
                    "Bản tin cũ nhất đã chờ " + waiting.toSeconds() + " giây.",
                    "The oldest message has waited for " + waiting.toSeconds() + " s.");
        }
        return HealthPart.ok("line");
    }

    static HealthPart broker(PahoSource broker) {
        return broker.trouble()
                .map(why -> HealthPart.warn(
                        broker.name(),
                        "broker_unreachable",
                        "Chưa kết nối được: " + why,
                        "Not connected, it is being tried again: " + why))
                .orElseGet(() -> HealthPart.ok(broker.name()));
    }

    private HealthPart announcer() {
        Duration lag = announcer.lag();
        if (lag.compareTo(LAGGING) > 0) {
            return HealthPart.warn(
                    "announcer",
                    "events_late",
                    "Thông báo chậm " + lag.toSeconds() + " giây.",
                    "Events are " + lag.toSeconds() + " s late.");
        }
        return HealthPart.ok("announcer");
    }
}
