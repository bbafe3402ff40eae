package city.canopy.core.http;

import city.canopy.core.access.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request, all of it, as a plain value that any thread may read. */
public final class Call {
    private final String method;
    private final String path;
    private final Map<String, String> pathValues;
    private final Map<String, String> queries;
    private final Map<String, String> headers;
    private final Origin origin;
    private final Principal caller;
    private final Body body;

    private Call(RoutingContext ctx, Origin origin, Principal caller, Body body) {
        HttpServerRequest request = ctx.request();
        this.method = request.method().name();
        this.path = request.path();
        this.pathValues = Map.copyOf(ctx.pathParams());
        this.queries = single(ctx.queryParams());
        this.headers = new HashMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        this.origin = origin;
        this.caller = caller;
        this.body = body;
    }

    static Call of(RoutingContext ctx, Origin origin, Principal caller, Body body) {
        return new Call(ctx, origin, caller, body);
    }

    private static Map<String, String> single(MultiMap parameters) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : parameters) {
            if (all.put(parameter.getKey(), parameter.getValue()) != null) {
                throw ProblemException.badRequest(
                        "repeated_parameter", "The parameter \"" + parameter.getKey() + "\" may be given only once.");
            }
        }
        return all;
    }

    public String method() {
        return method;
    }

    /** The path as it came. */
    public String path() {
        return path;
    }

    /** The value of {@code {name}} in the operation's path. */
    public String path(String name) {
        String value = pathValues.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no {" + name + "}");
        }
        return value;
    }

    /** A query parameter; empty text counts as not given. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(queries.get(name)).filter(value -> !value.isEmpty());
    }

    /** All query parameters in their order. */
    public Map<String, String> queries() {
        return java.util.Collections.unmodifiableMap(queries);
    }

    /** A query parameter that says true or false; not given means false. */
    public boolean flag(String name) {
        return query(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw ProblemException.badRequest(
                                "bad_parameter",
                                "The parameter \"" + name + "\" is true or false, not \"" + value + "\".");
                })
                .orElse(false);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The media type of the body without its parameters, in lower case; empty text when there is none. */
    public String contentType() {
        return MediaTypes.bare(headers.get("content-type"));
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] body() {
        return body.bytes();
    }

    /** Where the body lies, of an operation that takes it into a file; it is gone after the answer. */
    public Path bodyFile() {
        return body.file().orElseThrow(() -> new IllegalStateException("the operation takes no file"));
    }

    Body received() {
        return body;
    }

    /** The body as a JSON object. @throws ProblemException 400 when it is not one */
    public JsonBody json() {
        return JsonBody.of(Json.read(body.bytes()));
    }

    /** Whether the client would rather have this media type than JSON. */
    public boolean prefers(String mediaType) {
        return header("accept")
                .map(accept -> MediaTypes.prefers(accept, mediaType))
                .orElse(false);
    }

    /** Who calls; empty only where the operation is open to everybody. */
    public Optional<Principal> caller() {
        return Optional.ofNullable(caller);
    }

    /** The person or API token that calls. */
    public Principal.OfUser user() {
        if (caller instanceof Principal.OfUser user) {
            return user;
        }
        throw new IllegalStateException("the operation is not one for users");
    }

    /** For audit rows. */
    public String actor() {
        return caller == null ? "anonymous" : caller.actor();
    }

    /** Where the request came from. */
    public Origin origin() {
        return origin;
    }

    /** Whether a person who reads the answer would rather read Vietnamese than English. */
    public boolean inVietnamese() {
        return RefusalTexts.areWanted(header("accept-language").orElse(null));
    }
}
