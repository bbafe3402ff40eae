package city.canopy.gateway.lwm2m;

import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.util.Objects;

/**
 * How a LwM2M device is doing, as its gateway sees it.
 *
 * @param lastHeard when it was last heard, by the gateway's clock; after a restart of the gateway, when that was
 */
public record DeviceState(DeviceId device, Presence presence, Instant lastHeard) {
    /** Whether it can be spoken to. */
    public enum Presence {
        /** Registered, and always listening. */
        REGISTERED,
        /** Registered in queue mode, and heard so lately that it listens. */
        AWAKE,
        /** Registered in queue mode, and not listening: requests wait until it is heard. */
        ASLEEP,
        /** Its lifetime went by without a word. */
        LOST,
        /** It took its leave. */
        GONE
    }

    public DeviceState {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(presence, "presence");
        Objects.requireNonNull(lastHeard, "lastHeard");
    }
}
