package city.canopy.core.access;

import java.util.Locale;
import java.util.Optional;

/** What a person or a token may do; each role may all that the one before it may. */
public enum Role {
    /** Sees everything but people, tokens and secrets. */
    VIEWER,
    /** Works on tickets, quarantine and devices. */
    DISPATCHER,
    /** Everything. */
    ADMINISTRATOR;

    /** Whether somebody in this role may do what needs {@code needed}. */
    public boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** The role as it is stored and shown: {@code dispatcher}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that wire name, if there is one. */
    public static Optional<Role> find(String wire) {
        for (Role role : values()) {
            if (role.wire().equals(wire)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
