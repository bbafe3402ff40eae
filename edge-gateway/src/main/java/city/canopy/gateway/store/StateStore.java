package city.canopy.gateway.store;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the gateway must still know after a restart: registrations, observations, commands that wait. Small values by name,
 * in spaces; all of it in memory, every change on disk. Any thread.
 */
public interface StateStore {
    /** The longest value in bytes. */
    int MAX_VALUE = 256 * 1024;

    /**
     * Sets a value. Seen by readers at once.
     *
     * @return when it is safe on disk; fails with {@link StoreException}
     */
    CompletableFuture<Void> put(String space, String name, byte[] value);

    /** Removes a value, if it is there. */
    CompletableFuture<Void> remove(String space, String name);

    /** The value, not a copy; not to be written to. */
    Optional<byte[]> find(String space, String name);

    /** All values of a space by name, as they are now. */
    Map<String, byte[]> list(String space);
}
