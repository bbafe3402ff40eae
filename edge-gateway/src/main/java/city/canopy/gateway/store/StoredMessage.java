package city.canopy.gateway.store;

/**
 * A message that is safe on disk.
 *
 * @param number its number in the store
 * @param clockMicros what the gateway's clock said when it came, in microseconds since 1970; never the same twice
 * @param epoch which stretch of the clock that was, see {@link EdgeClock}
 */
public record StoredMessage(long number, long clockMicros, int epoch, Message message) {}
