package city.canopy.core.registry;

import city.canopy.devices.registry.Device;
import java.time.Instant;
import java.util.Optional;

/**
 * A device with what the registry's snapshot leaves out.
 *
 * @param online what it last said of itself
 * @param attributes what it last said about itself, as a JSON object
 * @param needsCredential whether it is behind a gateway that cannot know its token or password, because that was issued
 *     before
 */
public record DeviceRow(
        Device device,
        Optional<String> name,
        boolean disabled,
        Optional<Boolean> online,
        Optional<Instant> onlineAt,
        String attributes,
        boolean needsCredential) {}
