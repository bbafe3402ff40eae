package city.canopy.devices.profile;

import city.canopy.devices.model.Quantity;
import java.util.Map;
import java.util.Objects;

/**
 * One quantity of the catalogue: its unit and what values it can have at all.
 *
 * @param quantity its name
 * @param unit its UCUM code, such as {@code Cel}; every stored value is in this unit
 * @param min the lowest possible value, in that unit
 * @param max the highest possible value, in that unit
 * @param title its name for people, by language ({@code vi}, {@code en})
 */
public record QuantitySpec(Quantity quantity, String unit, double min, double max, Map<String, String> title) {
    public QuantitySpec {
        Objects.requireNonNull(quantity, "quantity");
        Objects.requireNonNull(unit, "unit");
        if (!(min < max)) {
            throw new IllegalArgumentException(quantity + ": min must be under max, not " + min + " and " + max);
        }
        title = Map.copyOf(title);
    }

    /** Whether the quantity can have this value. */
    public boolean allows(double value) {
        return value >= min && value <= max;
    }
}
