package city.canopy.core.http;

import city.canopy.core.access.Role;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The service's HTTP: routes, the pages from the class path, limits, security headers, problems. A connection stays with
 * one event loop; there are as many of them as processors. {@link #start} and {@link #close} block and are for the
 * thread that wires the service.
 */
public final class ApiServer implements AutoCloseable {
    /** The longest request line, in bytes: room for a filter that holds a drawn area. */
    static final int MAX_LINE = 16_384;
    /** All of a request's header, in bytes. */
    static final int MAX_HEADER = 16384;
    /** A connection on which nothing moves is closed; event streams send something more often. */
    static final Duration IDLE = Duration.ofSeconds(75);

    private final Vertx vertx;
    private final HttpConfig config;
    private final List<Routes> routes;
    private final Idempotency idempotency;
    private final Blocking blocking;
    private final Api api;
    private final Router router;
    private final OpenApi document;
    /** One for each event loop, all on one port. */
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    private long sweeper = -1;

    /**
     * @param blocking the pool on which operations do blocking work; not closed here
     * @param routes what is mounted, in this order
     */
    public ApiServer(
            Vertx vertx,
            HttpConfig config,
            Guard guard,
            Blocking blocking,
            Idempotency idempotency,
            List<Routes> routes) {
        this.vertx = vertx;
        this.config = config;
        this.routes = List.copyOf(routes);
        this.idempotency = idempotency;
        this.blocking = blocking;
        this.router = Router.router(vertx);
        this.document = new OpenApi(version());
        Exchange exchange = new Exchange(
                guard,
                new Proxies(config.trustedProxies()),
                new BodyReader(vertx),
                new BodyFiles(vertx),
                blocking,
                idempotency);
        this.api = new Api(router, exchange, blocking, document);
        mountAll(exchange);
    }

    private void mountAll(Exchange exchange) {
        for (int status : new int[] {400, 404, 405, 406, 413, 414, 415}) {
            router.errorHandler(status, ctx -> Exchange.send(ctx, Answer.of(Exchange.status(status))));
        }
        router.errorHandler(500, ctx -> Exchange.fail(ctx, ctx.failure()));
        router.route()
                .failureHandler(ctx -> Exchange.fail(
                        ctx,
                        ctx.failure() != null
                                ? ctx.failure()
                                : new ProblemException(
                                        ctx.statusCode(),
                                        Exchange.status(ctx.statusCode()).code(),
                                        Exchange.status(ctx.statusCode()).detail())));
        router.route().handler(new AccessLog(exchange));
        router.route().handler(new SecurityHeaders(exchange));
        routes.forEach(route -> route.mount(api));
        byte[][] openApi = new byte[1][];
        api.get("/api/v1/openapi.json")
                .named("getOpenApi", "This document")
                .needs(Role.VIEWER)
                .answers(200, "OpenAPI 3.1", Schema.any())
                .async(call -> Future.succeededFuture(Answer.bytes(200, "application/json", openApi[0])));
        openApi[0] = Json.bytes(document.document());
        api.refuseOtherMethods();
        router.route().handler(new StaticPage(vertx, ApiServer.class.getClassLoader(), "web"));
    }

    /**
     * Listens; returns when it does.
     *
     * @throws IllegalStateException when it cannot: the message says why
     */
    public void start() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADER)
                .setIdleTimeout((int) IDLE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        options.getInitialSettings().setMaxConcurrentStreams(100);
        if (config.tls()) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2", "TLSv1.3"))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(config.tlsCert().toString())
                            .setKeyPath(config.tlsKey().toString()));
        }
        Connections connections = new Connections(config.maxConnections());
        SocketAddress address = config.port() == 0
                ? SocketAddress.sharedRandomPort(1, config.listenHost())
                : SocketAddress.inetSocketAddress(config.port(), config.listenHost());
        Supplier<Deployable> loop = () -> context -> vertx.createHttpServer(options)
                .requestHandler(router)
                .invalidRequestHandler(ApiServer::refuseInvalid)
                .connectionHandler(connections)
                .listen(address)
                .onSuccess(servers::add);
        await(
                vertx.deployVerticle(
                        loop,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors())),
                Duration.ofSeconds(30),
                "cannot listen on " + config.listenHost() + ":" + config.port());
        sweeper = vertx.setPeriodic(
                Duration.ofHours(1).toMillis(),
                t -> blocking.run(() -> {
                    idempotency.sweep();
                    return null;
                }));
    }

    /** As it was configured. */
    public HttpConfig config() {
        return config;
    }

    /** The port in use. */
    public int port() {
        return servers.get(0).actualPort();
    }

    /** All operations, described. */
    public OpenApi document() {
        return document;
    }

    /** All operations, mounted. */
    List<Operation> operations() {
        return api.operations();
    }

    /** Takes no more connections, ends the event streams, lets running requests finish for up to ten seconds. */
    @Override
    public void close() {
        if (servers.isEmpty()) {
            return;
        }
        vertx.cancelTimer(sweeper);
        routes.forEach(Routes::stopping);
        await(
                Future.all(servers.stream()
                        .map(server -> server.shutdown(Duration.ofSeconds(10)))
                        .toList()),
                Duration.ofSeconds(15),
                "cannot stop the HTTP server");
        servers.clear();
    }

    private static void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        Answer answer = Answer.of(Exchange.status(status));
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", Problem.MEDIA_TYPE)
                .putHeader("connection", "close")
                .end(io.vertx.core.buffer.Buffer.buffer(answer.body()))
                .onComplete(done -> request.connection().close());
    }

    private static String version() {
        String version = ApiServer.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static <T> void await(Future<T> future, Duration within, String otherwise) {
        try {
            future.toCompletionStage().toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(otherwise + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(otherwise + " within " + within.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(otherwise + ": interrupted", e);
        }
    }
}
