package city.canopy.core.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Headers on every answer: what time it is (a gateway sets its clock by it); scripts only from here, no framing, no guessing of types, nothing stored unless said. */
final class SecurityHeaders implements Handler<RoutingContext> {
    /** No inline script or style; workers from here or made by our own scripts (the map). */
    static final String CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
            + "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Checked and turned into bytes once, not for every answer. */
    private static final MultiMap ALWAYS = always();

    private final Exchange exchange;
    private volatile Second now = new Second(0, "");

    /** A second since 1970, and its text. */
    private record Second(long number, CharSequence text) {}

    SecurityHeaders(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void handle(RoutingContext ctx) {
        // The first of the headers: nothing is set yet that this would take away.
        MultiMap headers = ctx.response().headers().setAll(ALWAYS).set(HttpHeaders.DATE, date());
        if (exchange.origin(ctx).secure()) {
            headers.set("strict-transport-security", "max-age=31536000");
        }
        ctx.next();
    }

    private CharSequence date() {
        long second = System.currentTimeMillis() / 1000;
        Second known = now;
        if (known.number() != second) {
            String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC));
            known = new Second(second, HttpHeaders.createOptimized(text));
            now = known;
        }
        return known.text();
    }

    private static MultiMap always() {
        MultiMap headers = HttpHeaders.headers();
        add(headers, "content-security-policy", CONTENT_SECURITY_POLICY);
        add(headers, "x-content-type-options", "nosniff");
        add(headers, "x-frame-options", "DENY");
        add(headers, "referrer-policy", "same-origin");
        add(headers, "cross-origin-opener-policy", "same-origin");
        add(headers, "cross-origin-resource-policy", "same-origin");
        add(headers, "permissions-policy", "geolocation=(self), camera=(self), microphone=()");
        add(headers, "cache-control", "no-store");
        return headers.copy(false);
    }

    private static void add(MultiMap headers, String name, String value) {
        headers.set(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
    }
}
