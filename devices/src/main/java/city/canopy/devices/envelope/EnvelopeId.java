package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of one message that a gateway keeps: given where it is stored, so that it is the same however often it is sent.
 *
 * @param gateway who keeps it
 * @param store a random name of the gateway's store, {@code [0-9a-f]{16}}; a store that begins anew has another one
 * @param sequence its number in the store, from 1 on, without gaps
 */
public record EnvelopeId(DeviceId gateway, String store, long sequence) {
    private static final Pattern STORE = Pattern.compile("[0-9a-f]{16}");

    /** @throws IllegalArgumentException when store or sequence do not have the shape above */
    public EnvelopeId {
        Objects.requireNonNull(gateway, "gateway");
        if (store == null || !STORE.matcher(store).matches()) {
            throw new IllegalArgumentException("a store is named by 16 hexadecimal digits, not \"" + store + "\"");
        }
        if (sequence < 1) {
            throw new IllegalArgumentException("envelopes are numbered from 1 on, not " + sequence);
        }
    }
}
