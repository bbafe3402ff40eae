package city.canopy.core.layers;

/**
 * A ward (phường) or commune (xã).
 *
 * @param code the statistical office's code. Codes have been used again for other units: it means something only
 *     together with a date
 * @param name its name, such as {@code Phường Sông Công}
 */
public record Ward(String code, String name) {}
