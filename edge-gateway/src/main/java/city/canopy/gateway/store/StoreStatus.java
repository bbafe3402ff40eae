package city.canopy.gateway.store;

/**
 * How it stands with the store.
 *
 * @param store its random name
 * @param next the number that the next message gets
 * @param waiting how many messages are not confirmed yet
 * @param bytes how many bytes it takes on disk
 * @param mostBytes how many it may take
 * @param appended messages kept since the start
 * @param refused messages refused since the start because there was no room
 * @param thinned messages that were left out since the start to make room; 0 unless the setting is on
 * @param damagedBytes bytes that were found rotten since the start
 */
public record StoreStatus(
        String store,
        long next,
        long waiting,
        long bytes,
        long mostBytes,
        long appended,
        long refused,
        long thinned,
        long damagedBytes) {}
