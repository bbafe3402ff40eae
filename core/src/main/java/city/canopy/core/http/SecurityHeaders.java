package city.canopy.core.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Headers on every answer: what time it is (a gateway sets its clock by it); scripts only from here, no framing, no guessing of types, nothing stored unless said. */
final class SecurityHeaders implements Handler<RoutingContext> {
    /** No inline script or style; workers from here or made by our own scripts (the map). */
    static final String CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
            + "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final Exchange exchange;

    SecurityHeaders(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void handle(RoutingContext ctx) {
        MultiMap headers = ctx.response().headers();
        headers.set("content-security-policy", CONTENT_SECURITY_POLICY)
                .set("date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .set("x-content-type-options", "nosniff")
                .set("x-frame-options", "DENY")
                .set("referrer-policy", "same-origin")
                .set("cross-origin-opener-policy", "same-origin")
                .set("cross-origin-resource-policy", "same-origin")
                .set("permissions-policy", "geolocation=(self), camera=(self), microphone=()")
                .set("cache-control", "no-store");
        if (exchange.origin(ctx).secure()) {
            headers.set("strict-transport-security", "max-age=31536000");
        }
        ctx.next();
    }
}
