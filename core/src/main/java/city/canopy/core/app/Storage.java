package city.canopy.core.app;

import city.canopy.core.db.Database;
import city.canopy.core.db.EmbeddedConfig;
import city.canopy.core.db.EmbeddedServer;
import city.canopy.core.db.EmbeddedServerException;
import city.canopy.core.db.Migrations;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.Latest;
import city.canopy.core.series.PgSeriesStore;
import city.canopy.core.series.SeriesConfig;
import city.canopy.core.series.SeriesLayout;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database and what is held of it in memory. */
final class Storage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Storage.class);

    private final EmbeddedServer embedded;
    private final Database database;
    private final SeriesLayout layout;
    private final Datastreams streams;
    private final Latest latest;
    private final PgLayers layers;
    private final AtomicLong restarts;

    private Storage(
            EmbeddedServer embedded,
            Database database,
            SeriesLayout layout,
            Datastreams streams,
            Latest latest,
            PgLayers layers,
            AtomicLong restarts) {
        this.embedded = embedded;
        this.database = database;
        this.layout = layout;
        this.streams = streams;
        this.latest = latest;
        this.layers = layers;
        this.restarts = restarts;
    }

    /** Starts or finds the database, migrates it, and loads what is held in memory. */
    static Storage open(CoreConfig config, Clock clock) {
        AtomicLong restarts = new AtomicLong();
        EmbeddedServer embedded = config.database().isEmbedded() ? start(config, restarts) : null;
        Database database = null;
        try {
            database = embedded != null
                    ? Database.of(embedded, config.database().pool())
                    : new Database(
                            config.database().url(),
                            orNull(config.database().user()),
                            orNull(config.database().password().value()),
                            config.database().pool());
            Migrations.run(database);
            SeriesConfig series = new SeriesConfig(
                    config.retention().readings(),
                    config.retention().frames(),
                    Duration.ofDays(3_650),
                    Duration.ofSeconds(2));
            SeriesLayout layout = SeriesLayout.prepare(database, series, clock);
            return new Storage(
                    embedded,
                    database,
                    layout,
                    Datastreams.load(database),
                    PgSeriesStore.load(database),
                    PgLayers.open(database, clock, config.site().timezone()),
                    restarts);
        } catch (RuntimeException e) {
            if (database != null) {
                database.close();
            }
            if (embedded != null) {
                embedded.close();
            }
            throw new StartException("the database cannot be used: " + e.getMessage(), e);
        }
    }

    private static EmbeddedServer start(CoreConfig config, AtomicLong restarts) {
        EmbeddedConfig defaults = EmbeddedConfig.defaults();
        EmbeddedConfig embedded = new EmbeddedConfig(
                0,
                config.database().sharedBuffersMb(),
                config.database().maxWalSizeMb(),
                Math.max(
                        defaults.maxConnections(),
                        config.database().pool() + config.line().partitions() + 20),
                defaults.startTimeout());
        try {
            return EmbeddedServer.start(config.data().dir(), embedded, (up, reason) -> {
                if (up) {
                    restarts.incrementAndGet();
                }
                log.warn("the embedded PostgreSQL is {}: {}", up ? "up again" : "down", reason);
            });
        } catch (EmbeddedServerException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    Database database() {
        return database;
    }

    SeriesLayout layout() {
        return layout;
    }

    Datastreams streams() {
        return streams;
    }

    Latest latest() {
        return latest;
    }

    PgLayers layers() {
        return layers;
    }

    /** Whether the embedded server runs; an outside one is asked by those who use it. */
    boolean isUp() {
        return embedded == null || embedded.isUp();
    }

    @Override
    public void close() {
        database.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
