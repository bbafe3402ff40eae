package city.canopy.core.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The OpenAPI 3.1 document, grown while the routes are mounted. */
public final class OpenApi {
    private final ObjectNode document = Json.object();
    private final ObjectNode paths;
    private final List<String> operationIds = new ArrayList<>();

    OpenApi(String version) {
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Canopy")
                .put("version", version)
                .put(
                        "description",
                        "Watches a city's trees, waste points and roads, and gets the work done. Errors are RFC 9457; "
                                + "times are RFC 3339 in UTC; lists are paged by limit and a next link; writes honour "
                                + "an Idempotency-Key for 24 hours.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/");
        paths = document.putObject("paths");
        ObjectNode components = document.putObject("components");
        components.putObject("schemas").set("Problem", Schema.problem());
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "an API token; for telemetry, the device's token");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "cookie")
                .put("name", SessionCookie.NAME)
                .put("description", "set by POST /api/v1/session; over TLS its name begins with __Host-");
    }

    void add(String method, String path, String operationId, ObjectNode operation) {
        if (operationIds.contains(operationId)) {
            throw new IllegalArgumentException("two operations are named " + operationId);
        }
        operationIds.add(operationId);
        ObjectNode at = (ObjectNode) paths.get(path);
        if (at == null) {
            at = paths.putObject(path);
        }
        if (at.has(method)) {
            throw new IllegalArgumentException(method + " " + path + " is mounted twice");
        }
        at.set(method, operation);
    }

    static void secure(ObjectNode operation, Access access) {
        ArrayNode security = operation.putArray("security");
        switch (access.kind()) {
            case OPEN -> {}
            case USER -> {
                security.addObject().putArray("bearer");
                security.addObject().putArray("session");
            }
            case DEVICE -> security.addObject().putArray("bearer");
        }
    }

    /** The document itself; not to be written to. */
    public ObjectNode document() {
        return document;
    }
}
