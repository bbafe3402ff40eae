package city.canopy.core.announce;

import city.canopy.core.db.Database;
import city.canopy.core.series.Appended;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is announced, for those who listen: each {@link Subscription} gets every event behind the place that it names,
 * once and in order, first from the table, then live. Nothing is kept per subscriber but its place: the newest
 * {@value #RING_FRAMES} events (at most {@value #RING_BYTES} bytes) are shared, older ones are read from the table.
 *
 * <p>Beside them go the changed values of features, at most once a second, without an id and without a promise: who is
 * too slow for one second's values gets the next second's.
 */
public final class EventFeed implements AutoCloseable {
    /** Subscribers at once; the next one is refused. */
    public static final int MAX_SUBSCRIBERS = 1_000;

    /** The kind of the events that carry changed values. */
    public static final String FEATURE_STATE = "feature_state";

    static final int RING_FRAMES = 4_096;
    static final int RING_BYTES = 8 << 20;
    private static final int PAGE = 200;

    private final Database database;
    private final PgOutbox outbox = new PgOutbox();
    private final Ring ring;
    private final LiveState live = new LiveState();
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService seconds = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "feature-state");
        thread.setDaemon(true);
        return thread;
    });

    /** @param announcer not yet started; this feed listens to it */
    public EventFeed(Database database, Announcer announcer) {
        this.database = database;
        this.ring = new Ring(RING_FRAMES, RING_BYTES, announcer.position());
        announcer.listen("event feed", this::announced);
        seconds.scheduleAtFixedRate(this::tellLive, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Starts to listen.
     *
     * @param after the place of the last event that the subscriber has; null to begin with what comes next
     * @param kinds the kinds that it wants, each exact or with all below it ({@code ticket} takes {@code ticket.opened}
     *     too); empty for all
     * @param wake called when there may be something to take; any thread, must not block; several calls may stand for
     *     one event
     * @return empty when {@value #MAX_SUBSCRIBERS} are listening
     */
    public Optional<Subscription> subscribe(Long after, Set<String> kinds, Runnable wake) {
        Subscription subscription = new Subscription(this, kinds, wake);
        synchronized (subscriptions) {
            if (subscriptions.size() >= MAX_SUBSCRIBERS) {
                return Optional.empty();
            }
            subscriptions.add(subscription);
        }
        if (subscription.wants(FEATURE_STATE)) {
            live.watch(true);
        }
        subscription.startAfter(after, ring.newest());
        return Optional.of(subscription);
    }

    /** Tells of values that are the newest of their datastreams, after their commit. Cheap; any thread. */
    public void latestChanged(List<Appended.Fresh> fresh) {
        live.changed(fresh);
    }

    /** How many are listening. */
    public int subscribers() {
        return subscriptions.size();
    }

    @Override
    public void close() {
        seconds.shutdownNow();
        subscriptions.forEach(Subscription::close);
    }

    void remove(Subscription subscription) {
        if (subscriptions.remove(subscription) && subscription.wants(FEATURE_STATE)) {
            live.watch(false);
        }
    }

    Ring ring() {
        return ring;
    }

    /** A page of the table behind a place. Blocks. */
    List<Announced> page(long after) {
        return database.read(connection -> outbox.after(connection, after, PAGE));
    }

    private void announced(Announced row) {
        ring.add(Frame.of(row));
        for (Subscription subscription : subscriptions) {
            subscription.wake();
        }
    }

    private void tellLive() {
        if (!live.watched()) {
            return;
        }
        List<Frame> frames = live.drain();
        if (frames.isEmpty()) {
            return;
        }
        for (Subscription subscription : subscriptions) {
            if (subscription.wants(FEATURE_STATE)) {
                subscription.passing(frames);
            }
        }
    }
}
