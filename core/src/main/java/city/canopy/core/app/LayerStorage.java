package city.canopy.core.app;

import city.canopy.core.db.Database;
import city.canopy.core.db.EmbeddedServerException;
import city.canopy.core.db.RunningServer;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.packs.Packs;
import city.canopy.devices.profile.PackFileException;
import java.time.Clock;
import java.util.Optional;

/**
 * The layers for a command: in the database of the service that runs on the same data, else in one that is started for
 * the while. The running service sees what is edited here by itself.
 */
final class LayerStorage implements AutoCloseable {
    private static final int POOL = 2;

    private final PgLayers layers;
    private final AutoCloseable database;

    private LayerStorage(PgLayers layers, AutoCloseable database) {
        this.layers = layers;
        this.database = database;
    }

    /** @throws StartException saying what to do */
    static LayerStorage open(CoreConfig config, Packs packs, Clock clock) {
        Optional<Database> running = config.database().isEmbedded() ? running(config) : Optional.empty();
        if (running.isPresent()) {
            return new LayerStorage(beside(running.get(), config, clock), running.get());
        }
        Storage storage = Storage.open(config, clock);
        try {
            LayerSeed.open(storage.layers(), packs);
            return new LayerStorage(storage.layers(), storage);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private static Optional<Database> running(CoreConfig config) {
        try {
            return RunningServer.find(config.data().dir(), POOL);
        } catch (EmbeddedServerException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static PgLayers beside(Database database, CoreConfig config, Clock clock) {
        try {
            return PgLayers.open(database, clock, config.site().timezone());
        } catch (RuntimeException e) {
            database.close();
            throw new StartException("the database of the running service cannot be used: " + e.getMessage(), e);
        }
    }

    /** The packs of a configuration. @throws StartException when one is wrong */
    static Packs packs(CoreConfig config) {
        try {
            return Packs.load(Optional.of(config.data().dir().resolve("packs")));
        } catch (PackFileException e) {
            throw StartException.ofPacks(e);
        }
    }

    PgLayers layers() {
        return layers;
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the database cannot be closed", e);
        }
    }
}
