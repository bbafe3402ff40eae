package city.canopy.devices.config;

/** The configuration cannot be used; the message names the key and says what to write instead. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
