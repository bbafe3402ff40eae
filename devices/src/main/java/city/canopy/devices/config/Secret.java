package city.canopy.devices.config;

/**
 * A text of the configuration that is never printed.
 *
 * @param value the secret itself; empty where none is set
 */
public record Secret(String value) {
    public Secret {
        if (value == null) {
            value = "";
        }
    }

    public boolean isSet() {
        return !value.isEmpty();
    }

    @Override
    public String toString() {
        return isSet() ? "***" : "";
    }
}
