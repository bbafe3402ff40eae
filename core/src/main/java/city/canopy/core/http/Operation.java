package city.canopy.core.http;

import city.canopy.core.access.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One method at one path: who may call it, what it takes, what it answers, and what it does. It is mounted by
 * {@link #blocking}, {@link #async} or {@link #raw}; before that it must have said who may call it.
 */
public final class Operation {
    /** How large a JSON body may be by default, in bytes. */
    public static final int MAX_JSON_BYTES = 1 << 20;

    /** What the operation does, in plain blocking code on a worker thread. */
    @FunctionalInterface
    public interface Work {
        /** @throws ProblemException to answer with a problem */
        Answer answer(Call call) throws Exception;
    }

    /** What the operation does, on the event loop; must not block. */
    @FunctionalInterface
    public interface AsyncWork {
        Future<Answer> answer(Call call);
    }

    private static final Pattern PATH_VALUE = Pattern.compile("\\{([a-zA-Z]+)}");

    private final Api api;
    private final HttpMethod method;
    private final String path;
    private final ObjectNode description = Json.object();
    private final ArrayNode parameters = Json.array();
    private final ObjectNode answers = Json.object();
    private final Set<String> queries = new LinkedHashSet<>();
    private final Map<String, JsonNode> bodies = new LinkedHashMap<>();
    private Access access;
    private String operationId;
    private int maxBodyBytes;
    private Duration bodyWithin = Duration.ofSeconds(30);
    private boolean remembersKeys = true;
    private boolean anyQuery;
    private boolean bodyInFile;

    Operation(Api api, HttpMethod method, String path) {
        this.api = api;
        this.method = method;
        this.path = path;
        Matcher values = PATH_VALUE.matcher(path);
        while (values.find()) {
            parameters
                    .addObject()
                    .put("name", values.group(1))
                    .put("in", "path")
                    .put("required", true)
                    .set("schema", Schema.text());
        }
    }

    /** Its id in the OpenAPI document, such as {@code enrolDevice}, and one sentence on what it does. */
    public Operation named(String id, String summary) {
        operationId = id;
        description.put("operationId", id).put("summary", summary);
        return this;
    }

    /** Everybody may call it, without log-in. INTERFACES lists those few; a test knows them. */
    public Operation open() {
        access = Access.EVERYBODY;
        return this;
    }

    /** A user or API token with at least this role may call it. */
    public Operation needs(Role role) {
        access = Access.users(role);
        return this;
    }

    /** A device may call it, with its own token. */
    public Operation needsDevice() {
        access = Access.DEVICES;
        return this;
    }

    /** A query parameter that it takes. Others are refused. */
    public Operation query(String name, JsonNode schema, String says) {
        queries.add(name);
        parameters
                .addObject()
                .put("name", name)
                .put("in", "query")
                .put("description", says)
                .set("schema", schema);
        return this;
    }

    /** Takes parameters whose names are not known beforehand; the work itself refuses those that it does not know. */
    public Operation anyQuery() {
        anyQuery = true;
        return this;
    }

    /** Takes {@code limit} and {@code cursor}; see {@link Paging}. */
    public Operation paged() {
        return query(
                        "limit",
                        Schema.integer(1, Paging.MAX_LIMIT),
                        "how many at most; " + Paging.DEFAULT_LIMIT + " when not given")
                .query("cursor", Schema.text(), "from the \"next\" link of the page before");
    }

    /** Takes a JSON body of up to 1 MiB. */
    public Operation json(JsonNode schema) {
        return body("application/json", MAX_JSON_BYTES, schema);
    }

    /** Takes a body of this media type; may be said more than once. The largest limit counts. */
    public Operation body(String mediaType, int maxBytes, JsonNode schema) {
        bodies.put(mediaType, schema);
        maxBodyBytes = Math.max(maxBodyBytes, maxBytes);
        return this;
    }

    /** Takes a body of any media type, or of none. */
    public Operation anyBody(int maxBytes) {
        return body("*/*", maxBytes, Json.object());
    }

    /** Takes a body of any media type into a file; see {@link Call#bodyFile}. */
    public Operation fileBody(int maxBytes) {
        bodyInFile = true;
        return body("*/*", maxBytes, Schema.text().put("format", "binary"));
    }

    /** How long the body may take to arrive; 30 seconds by default. */
    public Operation bodyWithin(Duration limit) {
        bodyWithin = limit;
        return this;
    }

    /** One of its answers; JSON, or no body when the schema is null. */
    public Operation answers(int status, String says, JsonNode schema) {
        return answers(status, says, schema == null ? null : "application/json", schema);
    }

    public Operation answers(int status, String says, String mediaType, JsonNode schema) {
        ObjectNode answer = answers.has(Integer.toString(status))
                ? (ObjectNode) answers.get(Integer.toString(status))
                : answers.putObject(Integer.toString(status)).put("description", says);
        if (mediaType != null) {
            answer.withObject("/content").putObject(mediaType).set("schema", schema);
        }
        return this;
    }

    /** Made once by its own nature, or answered with a cookie of the moment: an Idempotency-Key is not heeded. */
    public Operation forgetsKeys() {
        remembersKeys = false;
        return this;
    }

    /** Mounts it; the work is done on a worker thread. */
    public void blocking(Work work) {
        blocking(api.blocking(), work);
    }

    /** Mounts it; the work is done on a thread of that pool. What only looks is answered in gzip where that helps. */
    public void blocking(Blocking pool, Work work) {
        boolean looks = method == HttpMethod.GET;
        async(call -> pool.run(() -> looks ? Gzip.packed(call, work.answer(call)) : work.answer(call)));
    }

    /** Mounts it; the work is begun on the event loop. */
    public void async(AsyncWork work) {
        describe();
        api.mount(this, ctx -> api.exchange().carryOut(ctx, this, work));
    }

    /** Mounts it; the handler writes the answer itself, such as an event stream. {@link Api#caller} tells who calls. */
    public void raw(Handler<RoutingContext> handler) {
        describe();
        api.mount(this, ctx -> {
            api.exchange().admit(ctx, this);
            handler.handle(ctx);
        });
    }

    private void describe() {
        if (access == null || operationId == null) {
            throw new IllegalStateException(method + " " + path + " has not said who may call it, or has no name");
        }
        if (!parameters.isEmpty()) {
            description.set("parameters", parameters);
        }
        if (!bodies.isEmpty()) {
            ObjectNode content =
                    description.putObject("requestBody").put("required", true).putObject("content");
            bodies.forEach((type, schema) -> content.putObject(type).set("schema", schema));
        }
        answers.putObject("default")
                .put("description", "a problem")
                .putObject("content")
                .putObject(Problem.MEDIA_TYPE)
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
        description.set("responses", answers);
        OpenApi.secure(description, access);
    }

    HttpMethod method() {
        return method;
    }

    String path() {
        return path;
    }

    String id() {
        return operationId;
    }

    ObjectNode description() {
        return description;
    }

    Access access() {
        return access;
    }

    Set<String> queries() {
        return queries;
    }

    boolean takes(String query) {
        return anyQuery || queries.contains(query);
    }

    Set<String> mediaTypes() {
        return bodies.keySet();
    }

    int maxBodyBytes() {
        return maxBodyBytes;
    }

    boolean isBodyInFile() {
        return bodyInFile;
    }

    Duration bodyWithin() {
        return bodyWithin;
    }

    boolean remembersKeys() {
        return remembersKeys && method != HttpMethod.GET && access != Access.EVERYBODY;
    }
}
