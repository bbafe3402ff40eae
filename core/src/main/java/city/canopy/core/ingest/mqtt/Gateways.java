package city.canopy.core.ingest.mqtt;

import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.model.DeviceId;

/** Which device lives behind which gateway; answered from the registry's snapshot. Any thread; never blocks. */
@FunctionalInterface
public interface Gateways {
    /** Whether the device is enrolled behind this gateway. */
    boolean isBehind(DeviceId device, String gateway);

    /** All envelopes of a gateway's message are committed, this one being the last of them. */
    default void committed(EnvelopeId last) {}
}
