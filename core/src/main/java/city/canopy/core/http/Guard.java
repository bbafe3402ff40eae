package city.canopy.core.http;

import city.canopy.core.access.Callers;
import city.canopy.core.access.Principal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets in who may come in. A Bearer token counts before a cookie; a wrong token is never made good by a cookie. Writes
 * with a cookie must come from our own pages (Origin check). In memory: never blocks.
 */
public final class Guard {
    private final Callers callers;

    public Guard(Callers callers) {
        this.callers = Objects.requireNonNull(callers, "callers");
    }

    /**
     * Who is calling, if they may.
     *
     * @return null when the operation is open and nobody in particular calls
     * @throws ProblemException 401 or 403
     */
    Principal admit(HttpServerRequest request, Origin origin, Access access) {
        Optional<String> token = bearer(request);
        Principal caller = token.isPresent()
                ? callers.byToken(token.get()).orElseThrow(Guard::badToken)
                : bySession(request, origin);
        return switch (access.kind()) {
            case OPEN -> caller;
            case USER -> user(caller, access);
            case DEVICE -> device(caller);
        };
    }

    private Principal bySession(HttpServerRequest request, Origin origin) {
        String cookie = SessionCookie.read(request, origin.secure());
        if (cookie == null) {
            return null;
        }
        Optional<Principal.OfUser> user = callers.bySession(cookie);
        if (user.isPresent() && isWrite(request)) {
            sameOrigin(request, origin);
        }
        return user.orElse(null);
    }

    private static Principal user(Principal caller, Access access) {
        if (caller == null) {
            throw new ProblemException(
                    401, "log_in", "Log in, or send an API token as \"Authorization: Bearer TOKEN\".");
        }
        if (caller instanceof Principal.OfUser user && user.role().allows(access.role())) {
            return caller;
        }
        throw new ProblemException(
                403, "forbidden", "This needs the role " + access.role().wire() + " or higher.");
    }

    private static Principal device(Principal caller) {
        if (caller == null) {
            throw new ProblemException(
                    401, "device_token", "Send the device's token as \"Authorization: Bearer TOKEN\".");
        }
        if (caller instanceof Principal.OfDevice) {
            return caller;
        }
        throw new ProblemException(403, "forbidden", "This is for devices, with the device's own token.");
    }

    private static ProblemException badToken() {
        return new ProblemException(401, "bad_token", "The token is not valid, or has been revoked.");
    }

    private static Optional<String> bearer(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Optional.empty();
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7) && header.length() > 7) {
            return Optional.of(header.substring(7).strip());
        }
        throw new ProblemException(401, "bad_token", "Only \"Authorization: Bearer TOKEN\" is taken here.");
    }

    static boolean isWrite(HttpServerRequest request) {
        return switch (request.method().name()) {
            case "GET", "HEAD", "OPTIONS" -> false;
            default -> true;
        };
    }

    /** Refuses a write that another site made the browser send. */
    private static void sameOrigin(HttpServerRequest request, Origin origin) {
        if (!isSameOrigin(request, origin)) {
            throw new ProblemException(
                    403,
                    "foreign_origin",
                    "A write with a session cookie must come from Canopy's own pages; programs use an API token.");
        }
    }

    /** Whether the browser says that the request comes from a page of this very address. */
    static boolean isSameOrigin(HttpServerRequest request, Origin origin) {
        String from = request.getHeader(HttpHeaders.ORIGIN);
        if (from == null) {
            return "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
        }
        try {
            String authority = new URI(from).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(origin.authority());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
