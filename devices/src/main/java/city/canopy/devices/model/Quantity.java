package city.canopy.devices.model;

import java.util.regex.Pattern;

/**
 * What is measured, by the name that packs, rules and the API use, such as {@code soil_moisture}
 * (SensorThings: <i>ObservedProperty</i>). Its unit and limits stand in the {@code QuantityCatalog}.
 *
 * @param name {@code [a-z][a-z0-9_]{0,63}}
 */
public record Quantity(String name) implements Comparable<Quantity> {
    private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    /** @throws IllegalArgumentException when the name does not have the shape above */
    public Quantity {
        if (name == null || !SHAPE.matcher(name).matches()) {
            throw new IllegalArgumentException("a quantity is named by [a-z][a-z0-9_]{0,63}, not \"" + name + "\"");
        }
    }

    @Override
    public int compareTo(Quantity other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
