package city.canopy.core.commands;

import java.util.Locale;

/** How far a command has come. */
public enum CommandState {
    /** Nobody was there to take it. */
    QUEUED,
    /** It was sent to the device or its gateway; until a reply it is sent again whenever they come back. */
    SENT,
    /** Its gateway keeps it until the device wakes. */
    WAITING,
    /** The device did it. */
    DONE,
    /** The device, or the gateway for it, says that it cannot be done. */
    FAILED,
    /** It was not done in time. */
    EXPIRED,
    /** Somebody took it back before it was sent. */
    CANCELLED;

    /** Whether nothing follows. */
    public boolean isFinal() {
        return this != QUEUED && this != SENT && this != WAITING;
    }

    /** As it is stored and shown: {@code done}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CommandState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
