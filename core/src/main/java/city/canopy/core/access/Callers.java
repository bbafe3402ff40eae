package city.canopy.core.access;

import java.util.Optional;

/** Says who is behind a secret. In memory: never blocks, any thread. */
public interface Callers {
    /** Who an {@code Authorization: Bearer} token belongs to: an API token's user, or a device. */
    Optional<Principal> byToken(String token);

    /** Who a session cookie belongs to. */
    Optional<Principal.OfUser> bySession(String cookie);
}
