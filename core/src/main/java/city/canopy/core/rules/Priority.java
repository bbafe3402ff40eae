package city.canopy.core.rules;

import java.util.Locale;
import java.util.Optional;

/** How urgent a ticket is, from the least to the most. The wire form is the name in lower case. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH,
    URGENT;

    /** As it is stored and shown: {@code normal}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The priority of that wire form, if there is one. */
    public static Optional<Priority> find(String wire) {
        for (Priority priority : values()) {
            if (priority.wire().equals(wire)) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }

    /** The more urgent of the two. */
    public Priority atLeast(Priority other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
