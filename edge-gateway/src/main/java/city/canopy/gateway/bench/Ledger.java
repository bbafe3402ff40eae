package city.canopy.gateway.bench;

import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Which readings of each device the gateway has acknowledged. A reading's value is its number, so that the store can be
 * searched for it. Any thread.
 */
public final class Ledger {
    private static final String VALUE = "\"v\":";
    private static final String SENT = "\"bt\":";

    private final int[] given;
    private final BitSet[] acknowledged;

    /**
     * How the store compares.
     *
     * @param acknowledged readings that the gateway said it has
     * @param missing those of them that the store has not
     * @param keptAgain readings that are there more than once: repeated by the device when it had no answer
     */
    public record Check(long acknowledged, long missing, long keptAgain) {}

    Ledger(int devices) {
        given = new int[devices];
        acknowledged = IntStream.range(0, devices).mapToObj(i -> new BitSet()).toArray(BitSet[]::new);
    }

    /** The next reading of a device. */
    synchronized int next(int device) {
        return given[device]++;
    }

    synchronized void acknowledged(int device, int reading) {
        acknowledged[device].set(reading);
    }

    /** Reads the whole store. */
    synchronized Check check(MessageStore store) {
        BitSet[] kept =
                IntStream.range(0, given.length).mapToObj(i -> new BitSet()).toArray(BitSet[]::new);
        long again = 0;
        try (MessageStore.Reading reading = store.reader(1)) {
            for (StoredMessage each = reading.next(); each != null; each = reading.next()) {
                String payload = new String(each.message().payload(), StandardCharsets.US_ASCII);
                if (payload.contains(SENT)) {
                    int device = Crowd.number(each.message().device());
                    int value = value(payload);
                    again += kept[device].get(value) ? 1 : 0;
                    kept[device].set(value);
                }
            }
        }
        long all = 0;
        long missing = 0;
        for (int device = 0; device < given.length; device++) {
            all += acknowledged[device].cardinality();
            BitSet left = (BitSet) acknowledged[device].clone();
            left.andNot(kept[device]);
            missing += left.cardinality();
        }
        return new Check(all, missing, again);
    }

    private static int value(String payload) {
        int from = payload.indexOf(VALUE) + VALUE.length();
        return (int) Double.parseDouble(payload.substring(from, payload.indexOf('}', from)));
    }
}
