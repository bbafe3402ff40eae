package city.canopy.core.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies within bounds: each within its operation's limit (413) and time (408), all together within a budget of
 * bytes (503), so that many large uploads at once cannot eat the heap.
 */
final class BodyReader {
    /** All bodies that are in memory at one time, in bytes. */
    static final long BUDGET = 96L << 20;

    private static final Duration BUSY_RETRY = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final AtomicLong free = new AtomicLong(BUDGET);

    BodyReader(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Must be called in the same turn of the event loop as the request came in. */
    Future<byte[]> read(RoutingContext ctx, int maxBytes, Duration within) {
        HttpServerRequest request = ctx.request();
        if (declared(request) > maxBytes) {
            return Future.failedFuture(tooLarge(maxBytes));
        }
        Reading reading = new Reading(maxBytes);
        ctx.addEndHandler(done -> reading.release());
        long timer = vertx.setTimer(
                within.toMillis(),
                t -> reading.fail(new ProblemException(
                        408, "too_slow", "The body did not arrive within " + within.toSeconds() + " seconds.")));
        request.handler(reading::take);
        request.endHandler(v -> reading.promise.tryComplete(reading.bytes.getBytes()));
        request.exceptionHandler(
                e -> reading.fail(ProblemException.badRequest("cut_off", "The body broke off before its end.")));
        return reading.promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    static long declared(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw ProblemException.badRequest("bad_length", "Content-Length is not a number.");
        }
    }

    static ProblemException tooLarge(int maxBytes) {
        return new ProblemException(413, "too_large", "The body may have at most " + maxBytes + " bytes here.");
    }

    private final class Reading {
        private final Promise<byte[]> promise = Promise.promise();
        private final int maxBytes;
        private Buffer bytes = Buffer.buffer();
        private long reserved;
        private boolean over;

        Reading(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        void take(Buffer chunk) {
            if (over) {
                return;
            }
            if (bytes.length() + chunk.length() > maxBytes) {
                fail(tooLarge(maxBytes));
                return;
            }
            if (free.addAndGet(-chunk.length()) < 0) {
                free.addAndGet(chunk.length());
                fail(ProblemException.busy("Too many large uploads at once; try again shortly.", BUSY_RETRY));
                return;
            }
            reserved += chunk.length();
            bytes.appendBuffer(chunk);
        }

        void fail(ProblemException problem) {
            over = true;
            bytes = Buffer.buffer();
            promise.tryFail(problem);
        }

        void release() {
            over = true;
            free.addAndGet(reserved);
            reserved = 0;
        }
    }
}
