package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.health.Health;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Locale;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
public final class HealthRoutes implements Routes {
    private final Health health;
    private final PrometheusMeterRegistry meters;

    public HealthRoutes(Health health, PrometheusMeterRegistry meters) {
        this.health = health;
        this.meters = meters;
    }

    @Override
    public void mount(Api api) {
        api.get("/health/live")
                .named("getLive", "Whether the process answers")
                .open()
                .answers(200, "It does.", Schema.any())
                .blocking(call -> Answer.json(Json.object().put("status", "live")));
        api.get("/health/ready")
                .named("getReady", "Which part is not well, and why")
                .needs(Role.VIEWER)
                .answers(200, "The service does what it is for.", Schema.any())
                .answers(503, "It does not; the parts say why.", Schema.any())
                .blocking(call -> ready());
        api.get("/metrics")
                .named("getMetrics", "Figures in Prometheus' text form")
                .needs(Role.VIEWER)
                .answers(200, "The figures.", "text/plain", Schema.text())
                .blocking(call -> Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape()));
    }

    private Answer ready() {
        List<Health.Checked> checked = health.check();
        ObjectNode json = Json.object();
        boolean ready = Health.isReady(checked);
        json.put("status", ready ? "ready" : "not_ready");
        ArrayNode parts = json.putArray("parts");
        for (Health.Checked one : checked) {
            ObjectNode part = parts.addObject()
                    .put("name", one.part().name())
                    .put("code", one.part().code())
                    .put("status", one.part().state().name().toLowerCase(Locale.ROOT))
                    .put("since", one.since().toString());
            part.putObject("detail")
                    .put("vi", one.part().vietnamese())
                    .put("en", one.part().english());
        }
        return Answer.json(ready ? 200 : 503, json);
    }
}
