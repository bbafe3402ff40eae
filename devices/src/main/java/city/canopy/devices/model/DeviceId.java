package city.canopy.devices.model;

import java.util.regex.Pattern;

/**
 * The name of a device, as it stands in topics and addresses: {@code [A-Za-z0-9._:-]{1,64}}.
 *
 * @param value the name itself
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** @throws IllegalArgumentException when the name does not have the shape above */
    public DeviceId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "a device id is 1 to 64 of letters, digits, '.', '_', ':' and '-', not \"" + value + "\"");
        }
    }

    /** Whether {@link #DeviceId} would take this name. */
    public static boolean isValid(String value) {
        return value != null && SHAPE.matcher(value).matches();
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
