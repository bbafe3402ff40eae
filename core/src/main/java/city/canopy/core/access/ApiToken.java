package city.canopy.core.access;

import java.time.Instant;

/**
 * A program's way in; the secret itself was shown once.
 *
 * @param isBootstrap whether it came from the configuration at the first start
 */
public record ApiToken(String id, String name, Role role, boolean isBootstrap, Instant createdAt) {
    public Principal.OfUser principal() {
        return new Principal.OfUser("token:" + id, name, role);
    }
}
