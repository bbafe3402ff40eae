package city.canopy.devices.codec;

import java.util.Locale;

/** Why something was put into quarantine. The wire form is the name in lower case. */
public enum RefusalCode {
    /** The bytes are not of the format that they should have. */
    UNDECODABLE,
    /** Empty, or nothing in it that could be a reading. */
    EMPTY,
    /** The payload is larger or deeper, or has more values, than the limit. */
    TOO_LARGE,
    /** The profile does not know a quantity of that name, key or channel. */
    UNKNOWN_QUANTITY,
    /** The unit is not one that can be turned into the quantity's own. */
    UNKNOWN_UNIT,
    /** Not a number, not finite, or outside what the quantity can be. */
    IMPOSSIBLE_VALUE,
    /** The time cannot be read, or is older or further ahead than is taken. */
    IMPOSSIBLE_TIME,
    /** The payload names another device than the one that sent it. */
    FOREIGN_DEVICE,
    /** The device is not enrolled. */
    UNKNOWN_DEVICE,
    /** The device's profile is not in any pack that is loaded. */
    UNKNOWN_PROFILE,
    /** A reply to a command that the device was never given, or that is over. */
    UNKNOWN_COMMAND,
    /** The same datastream and time came before with another value. */
    CONFLICT,
    /** The database refused the row; the detail says why. */
    POISONED;

    /** The code as it is stored and shown: {@code unknown_quantity}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
