package city.canopy.gateway.http;

import city.canopy.gateway.lwm2m.Refusal;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The gateway's own page: {@code /} for people, {@code /status.json}, {@code /metrics} for Prometheus and
 * {@code /health/live}. It shows no secret and changes nothing, so there is no log-in; it listens on loopback unless told
 * otherwise.
 */
public final class StatusServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE = page();

    private final Vertx vertx;
    private final Supplier<GatewayStatus> status;
    private final PrometheusMeterRegistry meters;
    private final Clock clock;
    private HttpServer server;

    public StatusServer(Vertx vertx, Supplier<GatewayStatus> status, PrometheusMeterRegistry meters, Clock clock) {
        this.vertx = vertx;
        this.status = status;
        this.meters = meters;
        this.clock = clock;
    }

    private static String page() {
        try (InputStream in = StatusServer.class.getResourceAsStream("status.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens it; the answer is the port in use. */
    public Future<Integer> start(String host, int port) {
        server = vertx.createHttpServer().requestHandler(this::answer);
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store");
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
            return;
        }
        switch (request.path()) {
            case "/" ->
                response.putHeader("Content-Type", "text/html; charset=utf-8")
                        .putHeader(
                                "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                                        + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'")
                        .end(PAGE);
            case "/status.json" ->
                response.putHeader("Content-Type", "application/json").end(json(status.get()));
            case "/metrics" ->
                response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(meters.scrape());
            case "/health/live" ->
                response.putHeader("Content-Type", "application/json").end("{\"status\":\"up\"}");
            default -> response.setStatusCode(404).end();
        }
    }

    private String json(GatewayStatus now) {
        ObjectNode json = JSON.createObjectNode()
                .put("gateway", now.gateway())
                .put("version", now.version())
                .put("now", clock.instant().toString())
                .put("connected", now.connected())
                .put("since", now.since().toString())
                .put("catching_up", now.catchingUp())
                .put("configuration", now.configuration())
                .put("devices", now.devices())
                .put("mqtt_connections", now.mqttConnections())
                .put("forwarded", now.forwarded())
                .put("certificate_ends_at", now.certificateEnds().toString());
        ObjectNode lwm2m = json.putObject("lwm2m");
        now.lwm2m().forEach(lwm2m::put);
        json.put("lwm2m_refusing", now.refusing());
        ArrayNode refusals = json.putArray("lwm2m_refusals");
        for (Refusal each : now.refusals()) {
            refusals.addObject()
                    .put("device", each.device().value())
                    .put("kind", each.kind().wire())
                    .put("path", each.path())
                    .put("answer", each.answer());
        }
        json.putObject("store")
                .put("id", now.store().store())
                .put("waiting", now.store().waiting())
                .put("bytes", now.store().bytes())
                .put("most_bytes", now.store().mostBytes())
                .put("kept", now.store().appended())
                .put("refused", now.store().refused())
                .put("thinned", now.store().thinned())
                .put("damaged_bytes", now.store().damagedBytes());
        return json.toString();
    }

    public Future<Void> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }
}
