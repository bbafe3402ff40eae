package city.canopy.core.announce.webhook;

import city.canopy.core.db.Database;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The webhooks of the installation and what became of their deliveries. Every call blocks; any thread. */
public final class Webhooks {
    /** A new webhook and the secret that is shown this once. */
    public record Created(Webhook webhook, String secret) {
        @Override
        public String toString() {
            return "webhook " + webhook.id();
        }
    }

    private final Database database;
    private final Clock clock;
    private final PgWebhooks webhooks = new PgWebhooks();
    private final PgDeliveries deliveries = new PgDeliveries();

    public Webhooks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a webhook that is told of what is announced from now on.
     *
     * @param url checked by the caller against {@link OutboundRules}
     * @param kinds as in {@link Webhook}
     * @return empty when there are {@value Webhook#MAX} already
     */
    public Optional<Created> create(URI url, List<String> kinds) {
        String id = UUID.randomUUID().toString();
        String secret = Signature.newSecret();
        return database.inTransaction(connection -> webhooks.insert(connection, id, url, secret, kinds)
                ? webhooks.find(connection, id).map(webhook -> new Created(webhook, secret))
                : Optional.empty());
    }

    /** Changes what is given and leaves what is null; empty when there is no such webhook. */
    public Optional<Webhook> change(String id, URI url, List<String> kinds, Boolean paused) {
        return database.inTransaction(connection ->
                webhooks.update(connection, id, url, kinds, paused) ? webhooks.find(connection, id) : Optional.empty());
    }

    /** Removes it with its deliveries; false when there is no such webhook. */
    public boolean remove(String id) {
        return database.inTransaction(connection -> webhooks.delete(connection, id));
    }

    public List<Webhook> list() {
        return database.read(webhooks::list);
    }

    public Optional<Webhook> find(String id) {
        return database.read(connection -> webhooks.find(connection, id));
    }

    /**
     * Deliveries, the newest event first.
     *
     * @param before the event behind which the page begins, or null for the first page
     */
    public List<Delivery> deliveries(String webhook, boolean onlyDead, Long before, int max) {
        return database.read(connection -> deliveries.list(connection, webhook, onlyDead, before, max));
    }

    /** Tries a dead delivery once more; false when there is no such one, or its event is no longer kept. */
    public boolean replay(String webhook, long delivery) {
        return database.inTransaction(
                connection -> deliveries.revive(connection, webhook, delivery, clock.instant()) == 1);
    }

    /** Tries all dead deliveries of a webhook once more; gives back how many. */
    public int replayAll(String webhook) {
        return database.inTransaction(connection -> deliveries.revive(connection, webhook, null, clock.instant()));
    }
}
