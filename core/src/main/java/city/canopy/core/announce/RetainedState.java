package city.canopy.core.announce;

import city.canopy.core.db.Database;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest state of every ticket under {@code canopy/v1/tickets/{ticketId}}. It reads the outbox with a mark of
 * its own; state and mark move in one transaction, and only then the state is published. Killed in between, the state
 * is in the table, where everybody who subscribes again finds it.
 *
 * <p>A ticket that is done stays for {@link #KEEP_DONE} more, then its topic is emptied.
 */
public final class RetainedState implements AutoCloseable {
    /** For how long the state of a ticket that is done can still be subscribed to. */
    public static final Duration KEEP_DONE = Duration.ofHours(24);

    /** Before the id of the ticket. */
    public static final String TICKETS = "canopy/v1/tickets/";

    /** Messages of one page at most. */
    public static final int MAX_PAGE = 1_000;

    static final String MARK = "retained";

    private static final Logger LOG = LoggerFactory.getLogger(RetainedState.class);
    private static final Set<String> DONE = Set.of("closed", "rejected", "merged", "withdrawn");
    private static final int BATCH = 500;

    private final Database database;
    private final Publisher publisher;
    private final Clock clock;
    private final PgOutbox outbox = new PgOutbox();
    private final PgRetained retained = new PgRetained();
    private final ObjectMapper mapper = new ObjectMapper();
    private final Reader reader = new Reader("retained-state", Duration.ofSeconds(5), this::round);

    /** @param announcer whose rows it reads; wakes it */
    public RetainedState(Database database, Announcer announcer, Publisher publisher, Clock clock) {
        this.database = database;
        this.publisher = publisher;
        this.clock = clock;
        announcer.listen("retained state", row -> {
            if (isTicket(row)) {
                reader.wake();
            }
        });
    }

    /** Starts its thread; once. */
    public void start() {
        reader.start();
    }

    /** What keeps it from its work; null when nothing does. */
    public String trouble() {
        return reader.trouble();
    }

    /**
     * What is kept under a prefix of topics, in order of the topics. Blocks.
     *
     * @param after the last topic of the page before; empty for the first
     * @param max 1 to {@value #MAX_PAGE}
     */
    public List<RetainedMessage> list(String prefix, String after, int max) {
        return database.read(connection -> retained.list(connection, prefix, after, Math.min(max, MAX_PAGE)));
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean round() {
        List<RetainedMessage> changed = new ArrayList<>();
        boolean more = database.inTransaction(connection -> {
            long mark = outbox.mark(connection, MARK).orElse(0L);
            List<Announced> rows = outbox.after(connection, mark, BATCH);
            Instant now = clock.instant();
            for (Announced row : newestByKey(rows)) {
                RetainedMessage message =
                        new RetainedMessage(TICKETS + row.key(), row.payload().getBytes(StandardCharsets.UTF_8));
                retained.put(connection, message, now, isDone(row) ? now.plus(KEEP_DONE) : null);
                changed.add(message);
            }
            if (!rows.isEmpty()) {
                outbox.setMark(connection, MARK, rows.get(rows.size() - 1).seq());
            }
            List<String> gone = retained.removeDue(connection, now, BATCH);
            gone.forEach(topic -> changed.add(new RetainedMessage(topic, new byte[0])));
            return rows.size() == BATCH || gone.size() == BATCH;
        });
        changed.forEach(message -> publisher.publish(message.topic(), message.payload()));
        return more;
    }

    private static Iterable<Announced> newestByKey(List<Announced> rows) {
        Map<String, Announced> newest = new LinkedHashMap<>();
        for (Announced row : rows) {
            if (isTicket(row)) {
                newest.put(row.key(), row);
            }
        }
        return newest.values();
    }

    private static boolean isTicket(Announced row) {
        return row.kind().equals("ticket") || row.kind().startsWith("ticket.");
    }

    private boolean isDone(Announced row) {
        try {
            JsonNode status = mapper.readTree(row.payload()).path("status");
            return DONE.contains(status.asText());
        } catch (JsonProcessingException e) {
            LOG.error("event {} of ticket {} is not JSON; its state stays retained", row.seq(), row.key(), e);
            return false;
        }
    }
}
