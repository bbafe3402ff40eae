package city.canopy.devices.model;

/**
 * The name of a device, as it stands in topics and addresses: {@code [A-Za-z0-9._:-]{1,64}}.
 *
 * @param value the name itself
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 64;

    /** @throws IllegalArgumentException when the name does not have the shape above */
    public DeviceId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "a device id is 1 to 64 of letters, digits, '.', '_', ':' and '-', not \"" + value + "\"");
        }
    }

    /** Whether {@link #DeviceId} would take this name. */
    public static boolean isValid(String value) {
        return value != null && isValid(value, 0, value.length());
    }

    /** Whether the characters of {@code text} from {@code start} until before {@code end} make a name. */
    public static boolean isValid(CharSequence text, int start, int end) {
        if (end <= start || end - start > MAX_LENGTH) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean taken = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= ':')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!taken) {
                return false;
            }
        }
        return true;
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
