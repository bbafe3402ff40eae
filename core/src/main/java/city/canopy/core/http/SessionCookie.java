package city.canopy.core.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookie of a page's session: HttpOnly, SameSite=Lax, for the whole host; over TLS also Secure and with the prefix
 * {@code __Host-}, which browsers hold to.
 */
final class SessionCookie {
    static final String NAME = "canopy_session";
    private static final String SECURE_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** The cookie's value, or null. */
    static String read(HttpServerRequest request, boolean secure) {
        Cookie cookie = request.getCookie(secure ? SECURE_NAME : NAME);
        return cookie == null ? null : cookie.getValue();
    }

    /** The cookie's value out of a whole {@code Cookie} header. */
    static Optional<String> value(String header, boolean secure) {
        String wanted = (secure ? SECURE_NAME : NAME) + "=";
        for (String part : header.split(";")) {
            if (part.strip().startsWith(wanted)) {
                return Optional.of(part.strip().substring(wanted.length()));
            }
        }
        return Optional.empty();
    }

    /** The {@code Set-Cookie} header that begins a session. */
    static String begin(String value, boolean secure, Duration lifetime) {
        return header(value, secure, lifetime.toSeconds());
    }

    /** The {@code Set-Cookie} header that ends it. */
    static String end(boolean secure) {
        return header("", secure, 0);
    }

    private static String header(String value, boolean secure, long maxAgeSeconds) {
        return (secure ? SECURE_NAME : NAME) + "=" + value + "; Path=/; Max-Age=" + maxAgeSeconds
                + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }
}
