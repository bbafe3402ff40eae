package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;

/**
 * Bytes to readings, for one family of payloads. Pure: no state, no clock, no network; used by many threads at once.
 * An implementation never throws for what is in the payload: it answers {@link Decoded.Refused}.
 */
public interface Codec {
    /** The name that profiles use, such as {@code senml-cbor}. */
    String name();

    /** Decodes one message as the profile understands it. */
    Decoded decode(Uplink uplink, DeviceProfile profile);
}
