package city.canopy.core.http;

import city.canopy.core.access.BusyException;
import city.canopy.core.access.Principal;
import city.canopy.core.db.DatabaseException;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one request through its operation: admit, check, read, carry out, answer. On the event loop. */
final class Exchange {
    /** Bytes of a body that are read only to be thrown away, after an early answer; and for how long. */
    private static final long MOST_THROWN_AWAY = 64L << 20;

    private static final long LONGEST_THROWN_AWAY_MS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final String CALLER = "canopy.caller";
    private static final String ORIGIN = "canopy.origin";

    private final Guard guard;
    private final Proxies proxies;
    private final BodyReader bodies;
    private final Blocking blocking;
    private final Idempotency idempotency;
    private final BodyFiles bodyFiles;

    Exchange(
            Guard guard,
            Proxies proxies,
            BodyReader bodies,
            BodyFiles bodyFiles,
            Blocking blocking,
            Idempotency idempotency) {
        this.guard = guard;
        this.proxies = proxies;
        this.bodies = bodies;
        this.bodyFiles = bodyFiles;
        this.blocking = blocking;
        this.idempotency = idempotency;
    }

    Origin origin(RoutingContext ctx) {
        Origin known = ctx.get(ORIGIN);
        if (known == null) {
            known = proxies.origin(ctx.request());
            ctx.put(ORIGIN, known);
        }
        return known;
    }

    static Principal caller(RoutingContext ctx) {
        return ctx.get(CALLER);
    }

    /** Lets the caller in and checks what can be seen without the body. */
    void admit(RoutingContext ctx, Operation operation) {
        HttpServerRequest request = ctx.request();
        Principal caller = guard.admit(request, origin(ctx), operation.access());
        if (caller != null) {
            ctx.put(CALLER, caller);
        }
        for (String name : ctx.queryParams().names()) {
            if (!operation.takes(name)) {
                throw ProblemException.badRequest(
                        "unknown_parameter",
                        "The parameter \"" + name + "\" is not known here. Known are: "
                                + String.join(", ", operation.queries()) + ".");
            }
        }
        checkMediaType(request, operation.mediaTypes());
    }

    private static void checkMediaType(HttpServerRequest request, Set<String> taken) {
        if (taken.isEmpty() || taken.contains("*/*")) {
            return;
        }
        String given = MediaTypes.bare(request.getHeader(HttpHeaders.CONTENT_TYPE));
        if (given.isEmpty()) {
            throw ProblemException.badRequest(
                    "no_media_type", "Say by Content-Type what the body is: " + String.join(" or ", taken) + ".");
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (!taken.contains(given) || encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    415, "unsupported_media_type", "Send " + String.join(" or ", taken) + ", not compressed.");
        }
    }

