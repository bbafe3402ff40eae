package city.canopy.core.registry;

import java.util.Optional;

/**
 * Which devices a list is to show; what is empty lets every one through.
 *
 * @param layer the layer of the feature that the device is bound to now
 * @param feature that feature's id
 * @param text what its id or name contains, whatever the case
 */
public record DeviceFilter(
        Optional<String> profile, Optional<String> layer, Optional<String> feature, Optional<String> text) {
    /** Lets every device through. */
    public static final DeviceFilter ALL =
            new DeviceFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
