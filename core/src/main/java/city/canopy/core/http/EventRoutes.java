package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.announce.EventFeed;
import city.canopy.core.announce.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** {@code /api/v1/events}: server-sent events that go on from {@code Last-Event-ID} without a gap. */
public final class EventRoutes implements Routes {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Then the listener comes again, shows who it is again, and goes on where it was. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Vertx vertx;
    private final EventFeed feed;
    private final Blocking blocking;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    public EventRoutes(Vertx vertx, EventFeed feed, Blocking blocking) {
        this.vertx = vertx;
        this.feed = feed;
        this.blocking = blocking;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/events")
                .named("followEvents", "Server-sent events: tickets and feature state")
                .needs(Role.VIEWER)
                .query("after", Schema.integer(), "go on behind this event; the header Last-Event-ID does the same")
                .query("kinds", Schema.text(), "only these kinds, separated by commas")
                .answers(200, "an event stream without end", "text/event-stream", Schema.text())
                .raw(this::follow);
    }

    @Override
    public void stopping() {
        open.forEach(Stream::end);
    }

    private void follow(RoutingContext ctx) {
        if (ctx.request().method() == HttpMethod.HEAD) {
            ctx.response()
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .end();
            return;
        }
        String after = ctx.request().getHeader("Last-Event-ID");
        if (after == null) {
            after = ctx.request().getParam("after");
        }
        if (after != null && !after.matches("\\d{1,18}")) {
            Api.fail(ctx, ProblemException.badRequest("bad_event_id", "Last-Event-ID is the id of an event."));
            return;
        }
        String kinds = ctx.request().getParam("kinds");
        Stream stream = new Stream(ctx.response(), vertx.getOrCreateContext());
        Optional<Subscription> subscription =
                feed.subscribe(after == null ? null : Long.valueOf(after), kinds(kinds), stream::wake);
        if (subscription.isEmpty()) {
            Api.fail(ctx, ProblemException.busy("There are too many listeners just now.", HEARTBEAT));
            return;
        }
        stream.begin(subscription.get());
    }

    private static Set<String> kinds(String text) {
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(kind -> !kind.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** One listener's connection; on its event loop. */
    private final class Stream {
        private final HttpServerResponse response;
        private final Context context;
        private Subscription subscription;
        private long heartbeat;
        private long farewell;
        private boolean loading;
        private boolean ended;

        Stream(HttpServerResponse response, Context context) {
            this.response = response;
            this.context = context;
        }

        void begin(Subscription begun) {
            subscription = begun;
            open.add(this);
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-store")
                    .putHeader("x-accel-buffering", "no");
            response.closeHandler(gone -> finish());
            response.exceptionHandler(e -> finish());
            response.drainHandler(room -> send());
            response.write("retry: 2000\n\n");
            heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), t -> response.write(":\n\n"));
            farewell = vertx.setTimer(LONGEST.toMillis(), t -> end());
            send();
        }

        void wake() {
            context.runOnContext(go -> send());
        }

        private void send() {
            if (subscription == null || loading || ended) {
                return;
            }
            while (!response.writeQueueFull()) {
                Subscription.Take take = subscription.take();
                if (take instanceof Subscription.Take.Events events) {
                    write(events.events());
                } else if (take instanceof Subscription.Take.Behind) {
                    load();
                    return;
                } else {
                    return;
                }
            }
        }

        private void load() {
            loading = true;
            blocking.run(subscription::load).onComplete(done -> {
                loading = false;
                if (done.succeeded()) {
                    write(done.result());
                    send();
                } else {
                    // It comes again with its last id and goes on where it was.
                    end();
                }
            });
        }

        private void write(List<byte[]> events) {
            if (ended || events.isEmpty()) {
                return;
            }
            Buffer buffer = Buffer.buffer();
            events.forEach(buffer::appendBytes);
            response.write(buffer);
        }

        void end() {
            context.runOnContext(go -> {
                if (!ended) {
                    finish();
                    response.end();
                }
            });
        }

        private void finish() {
            if (!ended) {
                ended = true;
                vertx.cancelTimer(heartbeat);
                vertx.cancelTimer(farewell);
                open.remove(this);
                subscription.close();
            }
        }
    }
}