    void carryOut(RoutingContext ctx, Operation operation, Operation.AsyncWork work) {
        admit(ctx, operation);
        body(ctx, operation)
                .map(body -> Call.of(ctx, origin(ctx), caller(ctx), body))
                .compose(call -> once(call, operation, work))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        send(ctx, done.result());
                    } else {
                        fail(ctx, done.cause());
                    }
                });
    }

    private Future<Body> body(RoutingContext ctx, Operation operation) {
        if (operation.maxBodyBytes() == 0) {
            return Future.succeededFuture(Body.NONE);
        }
        return operation.isBodyInFile()
                ? bodyFiles.read(ctx, operation.maxBodyBytes(), operation.bodyWithin())
                : bodies.read(ctx, operation.maxBodyBytes(), operation.bodyWithin())
                        .map(Body::of);
    }

    private Future<Answer> once(Call call, Operation operation, Operation.AsyncWork work) {
        String key = operation.remembersKeys() ? call.header("idempotency-key").orElse(null) : null;
        if (key == null) {
            return work.answer(call);
        }
        if (key.isBlank() || key.length() > 255) {
            throw ProblemException.badRequest("bad_idempotency_key", "An Idempotency-Key has 1 to 255 characters.");
        }
        String actor = call.actor();
        return blocking.run(() -> idempotency.begin(actor, key, hash(call))).compose(known -> {
            if (known instanceof Idempotency.Known.Answered answered) {
                return Future.succeededFuture(answered.answer().with("idempotent-replayed", "true"));
            }
            if (known instanceof Idempotency.Known.UnderWay) {
                throw ProblemException.conflict(
                        "under_way", "A request with this Idempotency-Key is being carried out; ask again shortly.");
            }
            if (known instanceof Idempotency.Known.Different) {
                throw ProblemException.unacceptable(
                        "idempotency_key_reused", "This Idempotency-Key was used for another request; take a new one.");
            }
            return firstTime(call, actor, key, work);
        });
    }

    /** Carries it out and keeps the answer; a failure on our side frees the key again. */
    private Future<Answer> firstTime(Call call, String actor, String key, Operation.AsyncWork work) {
        Future<Answer> answer;
        try {
            answer = work.answer(call);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.recover(e -> e instanceof ProblemException problem
                        ? Future.succeededFuture(answerOf(problem))
                        : Future.failedFuture(e))
                .transform(done -> {
                    boolean final4xx = done.succeeded()
                            && done.result().status() < 500
                            && done.result().status() != 429;
                    return blocking.run(() -> {
                                if (final4xx) {
                                    idempotency.finish(actor, key, done.result());
                                } else {
                                    idempotency.forget(actor, key);
                                }
                                return null;
                            })
                            .transform(kept -> done.succeeded() && kept.failed() && final4xx
                                    ? Future.failedFuture(kept.cause())
                                    : done.succeeded()
                                            ? Future.succeededFuture(done.result())
                                            : Future.failedFuture(done.cause()));
                });
    }

    private static byte[] hash(Call call) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String head = call.method() + ' ' + call.path() + '?' + call.queries() + '\n' + call.contentType() + '\n';
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            digest.update(call.received().sha256());
            return digest.digest(call.body());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java cannot do SHA-256", e);
        }
    }

    static void send(RoutingContext ctx, Answer told) {
        Answer answer = told.inLanguageOf(ctx.request().getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.closed()) {
            answer.file().ifPresent(file -> remove(ctx, file));
            return;
        }
        response.setStatusCode(answer.status());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            // QGIS finds what it has created by a header that is written just so.
            String name = header.getKey().equals("location") ? "Location" : header.getKey();
            response.putHeader(name, header.getValue());
        }
        if (!ctx.request().isEnded() && hasBody(ctx.request())) {
            throwAway(ctx);
        }
        if (answer.file().isPresent()) {
            sendFile(ctx, answer.file().get());
        } else if (ctx.request().method() == HttpMethod.HEAD) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length));
            response.end();
        } else if (answer.body().length == 0) {
            response.end();
        } else {
            // Nobody writes to a body: it is sent as it lies, without the copy that Buffer makes.
            response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(answer.body())));
        }
    }

    /** Whether a body is on its way that has to be read off the connection; those of HTTP/2 need not be. */
    private static boolean hasBody(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2
                && (request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
    }

    /** The file is gone when it was sent, or cannot be. */
    private static void sendFile(RoutingContext ctx, Path file) {
        if (ctx.request().method() == HttpMethod.HEAD) {
            ctx.response()
                    .putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            Long.toString(file.toFile().length()));
            ctx.response().end();
            remove(ctx, file);
            return;
        }
        ctx.response().sendFile(file.toString()).onComplete(sent -> {
            remove(ctx, file);
            if (sent.failed()) {
                ctx.request().connection().close();
            }
        });
    }

    private static void remove(RoutingContext ctx, Path file) {
        ctx.vertx()
                .fileSystem()
                .delete(file.toString())
                .onFailure(e -> LOG.warn("a temporary file is left behind: {}", e.getMessage()));
    }

    /**
     * Reads what is left of a body whose request is answered already: closing at once would make the client's system
     * throw the answer away with the connection. Who goes on for too long or with too much is closed all the same.
     */
    private static void throwAway(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        long[] left = {MOST_THROWN_AWAY};
        long timer = ctx.vertx()
                .setTimer(LONGEST_THROWN_AWAY_MS, late -> request.connection().close());
        request.handler(chunk -> {
            left[0] -= chunk.length();
            if (left[0] < 0) {
                request.connection().close();
            }
        });
        request.exceptionHandler(gone -> ctx.vertx().cancelTimer(timer));
        request.endHandler(all -> ctx.vertx().cancelTimer(timer));
        request.resume();
    }

    static void fail(RoutingContext ctx, Throwable cause) {
        if (ctx.response().headWritten()) {
            ctx.request().connection().close();
            return;
        }
        send(ctx, answerOf(cause, ctx.request()));
    }

    private static Answer answerOf(Throwable cause, HttpServerRequest request) {
        if (cause instanceof ProblemException problem) {
            return answerOf(problem);
        }
        if (cause instanceof HttpException http && http.getStatusCode() >= 400 && http.getStatusCode() < 500) {
            return Answer.of(status(http.getStatusCode()));
        }
        if (cause instanceof BusyException) {
            return answerOf(ProblemException.busy("Too many log in at once. Try again in a moment.", RETRY_AFTER));
        }
        if (cause instanceof DatabaseException database && database.isTransient()) {
            LOG.atWarn()
                    .setMessage("the database did not answer a request")
                    .addKeyValue("path", request.path())
                    .addKeyValue("reason", database.getMessage())
                    .log();
            return answerOf(ProblemException.busy(
                    "The database does not answer just now. Try again in a moment.", RETRY_AFTER));
        }
        String incident = UUID.randomUUID().toString();
        LOG.atError()
                .setMessage("request failed")
                .addKeyValue("incident", incident)
                .addKeyValue("method", request.method())
                .addKeyValue("path", request.path())
                .setCause(cause)
                .log();
        return Answer.of(
                new Problem(500, "internal", "Something broke here; it is in the log as incident " + incident + "."));
    }

    private static Answer answerOf(ProblemException e) {
        Answer answer = Answer.of(e.problem());
        if (e.problem().status() == 401) {
            answer = answer.with("www-authenticate", "Bearer");
        }
        return e.retryAfter().isEmpty()
                ? answer
                : answer.with(
                        "retry-after",
                        Long.toString(Math.max(1, e.retryAfter().get().toSeconds())));
    }

    /** The problem for a status that the router itself came to. */
    static Problem status(int status) {
        return switch (status) {
            case 400 -> new Problem(400, "bad_request", "The request cannot be understood.");
            case 404 -> new Problem(404, "not_found", "There is nothing at this address.");
            case 405 -> new Problem(405, "method_not_allowed", "This method is not possible at this address.");
            case 406 -> new Problem(406, "not_acceptable", "It cannot be had in a form that you accept.");
            case 413 -> new Problem(413, "too_large", "The body is larger than is taken here.");
            case 414 ->
                new Problem(
                        414, "address_too_long", "The address may have at most " + ApiServer.MAX_LINE + " characters.");
            case 415 -> new Problem(415, "unsupported_media_type", "This media type is not taken here.");
            case 431 -> new Problem(431, "header_too_large", "The header may have at most 16384 bytes in all.");
            default -> new Problem(status, "failed", "The request failed.");
        };
    }
}
