package city.canopy.core.access;

import java.time.Instant;
import java.util.Objects;

/**
 * Somebody who may log in.
 *
 * @param name for logging in, {@code [a-z0-9._-]{2,64}}
 * @param displayName as others see it
 * @param locale {@code vi} or {@code en}
 */
public record Person(
        String id, String name, String displayName, Role role, String locale, boolean disabled, Instant createdAt) {
    public Person {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
    }

    public Principal.OfUser principal() {
        return new Principal.OfUser(id, name, role);
    }
}
