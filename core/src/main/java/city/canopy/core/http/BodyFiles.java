package city.canopy.core.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes large bodies into files, within bounds: each within its operation's limit (413) and time (408), at most
 * {@value #AT_ONCE} at one time (503). A file is readable by this program alone and is removed when its request has been
 * answered or has ended. On the event loop.
 */
final class BodyFiles {
    /** How many bodies lie in files at one time, from their first byte to the answer. */
    static final int AT_ONCE = 4;

    private static final Duration BUSY_RETRY = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final AtomicInteger free = new AtomicInteger(AT_ONCE);

    BodyFiles(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Must be called in the same turn of the event loop as the request came in. */
    Future<Body> read(RoutingContext ctx, int maxBytes, Duration within) {
        HttpServerRequest request = ctx.request();
        if (BodyReader.declared(request) > maxBytes) {
            return Future.failedFuture(BodyReader.tooLarge(maxBytes));
        }
        if (free.decrementAndGet() < 0) {
            free.incrementAndGet();
            return Future.failedFuture(
                    ProblemException.busy("Too many files are being taken in at once; try again shortly.", BUSY_RETRY));
        }
        Receiving receiving = new Receiving(request, maxBytes);
        ctx.addEndHandler(done -> receiving.remove());
        long timer = vertx.setTimer(
                within.toMillis(),
                late -> receiving.fail(new ProblemException(
                        408, "too_slow", "The body did not arrive within " + within.toSeconds() + " seconds.")));
        receiving.begin();
        return receiving.promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private final class Receiving {
        private final Promise<Body> promise = Promise.promise();
        private final HttpServerRequest request;
        private final int maxBytes;
        private final MessageDigest digest = sha256();
        private long received;
        private String path;
        private AsyncFile file;
        private boolean removed;

        Receiving(HttpServerRequest request, int maxBytes) {
            this.request = request;
            this.maxBytes = maxBytes;
        }

        void begin() {
            request.pause();
            request.exceptionHandler(
                    gone -> fail(ProblemException.badRequest("cut_off", "The body broke off before its end.")));
            vertx.fileSystem()
                    .createTempFile("canopy-upload-", ".part", "rw-------")
                    .compose(made -> {
                        path = made;
                        return vertx.fileSystem().open(made, new OpenOptions().setWrite(true));
                    })
                    .onFailure(this::fail)
                    .onSuccess(opened -> {
                        file = opened;
                        if (removed) {
                            remove();
                        } else {
                            receive();
                        }
                    });
        }

        private void receive() {
            request.handler(this::take);
            request.endHandler(end -> {
                AsyncFile written = file;
                file = null;
                if (written == null) {
                    return;
                }
                written.close()
                        .onFailure(this::fail)
                        .onSuccess(closed -> promise.tryComplete(Body.in(Path.of(path), digest.digest())));
            });
            request.resume();
        }

        private void take(Buffer chunk) {
            if (file == null || promise.future().isComplete()) {
                return;
            }
            received += chunk.length();
            if (received > maxBytes) {
                fail(BodyReader.tooLarge(maxBytes));
                return;
            }
            digest.update(chunk.getBytes());
            file.write(chunk).onFailure(this::fail);
            if (file.writeQueueFull()) {
                request.pause();
                file.drainHandler(drained -> request.resume());
            }
        }

        private void fail(Throwable cause) {
            promise.tryFail(cause);
        }

        /** Once: the place is free again, and what was written is gone. */
        void remove() {
            if (!removed) {
                removed = true;
                free.incrementAndGet();
            }
            if (file != null) {
                AsyncFile open = file;
                file = null;
                open.close().onComplete(closed -> delete());
            } else {
                delete();
            }
        }

        private void delete() {
            if (path != null) {
                String gone = path;
                path = null;
                vertx.fileSystem().delete(gone).recover(movedAway -> Future.succeededFuture());
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java cannot do SHA-256", e);
        }
    }
}
