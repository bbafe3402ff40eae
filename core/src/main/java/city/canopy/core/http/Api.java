package city.canopy.core.http;

import city.canopy.core.access.Principal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where routes add their operations. Paths are written as in OpenAPI: {@code /api/v1/devices/{id}}. */
public final class Api {
    private final Router router;
    private final Exchange exchange;
    private final Blocking blocking;
    private final OpenApi document;
    private final List<Operation> operations = new ArrayList<>();

    Api(Router router, Exchange exchange, Blocking blocking, OpenApi document) {
        this.router = router;
        this.exchange = exchange;
        this.blocking = blocking;
        this.document = document;
    }

    public Operation get(String path) {
        return new Operation(this, HttpMethod.GET, path);
    }

    public Operation post(String path) {
        return new Operation(this, HttpMethod.POST, path);
    }

    public Operation put(String path) {
        return new Operation(this, HttpMethod.PUT, path);
    }

    public Operation patch(String path) {
        return new Operation(this, HttpMethod.PATCH, path);
    }

    public Operation delete(String path) {
        return new Operation(this, HttpMethod.DELETE, path);
    }

    /** Runs blocking work on the server's worker threads. */
    public Blocking blocking() {
        return blocking;
    }

    /** Who calls, in a raw handler; empty only where the operation is open. */
    public static Optional<Principal> caller(RoutingContext ctx) {
        return Optional.ofNullable(Exchange.caller(ctx));
    }

    /** Ends a raw handler's request with a problem; any other exception becomes a 500 without details. */
    public static void fail(RoutingContext ctx, Throwable cause) {
        Exchange.fail(ctx, cause);
    }

    Exchange exchange() {
        return exchange;
    }

    void mount(Operation operation, Handler<RoutingContext> handler) {
        operations.add(operation);
        if (operation.path().startsWith("/api/v1/")) {
            document.add(
                    operation.method().name().toLowerCase(java.util.Locale.ROOT),
                    operation.path(),
                    operation.id(),
                    operation.description());
        }
        Route route = router.route(operation.method(), vertxPath(operation.path()));
        if (operation.method() == HttpMethod.GET) {
            route.method(HttpMethod.HEAD);
        }
        route.handler(handler);
    }

    /**
     * Behind all operations: another method on one of their paths is answered 405 with {@code Allow}, and OPTIONS below
     * {@code /ogc}, where the standards ask for it, 200 with the same and the media types that bodies may be of.
     */
    void refuseOtherMethods() {
        Map<String, List<Operation>> byPath = operations.stream()
                .collect(Collectors.groupingBy(Operation::path, LinkedHashMap::new, Collectors.toList()));
        byPath.forEach((path, there) -> {
            TreeSet<String> allowed = new TreeSet<>();
            there.forEach(operation -> allowed.add(operation.method().name()));
            if (allowed.contains("GET")) {
                allowed.add("HEAD");
            }
            boolean tells = path.equals("/ogc") || path.startsWith("/ogc/");
            if (tells) {
                allowed.add("OPTIONS");
            }
            String allow = String.join(", ", allowed);
            Answer refusal = Answer.of(new Problem(405, "method_not_allowed", "Possible here are: " + allow + "."))
                    .with("allow", allow);
            Answer told = tells ? told(allow, there) : refusal;
            router.route(vertxPath(path))
                    .handler(ctx -> Exchange.send(ctx, ctx.request().method() == HttpMethod.OPTIONS ? told : refusal));
        });
    }

    private static Answer told(String allow, List<Operation> there) {
        Answer answer = Answer.of(200, Map.of("allow", allow), new byte[0]);
        for (Operation operation : there) {
            boolean named = operation.method() == HttpMethod.POST || operation.method() == HttpMethod.PATCH;
            if (named && !operation.mediaTypes().isEmpty()) {
                String name = "accept-" + operation.method().name().toLowerCase(java.util.Locale.ROOT);
                answer = answer.with(name, String.join(", ", operation.mediaTypes()));
            }
        }
        return answer;
    }

    /** All that was mounted, in order. */
    List<Operation> operations() {
        return List.copyOf(operations);
    }

    private static String vertxPath(String path) {
        return path.replaceAll("\\{([a-zA-Z]+)}", ":$1");
    }
}
