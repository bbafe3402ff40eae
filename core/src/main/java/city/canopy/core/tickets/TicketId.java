package city.canopy.core.tickets;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a ticket: opaque to everybody, though later tickets have greater ones.
 *
 * @param value 26 of digits and capital letters
 */
public record TicketId(String value) implements Comparable<TicketId> {
    private static final Pattern SHAPE = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    /** @throws IllegalArgumentException when the name does not have the shape above */
    public TicketId {
        Objects.requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException("a ticket's id is 26 of digits and capital letters");
        }
    }

    /** Whether {@link #TicketId} would take this name. */
    public static boolean isValid(String value) {
        return value != null && SHAPE.matcher(value).matches();
    }

    @Override
    public int compareTo(TicketId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
