package city.canopy.core.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the number of connections within its bound: one over it is closed at once. */
final class Connections implements Handler<HttpConnection> {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final int bound;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean warned;

    Connections(int bound) {
        this.bound = bound;
    }

    @Override
    public void handle(HttpConnection connection) {
        if (open.incrementAndGet() > bound) {
            open.decrementAndGet();
            if (!warned) {
                warned = true;
                LOG.atWarn()
                        .setMessage("http connections at their bound; more are refused")
                        .addKeyValue("bound", bound)
                        .log();
            }
            connection.close();
            return;
        }
        connection.closeHandler(v -> {
            if (open.decrementAndGet() < bound / 2) {
                warned = false;
            }
        });
    }
}
