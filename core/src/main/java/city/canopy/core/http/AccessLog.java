package city.canopy.core.http;

import city.canopy.core.access.Principal;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One structured line per request on the logger {@code city.canopy.http.access}; no query, no header, no body. */
final class AccessLog implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger("city.canopy.http.access");

    private final Exchange exchange;

    AccessLog(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void handle(RoutingContext ctx) {
        long begun = System.nanoTime();
        ctx.addEndHandler(done -> {
            Principal caller = Exchange.caller(ctx);
            LOG.atInfo()
                    .setMessage("request")
                    .addKeyValue("method", ctx.request().method())
                    .addKeyValue("path", ctx.request().path())
                    .addKeyValue("status", done.succeeded() ? ctx.response().getStatusCode() : 499)
                    .addKeyValue("bytes", ctx.response().bytesWritten())
                    .addKeyValue("ms", (System.nanoTime() - begun) / 1_000_000)
                    .addKeyValue("actor", caller == null ? "-" : caller.actor())
                    .addKeyValue("from", exchange.origin(ctx).address())
                    .log();
        });
        ctx.next();
    }
}
