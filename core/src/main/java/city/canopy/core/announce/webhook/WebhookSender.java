package city.canopy.core.announce.webhook;

import city.canopy.core.announce.Announcer;
import city.canopy.core.announce.Reader;
import city.canopy.core.db.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks what is announced. Each webhook gets its events in order, one at a time: while one fails, those behind
 * it wait. A failed one is tried again for 24 hours from its event on, then it is dead and the next one goes; a dead one
 * can be replayed. An event may arrive twice (the answer got lost, the service was killed): receivers tell by
 * {@code Canopy-Delivery}.
 *
 * <p>One thread makes deliveries of events, {@value #SENDERS} threads make the calls. A call is claimed by a lease of
 * {@link #LEASE}; when its holder dies the lease runs out and the call is made again.
 */
public final class WebhookSender implements AutoCloseable {
    static final int SENDERS = 4;
    static final Duration LEASE = Duration.ofSeconds(60);
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int FILL_BATCH = 500;
    private static final int MAX_ERROR = 300;

    private final Database database;
    private final OutboundRules rules;
    private final Clock clock;
    private final RetrySchedule schedule;
    private final PgDeliveries deliveries = new PgDeliveries();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final Reader filler = new Reader("webhook-filler", Duration.ofSeconds(5), this::fill);
    private final List<Reader> senders = new ArrayList<>();

    /** @param random for the jitter of retries */
    public WebhookSender(
            Database database, Announcer announcer, OutboundRules rules, Clock clock, RandomGenerator random) {
        this.database = database;
        this.rules = rules;
        this.clock = clock;
        this.schedule = new RetrySchedule(random);
        for (int i = 1; i <= SENDERS; i++) {
            senders.add(new Reader("webhook-sender-" + i, Duration.ofSeconds(1), this::send));
        }
        announcer.listen("webhooks", row -> filler.wake());
    }

    /** Starts the threads; once. */
    public void start() {
        filler.start();
        senders.forEach(Reader::start);
    }

    /** Calls that were answered with 2xx, since start. */
    public long delivered() {
        return delivered.get();
    }

    /** Calls that failed, since start. */
    public long failed() {
        return failed.get();
    }

    /** What keeps deliveries from being made; null when nothing does. */
    public String trouble() {
        return filler.trouble();
    }

    /** Ends when the calls under way are over. */
    @Override
    public void close() {
        filler.close();
        senders.forEach(Reader::close);
    }

    private boolean fill() {
        boolean filled = database.inTransaction(connection -> deliveries.fill(connection, clock.instant(), FILL_BATCH));
        if (filled) {
            senders.forEach(Reader::wake);
        }
        return filled;
    }

    private boolean send() {
        Instant now = clock.instant();
        Optional<Claim> claim =
                database.inTransaction(connection -> deliveries.claim(connection, now, now.plus(LEASE)));
        claim.ifPresent(this::deliver);
        return claim.isPresent();
    }

    private void deliver(Claim claim) {
        Optional<String> error = rules.refuses(claim.url())
                .or(() -> rules.refusesHost(claim.url()))
                .or(() -> call(claim));
        Instant now = clock.instant();
        if (error.isEmpty()) {
            delivered.incrementAndGet();
            database.inTransaction(connection -> {
                deliveries.delivered(connection, claim.delivery(), now);
                return null;
            });
            return;
        }
        failed.incrementAndGet();
        LOG.debug("{} failed: {}", claim, error.get());
        String reason = shortened(error.get());
        database.inTransaction(connection -> {
            deliveries.failed(connection, claim.delivery(), now.plus(schedule.pause(claim.attempts())), reason);
            deliveries.bury(
                    connection, claim.webhook(), now.minus(RetrySchedule.GIVE_UP_AFTER), now, "given up: " + reason);
            return null;
        });
    }

    private Optional<String> call(Claim claim) {
        byte[] body = body(claim).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(claim.url())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Canopy-Webhooks/1")
                .header("Canopy-Event", claim.event().kind())
                .header("Canopy-Delivery", claim.webhook() + "-" + claim.event().seq())
                .header(Signature.HEADER, Signature.of(claim.secret(), clock.instant(), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close(); // what they answer beside the status is not read
            int status = response.statusCode();
            return status >= 200 && status < 300 ? Optional.empty() : Optional.of("answered with status " + status);
        } catch (IOException e) {
            return Optional.of("could not be reached: " + e.getClass().getSimpleName()
                    + (e.getMessage() == null ? "" : " " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted because the service stops");
        }
    }

    /** The same members for every event; {@code data} is the event's own. */
    private static String body(Claim claim) {
        return "{\"seq\":" + claim.event().seq() + ",\"kind\":\""
                + claim.event().kind() + "\",\"at\":\"" + claim.event().createdAt() + "\",\"data\":"
                + claim.event().payload() + "}";
    }

    private static String shortened(String text) {
        return text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR);
    }
}
