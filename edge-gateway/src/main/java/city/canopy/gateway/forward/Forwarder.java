package city.canopy.gateway.forward;

import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.EdgeClock;
import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.StoreException;
import city.canopy.gateway.store.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the store holds to the service, oldest first, and confirms it when the service has acknowledged it. On each
 * new connection all that waits is the backlog; what comes from then on is live. Both go in their own order. A short
 * backlog goes before anything live; while a long one is caught up with, live messages go beside it, and it is paced so
 * that they arrive at once.
 *
 * <p>One thread of its own; the public methods may be called by any.
 */
public final class Forwarder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
    /** How long live messages wait for a short backlog. */
    private static final long SHORT_NANOS = 500_000_000L;

    private static final int LIVE_WINDOW = 16;
    private static final int BATCH_MESSAGES = 200;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);
    private static final long STORE_PAUSE_MS = 5_000;
    private static final long STEP_MS = 1_000;

    private final DeviceId gateway;
    private final MessageStore store;
    private final EdgeClock clock;
    private final BrokerLink link;
    private final Supplier<Optional<Instant>> serviceTime;
    private final Thread thread;
    private final LongAdder forwarded = new LongAdder();
    private final Pacing pacing = new Pacing();

    private final Object lock = new Object();
    /** Which connection it is; 0 for none. Guarded by the lock, as all below. */
    private long connection;

    private long connections;
    private int backlogUnderWay;
    private int liveUnderWay;
    private boolean news;
    private boolean closed;
    private volatile boolean caughtUp;

    /**
     * @param serviceTime asks the service what time it is; empty when it does not say
     */
    public Forwarder(
            DeviceId gateway,
            MessageStore store,
            EdgeClock clock,
            BrokerLink link,
            Supplier<Optional<Instant>> serviceTime) {
        this.gateway = gateway;
        this.store = store;
        this.clock = clock;
        this.link = link;
        this.serviceTime = serviceTime;
        this.thread = new Thread(this::run, "gateway-forward");
        store.listen(this::wake);
    }

    public void start() {
        thread.start();
    }

    /** The link has connected. */
    public void connected() {
        synchronized (lock) {
            connection = ++connections;
            backlogUnderWay = 0;
            liveUnderWay = 0;
            news = true;
            lock.notifyAll();
        }
    }

    /** The link has no connection any more. */
    public void lost() {
        synchronized (lock) {
            connection = 0;
            news = true;
            lock.notifyAll();
        }
    }

    /** Messages that the service has acknowledged since the start. */
    public long forwarded() {
        return forwarded.sum();
    }

    /** Whether a backlog is being caught up with. */
    public boolean isCatchingUp() {
        return !caughtUp && link.isConnected();
    }

    private void wake() {
        synchronized (lock) {
            if (!news) {
                news = true;
                lock.notifyAll();
            }
        }
    }

    private void run() {
        try {
            for (long current = awaitConnection(); current != 0; current = awaitConnection()) {
                try {
                    forward(current);
                } catch (StoreException e) {
                    log.error("the store cannot be read, forwarding goes on in a moment: {}", e.getMessage());
                    pause(current, STORE_PAUSE_MS);
                }
            }
        } catch (InterruptedException e) {
            log.debug("the forwarder was interrupted and ends");
        }
    }

    /** The number of a connection, or 0 at the end. */
    private long awaitConnection() throws InterruptedException {
        synchronized (lock) {
            while (connection == 0 && !closed) {
                lock.wait();
            }
            return closed ? 0 : connection;
        }
    }

    private boolean isOn(long current) {
        synchronized (lock) {
            return connection == current && !closed;
        }
    }

    private void forward(long current) throws InterruptedException {
        serviceTime.get().ifPresent(now -> clock.told(now, CLOCK_TOLERANCE));
        pacing.begin();
        caughtUp = false;
        long began = System.nanoTime();
        long boundary = store.next();
        try (Lane backlog = new Lane(store, store.firstUnconfirmed(1), boundary, BATCH_MESSAGES, BATCH_BYTES);
                Lane live = new Lane(store, boundary, Long.MAX_VALUE, BATCH_MESSAGES, BATCH_BYTES)) {
            while (isOn(current)) {
                boolean sent = pump(current, backlog, true);
                if (backlog.isDone() || System.nanoTime() - began > SHORT_NANOS) {
                    sent |= pump(current, live, false);
                }
                if (backlog.isDone() && underWay(true) == 0) {
                    caughtUp = true;
                }
                if (!sent) {
                    awaitNews(backlog.isDone() ? STEP_MS : SHORT_NANOS / 4_000_000);
                }
            }
        }
    }

    private int underWay(boolean ofBacklog) {
        synchronized (lock) {
            return ofBacklog ? backlogUnderWay : liveUnderWay;
        }
    }

    private void awaitNews(long millis) throws InterruptedException {
        synchronized (lock) {
            if (!news && !closed) {
                lock.wait(millis);
            }
            news = false;
        }
    }

    /** Sends one batch if there is one and room for it. A batch that is not full waits while another is on its way. */
    private boolean pump(long current, Lane lane, boolean ofBacklog) throws InterruptedException {
        int underWay = underWay(ofBacklog);
        if (underWay >= (ofBacklog ? pacing.window() : LIVE_WINDOW)) {
            return false;
        }
        if (!ofBacklog && underWay > 0 && lane.available() < BATCH_MESSAGES) {
            return false;
        }
        Lane.Batch batch = lane.next();
        if (batch == null) {
            return false;
        }
        if (batch.messages().isEmpty()) {
            log.error("the messages {} to {} are not in the store any more and are lost", batch.first(), batch.last());
            store.confirm(batch.first(), batch.last());
            return true;
        }
        send(current, batch, ofBacklog);
        return true;
    }

    private void send(long current, Lane.Batch batch, boolean ofBacklog) throws InterruptedException {
        List<Envelope> envelopes = new ArrayList<>(batch.messages().size());
        for (StoredMessage message : batch.messages()) {
            envelopes.add(new Envelope(
                    new EnvelopeId(gateway, store.id(), message.number()),
                    message.message().device(),
                    message.message().topic(),
                    message.message().contentType(),
                    clock.settle(message),
                    clock.shown(message),
                    message.message().payload()));
        }
        clock.awaitKept();
        synchronized (lock) {
            if (ofBacklog) {
                backlogUnderWay++;
            } else {
                liveUnderWay++;
            }
        }
        long sentAt = System.nanoTime();
        link.publish(Topics.gatewayUplink(gateway), EnvelopeJson.write(envelopes))
                .whenComplete((done, failure) -> answered(current, batch, ofBacklog, sentAt, failure));
    }

    private void answered(long current, Lane.Batch batch, boolean ofBacklog, long sentAt, Throwable failure) {
        if (failure == null) {
            store.confirm(batch.first(), batch.last());
            forwarded.add(batch.messages().size());
        }
        synchronized (lock) {
            if (connection != current) {
                return;
            }
            if (ofBacklog) {
                backlogUnderWay--;
                pacing.answered(System.nanoTime() - sentAt);
            } else {
                liveUnderWay--;
            }
            if (failure != null) {
                // Whatever the reason, what follows must not overtake it: the next connection begins with it.
                log.warn("the service did not take a batch: {}", failure.getMessage());
                connection = 0;
            }
            news = true;
            lock.notifyAll();
        }
        if (failure != null) {
            link.reconnect();
        }
    }

    private void pause(long current, long millis) throws InterruptedException {
        synchronized (lock) {
            long until = System.nanoTime() + millis * 1_000_000;
            while (connection == current && !closed && System.nanoTime() < until) {
                lock.wait(millis);
            }
        }
    }

    /** Stops sending; what was not acknowledged is sent again after the next start. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        thread.interrupt();
    }
}
