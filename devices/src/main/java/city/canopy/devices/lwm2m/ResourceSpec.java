package city.canopy.devices.lwm2m;

import java.util.Objects;
import java.util.Optional;

/**
 * A resource of a LwM2M object, as OMA's registry describes it.
 *
 * @param operations what may be done to it: letters of {@code RWE}, empty where only a bootstrap may
 * @param type of its value; TLV and plain text do not say it
 * @param multiple whether it has instances of its own
 * @param unit the UCUM code of its values; empty where the registry names none
 * @param quantity what it means where a profile does not say it
 */
public record ResourceSpec(
        int id,
        String name,
        String operations,
        Type type,
        boolean multiple,
        Optional<String> unit,
        Optional<String> quantity) {

    /** The types of LwM2M core 1.1, appendix C. */
    public enum Type {
        STRING,
        INTEGER,
        UNSIGNED,
        FLOAT,
        BOOLEAN,
        OPAQUE,
        TIME,
        OBJLNK,
        /** It is executed and has no value. */
        NONE
    }

    public ResourceSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(operations, "operations");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(quantity, "quantity");
    }

    /** Whether its value is a number or a yes or no. */
    public boolean isNumber() {
        return switch (type) {
            case INTEGER, UNSIGNED, FLOAT, BOOLEAN -> true;
            case STRING, OPAQUE, TIME, OBJLNK, NONE -> false;
        };
    }
}
