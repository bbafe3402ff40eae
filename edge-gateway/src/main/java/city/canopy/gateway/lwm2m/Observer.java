package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.StateStore;
import city.canopy.gateway.store.StoreFullException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.transport.californium.ObserveUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes registered devices as their profiles want it, and keeps what they notify. Californium acknowledges a
 * notification before anybody here sees it, so that one can be lost with the gateway, or to a full store: such a gap is
 * closed by reading what is observed once more, after a restart and when there is room again. At most
 * {@value #AT_ONCE} devices are dealt with at a time, each step by step and without a waiting thread; one that does not
 * answer is dealt with when it is heard again. Any thread.
 */
final class Observer implements ObservationRound.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);
    private static final String SPACE = "lwm2m.observed";
    private static final int AT_ONCE = 64;
    private static final long ROOM_SECONDS = 30;

    private final Directory directory;
    private final KeptRegistrations registrations;
    private final Inlet inlet;
    private final StateStore state;
    private final LwM2mMetrics metrics;
    private final Duration answer;
    private final ScheduledExecutorService work;
    private final Map<String, String> applied = new ConcurrentHashMap<>();
    /** Devices that were silent about a composite observation, and answered single ones; as long as the gateway runs. */
    private final Set<String> singleOnly = ConcurrentHashMap.newKeySet();

    private final Refusals refusals;
    private final Set<String> gaps = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean waitsForRoom = new AtomicBoolean();
    /** Guarded by this, as is {@link #running}. */
    private final Set<String> waiting = new LinkedHashSet<>();

    private final Set<String> running = new HashSet<>();
    private LeshanServer server;

    /** @param answer how long a device may take to answer a composite observation before it is observed one by one */
    Observer(
            Directory directory,
            KeptRegistrations registrations,
            Inlet inlet,
            StateStore state,
            LwM2mMetrics metrics,
            Duration answer,
            ScheduledExecutorService work) {
        this.directory = directory;
        this.registrations = registrations;
        this.inlet = inlet;
        this.state = state;
        this.metrics = metrics;
        this.refusals = new Refusals(metrics);
        this.answer = answer;
        this.work = work;
        state.list(SPACE).forEach((name, key) -> applied.put(name, new String(key, StandardCharsets.UTF_8)));
    }

    /** From now on devices can be asked. What was notified while the gateway was away is read. */
    void start(LeshanServer server) {
        this.server = server;
        registrations.getAllRegistrations().forEachRemaining(registration -> gaps.add(registration.getEndpoint()));
        closeGaps();
    }

    /** A device is there, or something has changed: sees to it that what is wanted is observed. Cheap where it is. */
    void check(Registration registration) {
        String endpoint = registration.getEndpoint();
        if (isObserved(registration) && (waitsForRoom.get() || !gaps.contains(endpoint))) {
            return;
        }
        synchronized (this) {
            if (running.contains(endpoint)) {
                return;
            }
            waiting.add(endpoint);
        }
        pump();
    }

    /** A device is not registered any more. */
    void forget(String endpoint) {
        gaps.remove(endpoint);
        singleOnly.remove(endpoint);
        refusals.forget(endpoint);
        if (applied.remove(endpoint) != null) {
            report(endpoint, state.remove(SPACE, endpoint));
        }
    }

    /** Tries what could not be kept, or read, once more. */
    void closeGaps() {
        waitsForRoom.set(false);
        for (String endpoint : gaps) {
            Registration registration = registrations.getRegistrationByEndpoint(endpoint);
            if (registration == null) {
                gaps.remove(endpoint);
            } else {
                check(registration);
            }
        }
    }

    /** What came by itself, as Californium hands it on; gives who said it, if it is still registered. */
    Optional<Registration> notified(Request request, Response response) {
        String id = request.getUserContext().get(ObserveUtil.CTX_REGID);
        Registration registration = id == null ? null : registrations.getRegistration(id);
        if (registration == null) {
            return Optional.empty();
        }
        if (response.isSuccess()) {
            // Leshan ends each path by a line feed.
            keep(
                    registration,
                    request.getUserContext().get(ObserveUtil.CTX_LWM2M_PATH).strip(),
                    response,
                    metrics::notification);
        } else {
            // The device has ended the observation; it is set again when the device is heard next.
            applied.remove(registration.getEndpoint());
        }
        return Optional.of(registration);
    }

    private boolean isObserved(Registration registration) {
        ObservationPlan plan = plan(registration);
        String before = applied.get(registration.getEndpoint());
        return plan.key().equals(before) || before == null && plan.wanted().isEmpty();
    }

    private ObservationPlan plan(Registration registration) {
        Optional<EdgeDevice> device = directory.find(new DeviceId(registration.getEndpoint()));
        List<Observation> profile =
                device.map(each -> directory.observed(each.profile())).orElse(List.of());
        return ObservationPlan.of(registration, profile);
    }

    private void pump() {
        try {
            work.execute(() -> {
                for (String endpoint = take(); endpoint != null; endpoint = take()) {
                    if (!begin(endpoint)) {
                        release(endpoint);
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // The gateway stops; what is open is found again at its next start.
            LOG.debug("nothing is observed any more");
        }
    }

    private synchronized String take() {
        if (running.size() >= AT_ONCE || waiting.isEmpty()) {
            return null;
        }
        Iterator<String> first = waiting.iterator();
        String endpoint = first.next();
        first.remove();
        running.add(endpoint);
        return endpoint;
    }

    private synchronized void release(String endpoint) {
        running.remove(endpoint);
    }

    private boolean begin(String endpoint) {
        Registration registration = registrations.getRegistrationByEndpoint(endpoint);
        if (registration == null
                || registration.usesQueueMode() && !server.getPresenceService().isClientAwake(registration)) {
            return false;
        }
        ObservationPlan plan = plan(registration);
        boolean isNew = !plan.key().equals(applied.get(endpoint));
        if (!isNew && waitsForRoom.get()) {
            // There is no room for what would be read.
            return false;
        }
        // What cannot be kept from here on is a new gap.
        gaps.remove(endpoint);
        if (isNew) {
            refusals.askedAnew(endpoint);
        }
        new ObservationRound(server, registration, plan, isNew, answer, this)
                .run(singleOnly.contains(endpoint), registrations.getObservations(registration.getId()));
        return true;
    }

    /** Keeps the payload of an answer or notification; where it cannot be kept there is a gap. */
    private void keep(Registration registration, String path, Response response, Runnable count) {
        String endpoint = registration.getEndpoint();
        if (Payloads.isEmpty(response.getPayload())) {
            return;
        }
        int format = response.getOptions().getContentFormat();
        Optional<String> type = Payloads.mediaType(format, path, response.getPayload());
        if (type.isEmpty()) {
            String what = format == MediaTypeRegistry.UNDEFINED ? "without a format" : "in the format " + format;
            String answer = format == MediaTypeRegistry.UNDEFINED ? "" : Integer.toString(format);
            refusals.add(
                    new Refusal(new DeviceId(endpoint), Refusal.Kind.FORMAT, path, answer),
                    "is answered " + what + ", which nobody can read");
            return;
        }
        refusals.readable(endpoint, path);
        Message message = new Message(new DeviceId(endpoint), "/lwm2m", type.get(), response.getPayload());
        inlet.append(message).whenComplete((number, problem) -> {
            if (problem == null) {
                count.run();
                return;
            }
            boolean full = problem instanceof StoreFullException || problem.getCause() instanceof StoreFullException;
            metrics.refused(full ? Refused.FULL : Refused.STORE);
            gaps.add(endpoint);
            if (waitsForRoom.compareAndSet(false, true)) {
                later();
            }
        });
    }

    /** What devices refuse. */
    Refusals refusals() {
        return refusals;
    }

    private void later() {
        try {
            work.schedule(this::closeGaps, ROOM_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            // The gateway stops; every registered device is read at its next start.
            LOG.debug("gaps are closed at the next start");
        }
    }

    private static void report(String endpoint, java.util.concurrent.CompletableFuture<Void> written) {
        written.whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("what is observed of {} could not be kept: {}", endpoint, problem.getMessage());
            }
        });
    }

    @Override
    public void content(ObservationRound round, String path, Response response) {
        keep(round.registration(), path, response, round.isNew() ? metrics::notification : metrics::reread);
    }

    @Override
    public void refused(Refusal refusal, String what) {
        refusals.add(refusal, what);
    }

    @Override
    public void observedSingly(ObservationRound round) {
        singleOnly.add(round.registration().getEndpoint());
    }

    @Override
    public void finished(ObservationRound round) {
        String endpoint = round.registration().getEndpoint();
        if (round.isNew()) {
            String key = round.plan().key();
            applied.put(endpoint, key);
            report(endpoint, state.put(SPACE, endpoint, key.getBytes(StandardCharsets.UTF_8)));
        }
        release(endpoint);
        Registration now = registrations.getRegistrationByEndpoint(endpoint);
        if (now != null && !isObserved(now)) {
            // The configuration has changed meanwhile.
            check(now);
        }
        pump();
    }

    @Override
    public void stopped(ObservationRound round) {
        String endpoint = round.registration().getEndpoint();
        if (!round.isNew()) {
            gaps.add(endpoint);
        }
        release(endpoint);
        pump();
    }
}
