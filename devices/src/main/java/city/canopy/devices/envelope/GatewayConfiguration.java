package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a gateway must know: its devices and what it observes of them. Made and signed by the service, sent to
 * {@code canopy/v1/gateways/{gateway}/config} whenever it changes; the gateway keeps the last good one.
 *
 * @param gateway whom it is for
 * @param version higher for each change; a gateway takes no older one than it has
 * @param digestKeyHex the key (32 bytes) of the digests of tokens and passwords
 * @param observe what is observed, by profile
 */
public record GatewayConfiguration(
        DeviceId gateway,
        long version,
        Instant issuedAt,
        String digestKeyHex,
        List<EdgeDevice> devices,
        Map<String, List<Observation>> observe) {
    public GatewayConfiguration {
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(issuedAt, "issuedAt");
        Objects.requireNonNull(digestKeyHex, "digestKeyHex");
        devices = List.copyOf(devices);
        observe = Map.copyOf(observe);
    }

    @Override
    public String toString() {
        return "GatewayConfiguration[" + gateway + ", version " + version + ", " + devices.size() + " devices]";
    }
}
