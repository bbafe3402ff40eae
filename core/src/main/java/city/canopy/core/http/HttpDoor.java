package city.canopy.core.http;

import city.canopy.core.access.Principal;
import city.canopy.core.ingest.Door;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.Intake;
import city.canopy.devices.model.Uplink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** {@code POST /api/v1/telemetry}: the line's door for devices that speak HTTP. The answer leaves after the commit. */
public final class HttpDoor implements Routes, Door {
    private static final int MAX_BYTES = 256 * 1024;
    private static final String PATH = "/api/v1/telemetry";

    private final Vertx vertx;
    private final Intake intake;
    private final Clock clock;

    public HttpDoor(Vertx vertx, Intake intake, Clock clock) {
        this.vertx = vertx;
        this.intake = intake;
        this.clock = clock;
    }

    private record Waiting(Context context, Promise<Answer> answer) {}

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void mount(Api api) {
        api.post(PATH)
                .named("sendTelemetry", "A device's telemetry; answered when it is stored and judged")
                .needsDevice()
                .anyBody(MAX_BYTES)
                .forgetsKeys()
                .answers(200, "it is safe", Schema.object("accepted", Schema.flag()))
                .answers(503, "the line is full; try again", Schema.any())
                .async(this::take);
    }

    private Future<Answer> take(Call call) {
        Principal.OfDevice device = (Principal.OfDevice) call.caller().orElseThrow();
        String type = call.contentType().isEmpty() ? null : call.contentType();
        Promise<Answer> answer = Promise.promise();
        Inbound message = new Inbound(
                this,
                new Waiting(vertx.getOrCreateContext(), answer),
                PATH,
                new Uplink(device.device(), type, call.body(), clock.instant()));
        if (!intake.offer(message)) {
            return Future.failedFuture(
                    ProblemException.busy("The line is full. Send it again in a moment.", Duration.ofSeconds(2)));
        }
        return answer.future();
    }

    @Override
    public void committed(List<Inbound> messages) {
        for (Inbound message : messages) {
            Waiting waiting = (Waiting) message.sender();
            waiting.context()
                    .runOnContext(go ->
                            waiting.answer().complete(Answer.json(Json.object().put("accepted", true))));
        }
    }
}
