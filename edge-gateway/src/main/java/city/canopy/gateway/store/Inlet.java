package city.canopy.gateway.store;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Where every uplink goes before its device gets a reply. Any thread. */
public interface Inlet {
    /**
     * Keeps a message. Never blocks; the time of the call is the time at which the gateway heard it.
     *
     * @return its number, once it is safe on disk; fails with {@link StoreFullException} when there is no room, which the
     *     device is told (CoAP 5.03, MQTT not acknowledged), or with {@link StoreException} when the disk fails. Completed
     *     by the store's own thread: what is done then must be short
     */
    CompletableFuture<Long> append(Message message);

    /**
     * The same for one of several messages that a sender has under way: it is not kept when an earlier one of them was
     * refused, since the sender says both again, and the later one must not stand before the earlier.
     *
     * @param refused whether an earlier one was; asked just before the message is written
     */
    default CompletableFuture<Long> append(Message message, BooleanSupplier refused) {
        return append(message);
    }
}
